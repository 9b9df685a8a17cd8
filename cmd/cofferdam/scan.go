package main

import (
	"cmp"
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
	reportFlags
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
		Long: "Scan reads everything in the directory PATH, files that git ignores, archives and binaries included, and names\n" +
			"credential files and secrets. With - it reads a text from stdin.\n\n" +
			"It exits 3 when it found something that is not known, else 5 when --require-complete is given and something\n" +
			"could not be read. No output ever holds a value that was found.",
		Example: "  cofferdam scan                                   # the project, and what is in no commit\n" +
			"  cofferdam scan --staged                          # what git commit would bring in\n" +
			"  cofferdam scan --since=origin/main               # what this branch brings in\n" +
			"  cofferdam scan --history                         # every version of every file\n" +
			"  cofferdam scan --write-baseline known.json       # call what is there known\n" +
			"  cofferdam scan --baseline known.json --report sarif=out.sarif",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.scan(cmd, args, f) },
	}
	flags := cmd.Flags()
	f.reportFlags.add(flags)
	flags.BoolVar(&f.requireComplete, "require-complete", false, "exit 5 when nothing was found but something could not be scanned")
	flags.StringVar(&f.failOn, "fail-on", "low", "least `severity` of a finding that makes the exit 3: low, medium, high or critical")
	flags.BoolVar(&f.noCache, "no-cache", false, "neither use nor keep what earlier scans found out about files and old versions")
	f.source.add(flags)
	f.rules.add(flags)
	f.known.add(flags)
	return cmd
}

func (a *app) scan(cmd *cobra.Command, args []string, f scanFlags) error {
	// First of all, so that errors are said in the form that was asked for.
	a.json = a.json || f.format == "json"
	o, err := a.scanOptions(cmd, args, &f)
	if err != nil {
		return err
	}
	start := time.Now()
	scanned, err := a.search(cmd.Context(), args, f.source, o)
	if err != nil {
		return err
	}
	if f.known.write != "" {
		if err := writeBaseline(f.known.write, scanned.Unlisted); err != nil {
			return err
		}
	}
	if err := a.printReports(scanned, f.reportFlags, start); err != nil {
		return err
	}
	a.tellNotes(scanned.Notes)
	a.tellOfScan(scanned, f)
	return f.verdict(scanned)
}

// scanOptions reads the flags, and refuses what contradicts itself or cannot be written, before any work is done.
func (a *app) scanOptions(cmd *cobra.Command, args []string, f *scanFlags) (o cofferdam.ScanOptions, err error) {
	o.NoCache = f.noCache
	if !slices.Contains(severities, f.failOn) {
		return o, usage("--fail-on %q is none of %s", f.failOn, strings.Join(severities, ", "))
	}
	for _, check := range []func() error{
		func() error { return f.source.check(cmd, args) },
		func() error { return f.reportFlags.read(cmd) },
		func() error { return f.rules.read(cmd, &o) },
		func() error { return f.known.read(cmd, f.source, &o) },
	} {
		if err := check(); err != nil {
			return o, err
		}
	}
	return o, nil
}

// tellOfScan says what not every form of the report has a place for.
func (a *app) tellOfScan(s *cofferdam.Scanned, f scanFlags) {
	if n := len(s.Report.Incomplete); n > 0 && (f.requireComplete || f.format != "text") {
		a.tell("%s could not be scanned", plural(n, "path"))
	}
	if f.known.write != "" {
		a.tell("%s written to %s", plural(len(s.Unlisted.All()), "finding"), f.known.write)
	}
	n := 0
	var sources []string
	for _, known := range s.Suppressed {
		if !known.Obeyed {
			n += known.Count
			sources = append(sources, known.Source)
		}
	}
	if n > 0 {
		a.tell("%s would allow %s; what a project says of itself is obeyed with --trust-project only", strings.Join(sources, ", "), plural(n, "finding"))
	}
}

// tellNotes says what of the project's own lists was not heeded.
func (a *app) tellNotes(notes []string) {
	for _, note := range notes {
		a.tell("note: %s", note)
	}
}

// severities from the least to the worst.
var severities = []string{"low", "medium", "high", "critical"}

// verdict is the exit code. Findings go before what is incomplete: they are certain.
func (f scanFlags) verdict(s *cofferdam.Scanned) error {
	least := slices.Index(severities, f.failOn)
	bad := func(finding scan.Finding) bool {
		return slices.Index(severities, cmp.Or(finding.Severity, "high")) >= least
	}
	switch {
	case f.known.write == "" && slices.ContainsFunc(s.Report.All(), bad): // what was written is known from now on
		return &codeError{code: exitFindings}
	case f.requireComplete && len(s.Report.Incomplete) > 0:
		return &codeError{code: exitIncomplete}
	}
	return nil
}

// formatNames is the names of the formats in a sentence.
func formatNames() string { return strings.Join(report.Formats(), ", ") }
