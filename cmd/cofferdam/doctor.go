package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"cofferdam"
	"cofferdam/internal/term"
	"cofferdam/sandbox"
)

func (a *app) newDoctor() *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Say what this machine has of what a run needs, and what to do about the rest",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := cofferdam.Doctor(cmd.Context(), a.host)
			if err != nil {
				return err
			}
			return a.printDoctor(c)
		},
	}
}

type doctorJSON struct {
	Version int                  `json:"version"`
	Works   bool                 `json:"works"`
	Items   []sandbox.Capability `json:"items"`
}

func (a *app) printDoctor(c *sandbox.Capabilities) error {
	missing := c.Sandbox()
	if a.json {
		if err := writeJSON(a.out, doctorJSON{1, missing == nil, c.Items}); err != nil {
			return err
		}
	} else {
		a.doctorTable(c)
	}
	switch {
	case missing != nil && a.json:
		return &codeError{code: exitError}
	case missing != nil:
		return &codeError{code: exitError, err: fmt.Errorf("run cannot work here without %s", missing.Name), hint: "cofferdam stage -o DIR writes a sanitized copy for a container or another machine"}
	case !a.json && !(c.Has(sandbox.HasOverlay) && c.Has(sandbox.HasUpper)):
		a.tell("run works with --stage copy")
	case !a.json:
		a.tell("run works")
	}
	return nil
}

func (a *app) doctorTable(c *sandbox.Capabilities) {
	t := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	for _, item := range c.Items {
		mark, text := "ok", item.Detail
		if !item.OK {
			mark, text = "no", item.Why
		}
		fmt.Fprintf(t, "%s\t%s\t%s\n", mark, item.Name, term.Name(text))
		if item.Instead != "" {
			fmt.Fprintf(t, "\t\t%s\n", term.Name(item.Instead))
		}
	}
	t.Flush()
}
