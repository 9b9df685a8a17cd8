package main

import (
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"cofferdam"
	"cofferdam/report"
)

// reportFlags say in which forms the answer is given, and where.
type reportFlags struct {
	format  string
	reports []string
	outputs []output // what reports asks for
}

// output is a form of the answer, and the file that it goes to.
type output struct{ format, file string }

func (f *reportFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.format, "format", "text", "of the answer on stdout: "+formatNames())
	flags.StringArrayVar(&f.reports, "report", nil, "write the answer to a file as well, as `FORMAT=FILE`; may be given again")
}

func (f *reportFlags) read(cmd *cobra.Command) error {
	if cmd.Flags().Changed("json") {
		if cmd.Flags().Changed("format") && f.format != "json" {
			return usage("--json and --format %s are two forms for one stdout; --report %[1]s=FILE writes the second", f.format)
		}
		f.format = "json"
	}
	if err := checkFormat(f.format); err != nil {
		return err
	}
	for _, text := range f.reports {
		format, file, ok := strings.Cut(text, "=")
		if !ok || file == "" {
			return usage("--report %q is not FORMAT=FILE", text)
		}
		if err := checkFormat(format); err != nil {
			return err
		}
		if err := checkDestination(file); err != nil {
			return usage("--report %s: %w", format, err)
		}
		if slices.ContainsFunc(f.outputs, func(o output) bool { return o.file == file }) {
			return usage("--report names %q twice", file)
		}
		f.outputs = append(f.outputs, output{format, file})
	}
	return nil
}

func checkFormat(format string) error {
	if !slices.Contains(report.Formats(), format) {
		return usage("the format %q is none of %s", format, formatNames())
	}
	return nil
}

func (a *app) printReports(s *cofferdam.Scanned, f reportFlags, start time.Time) error {
	o := report.Options{Version: cofferdam.Version, Start: start, End: time.Now(), Suppressed: s.Suppressed}
	for _, out := range f.outputs {
		write := func(w io.Writer) error { return report.Write(w, out.format, s.Report, o) }
		if err := writeDestination(out.file, write); err != nil {
			return err
		}
	}
	o.Color = colour(a.out)
	return report.Write(a.out, f.format, s.Report, o)
}
