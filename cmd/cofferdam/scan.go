package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"cofferdam/report"
	"cofferdam/scan"
)

type scanFlags struct {
	format          string
	requireComplete bool
}

func (a *app) newScan() *cobra.Command {
	var f scanFlags
	cmd := &cobra.Command{
		Use:   "scan [PATH]",
		Short: "Find credential files and secrets, and say what happened to every path",
		Args:  cobra.MaximumNArgs(1),
		RunE:  func(cmd *cobra.Command, args []string) error { return a.scan(cmd, args, f) },
	}
	cmd.Flags().StringVar(&f.format, "format", "text", "`text` or json")
	cmd.Flags().BoolVar(&f.requireComplete, "require-complete", false, "exit 5 when something could not be scanned")
	return cmd
}

func (a *app) scan(cmd *cobra.Command, args []string, f scanFlags) error {
	if a.json {
		f.format = "json"
	}
	if f.format != "text" && f.format != "json" {
		return usage("--format %q is neither text nor json", f.format)
	}
	if len(args) == 1 {
		a.project = args[0]
	}
	p, err := a.open()
	if err != nil {
		return err
	}
	defer p.Close()
	progress := a.newProgress("scanning")
	r, plan, err := p.Scan(cmd.Context(), progress.scan)
	progress.end()
	if err != nil {
		return err
	}
	if err := a.printReport(r, f.format); err != nil {
		return err
	}
	switch {
	case f.requireComplete && len(r.Incomplete) > 0:
		return &codeError{code: exitIncomplete, err: fmt.Errorf("%d paths could not be scanned", len(r.Incomplete))}
	case plan.Hits() > 0:
		return &codeError{code: exitFindings}
	}
	return nil
}

func (a *app) printReport(r *scan.Report, format string) error {
	if format == "json" {
		return report.JSON(a.out, r)
	}
	return report.Text(a.out, r, report.Options{Color: colour(a.out)})
}
