package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

type stageJSON struct {
	Version    int    `json:"version"`
	Project    string `json:"project"`
	Directory  string `json:"directory"`
	Hidden     int    `json:"hidden"`
	Redacted   int    `json:"redacted"`
	Incomplete int    `json:"incomplete"`
}

func (a *app) newStage() *cobra.Command {
	var dest string
	var requireComplete bool
	cmd := &cobra.Command{
		Use:   "stage [PATH] -o DIR",
		Short: "Write a sanitized copy of the project, for a container build, an upload, another sandbox",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				a.project = args[0]
			}
			return a.stage(cmd, dest, requireComplete)
		},
	}
	cmd.Flags().StringVarP(&dest, "output", "o", "", "`directory` to write; it must not exist or be empty")
	cmd.Flags().BoolVar(&requireComplete, "require-complete", false, "exit 5 when something could not be scanned; it is left out in any case")
	return cmd
}

func (a *app) stage(cmd *cobra.Command, dest string, requireComplete bool) error {
	if dest == "" {
		return usage("stage needs -o DIR")
	}
	p, err := a.open()
	if err != nil {
		return err
	}
	defer p.Close()
	progress := a.newProgress("scanning")
	plan, report, err := p.StageTo(cmd.Context(), dest, progress.scan)
	progress.end()
	if err != nil {
		return err
	}
	j := stageJSON{Version: 1, Project: p.Root.Path(), Directory: dest, Hidden: len(plan.Hidden()), Redacted: len(plan.Redacted()), Incomplete: len(report.Incomplete)}
	if a.json {
		err = writeJSON(a.out, j)
	} else {
		a.tell("wrote %s without %d hidden paths and with placeholders in %d files", dest, j.Hidden, j.Redacted)
	}
	if err == nil && requireComplete && j.Incomplete > 0 {
		err = &codeError{code: exitIncomplete, err: fmt.Errorf("%d paths could not be scanned and were left out", j.Incomplete), hint: "cofferdam scan names them"}
	}
	return err
}
