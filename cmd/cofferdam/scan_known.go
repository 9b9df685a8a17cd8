package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/pflag"

	"cofferdam"
	"cofferdam/internal/atomicfile"
	"cofferdam/scan"
	"cofferdam/scan/allow"
)

// knownFlags say which findings are known.
type knownFlags struct {
	baseline string
	write    string
	ignores  string
	trust    bool
}

func (f *knownFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.baseline, "baseline", "", "`file` with the findings that are known: written by --write-baseline, or a report as json, jsonl, sarif or gitleaks")
	flags.StringVar(&f.write, "write-baseline", "", "write what was found to `file`, and call it known")
	flags.StringVar(&f.ignores, "ignore-file", "", "`file` in the form of .cofferdamignore with what is to be left out")
	flags.BoolVar(&f.trust, "trust-project", false, "obey the project's .cofferdamignore and .gitleaksignore, and comments that allow")
}

func (f *knownFlags) read(o *cofferdam.ScanOptions) error {
	o.Known.Trust = f.trust
	if f.baseline != "" {
		baseline, err := readFile(f.baseline, allow.ReadBaseline)
		if err != nil {
			return err
		}
		o.Known.Operator.Baseline = baseline
	}
	if f.ignores != "" {
		ignores, err := readFile(f.ignores, allow.ReadIgnores)
		if err != nil {
			return err
		}
		o.Known.Operator.Ignore = ignores
	}
	return nil
}

func readFile[T any](name string, read func(io.Reader) (T, error)) (T, error) {
	var none T
	file, err := os.Open(name)
	if err != nil {
		return none, err
	}
	defer file.Close()
	value, err := read(file)
	if err != nil {
		return none, fmt.Errorf("read %s: %w", name, err)
	}
	return value, nil
}

// writeBaseline writes what was found as what is known from now on.
func writeBaseline(name string, r *scan.Report) error {
	return atomicfile.Write(name, 0o644, func(w io.Writer) error { return allow.WriteBaseline(w, r.Questions()) })
}
