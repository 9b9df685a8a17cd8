package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"cofferdam"
	"cofferdam/rules/secret"
	"cofferdam/scan"
	"cofferdam/scan/builtin"
	"cofferdam/scan/detect"
)

// ruleFlags say which rules find secrets.
type ruleFlags struct {
	set    string
	config string
	depth  int
	nested int
}

func (f *ruleFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.set, "rules", "all", "`set` of built-in rules: all, or gitleaks for those of gitleaks alone")
	flags.StringVar(&f.config, "config", "", "`file` with rules in gitleaks' format, instead of the built-in ones")
	flags.IntVar(&f.depth, "decode-depth", scan.DefaultDepth, "how many encodings around a secret are undone, one in another")
	flags.IntVar(&f.nested, "archive-depth", scan.DefaultArchives, "how deep archives in archives are unpacked; 0 for none")
}

func (f *ruleFlags) read(cmd *cobra.Command, o *cofferdam.ScanOptions) error {
	if cmd.Flags().Changed("config") && cmd.Flags().Changed("rules") {
		return usage("--config and --rules both say which rules hold; [extend] useDefault = true in a config adds gitleaks' own")
	}
	if f.depth < 0 || f.depth > scan.MaxDepth {
		return usage("--decode-depth %d is not 0 to %d", f.depth, scan.MaxDepth)
	}
	if o.Depth = f.depth; f.depth == 0 {
		o.Depth = -1 // To the scan, 0 is the default.
	}
	if f.nested < 0 || f.nested > scan.DefaultArchives {
		return usage("--archive-depth %d is not 0 to %d", f.nested, scan.DefaultArchives)
	}
	if o.Archives = f.nested; f.nested == 0 {
		o.Archives = -1
	}
	switch {
	case cmd.Flags().Changed("config"):
		d, err := readConfig(f.config)
		if err != nil {
			return usage("--config: %w", err)
		}
		o.Detector = d
	case f.set == "gitleaks":
		o.Detector = detect.Gitleaks()
	case f.set != "all":
		return usage("--rules %q is neither all nor gitleaks", f.set)
	}
	return nil
}

// readConfig makes a detector of a file of rules. What it extends is looked for from where it stands.
func readConfig(name string) (*detect.Detector, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	from := secret.Source{
		Default: func() (*secret.Config, error) {
			own := *builtin.Gitleaks().Config
			return &own, nil
		},
		Read: func(path string) ([]byte, error) {
			if !filepath.IsAbs(path) {
				path = filepath.Join(filepath.Dir(name), path)
			}
			return os.ReadFile(path)
		},
	}
	cfg, err := secret.Load(name, text, from)
	if err != nil {
		return nil, err
	}
	d, err := detect.New(cfg)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return d, nil
}
