package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"cofferdam"
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
	flags.StringVar(&f.write, "write-baseline", "", "write all that was found to `file` anew, what --baseline knows included, and exit 0")
	flags.StringVar(&f.ignores, "ignore-file", "", "`file` in the form of .cofferdamignore with what is to be left out")
	flags.BoolVar(&f.trust, "trust-project", false, "obey the project's .cofferdamignore and .gitleaksignore, and comments that allow")
}

func (f *knownFlags) read(cmd *cobra.Command, source sourceFlags, o *cofferdam.ScanOptions) (err error) {
	o.Known.Trust = f.trust
	if err := f.checkWrite(cmd, source); err != nil {
		return err
	}
	if cmd.Flags().Changed("baseline") {
		if o.Known.Operator.Baseline, err = readFile("baseline", f.baseline, allow.ReadBaseline); err != nil {
			return err
		}
	}
	if cmd.Flags().Changed("ignore-file") {
		if o.Known.Operator.Ignore, err = readFile("ignore-file", f.ignores, allow.ReadIgnores); err != nil {
			return err
		}
	}
	return nil
}

// checkWrite refuses a baseline of a part: it would forget what is known of the rest.
func (f *knownFlags) checkWrite(cmd *cobra.Command, source sourceFlags) error {
	if !cmd.Flags().Changed("write-baseline") {
		return nil
	}
	if part := source.part(); part != "" {
		return usage("--write-baseline with %s would forget what is known of the rest; scan the whole project for it", part)
	}
	if err := checkDestination(f.write); err != nil {
		return usage("--write-baseline: %w", err)
	}
	return nil
}

// readFile reads a file that a flag names. That it is not there, or is something else, is a mistake in the command line.
func readFile[T any](flag, name string, read func(io.Reader) (T, error)) (T, error) {
	var none T
	file, err := os.Open(name)
	if err != nil {
		return none, usage("--%s: %w", flag, err)
	}
	defer file.Close()
	value, err := read(file)
	if err != nil {
		return none, usage("--%s: read %s: %w", flag, name, err)
	}
	return value, nil
}

// writeBaseline writes what was found as what is known from now on.
func writeBaseline(name string, r *scan.Report) error {
	err := writeDestination(name, func(w io.Writer) error { return allow.WriteBaseline(w, r.Questions()) })
	if err != nil {
		return fmt.Errorf("write baseline: %w", err)
	}
	return nil
}
