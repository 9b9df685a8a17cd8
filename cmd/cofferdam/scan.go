package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"cofferdam"
	"cofferdam/report"
	"cofferdam/scan"
)

// scanFlags are what scan is told.
type scanFlags struct {
	format          string
	reports         []string
	requireComplete bool
	failOn          string
	source          sourceFlags
	rules           ruleFlags
	known           knownFlags
	noCache         bool
}

func (a *app) newScan() *cobra.Command {
	var f scanFlags
	cmd := &cobra.Command{
		Use:   "scan [PATH | -]",
		Short: "Find credential files and secrets, and say what happened to every path",
		Long: "Scan reads everything below PATH, files that git ignores, archives and binaries included, and names credential\n" +
			"files and secrets. With - it reads a text from stdin. It exits 3 when it found something that is not known.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.scan(cmd, args, f) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.format, "format", "text", "of the answer: "+strings.Join(report.Formats(), ", "))
	flags.StringArrayVar(&f.reports, "report", nil, "write the answer to a file as well, as `FORMAT=FILE`; may be given again")
	flags.BoolVar(&f.requireComplete, "require-complete", false, "exit 5 when something could not be scanned")
	flags.StringVar(&f.failOn, "fail-on", "low", "least `severity` that makes the exit 3: low, medium, high or critical")
	flags.BoolVar(&f.noCache, "no-cache", false, "neither use nor keep what earlier scans found out about files")
	f.source.add(flags)
	f.rules.add(flags)
	f.known.add(flags)
	cmd.MarkFlagsMutuallyExclusive("staged", "since", "history", "diff")
	return cmd
}

func (a *app) scan(cmd *cobra.Command, args []string, f scanFlags) error {
	if a.json {
		f.format = "json"
	}
	outputs, err := f.outputs()
	if err != nil {
		return err
	}
	if !slices.Contains(severities, f.failOn) {
		return usage("--fail-on %q is none of %s", f.failOn, strings.Join(severities, ", "))
	}
	o := cofferdam.ScanOptions{NoCache: f.noCache}
	if err := f.rules.read(&o); err != nil {
		return err
	}
	if err := f.known.read(&o); err != nil {
		return err
	}
	start := time.Now()
	scanned, err := a.search(cmd.Context(), args, f.source, o)
	if err != nil {
		return err
	}
	if f.known.write != "" {
		if err := writeBaseline(f.known.write, scanned.Report); err != nil {
			return err
		}
	}
	if err := a.printReports(scanned, outputs, start); err != nil {
		return err
	}
	return f.verdict(scanned)
}

// severities from the least to the worst.
var severities = []string{"low", "medium", "high", "critical"}

func (f scanFlags) verdict(s *cofferdam.Scanned) error {
	if n := len(s.Report.Incomplete); f.requireComplete && n > 0 {
		return &codeError{code: exitIncomplete, err: fmt.Errorf("%s could not be scanned", plural(n, "path"))}
	}
	if f.known.write != "" {
		return nil // What was found is known from now on.
	}
	least := slices.Index(severities, f.failOn)
	worst := func(finding scan.Finding) bool {
		return slices.Index(severities, cmp.Or(finding.Severity, "high")) >= least
	}
	if slices.ContainsFunc(s.Report.All(), worst) {
		return &codeError{code: exitFindings}
	}
	return nil
}
