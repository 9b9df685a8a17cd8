package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"cofferdam"
	"cofferdam/internal/term"
	"cofferdam/rules"
	"cofferdam/workspace"
)

func (a *app) newExplain() *cobra.Command {
	return &cobra.Command{
		Use:   "explain PATH[:LINE]",
		Short: "Say what a view does with a path and why, what was found there, and how to change or allow it",
		Args:  cobra.ExactArgs(1),
		RunE:  a.explain,
	}
}

func (a *app) explain(cmd *cobra.Command, args []string) error {
	p, err := a.open()
	if err != nil {
		return err
	}
	defer p.Close()
	at, err := parseTarget(p.Root.Path(), args[0])
	if err != nil {
		return err
	}
	if at.path == workspace.Dot {
		return usage("%q is the project itself; name a path in it", args[0])
	}
	progress := a.newProgress("scanning")
	e, err := p.Explain(cmd.Context(), at.path, cofferdam.ScanOptions{Progress: progress.teller()})
	progress.end()
	if err != nil {
		return err
	}
	e.Findings = at.among(e.Findings)
	a.tellNotes(e.Notes)
	if a.json {
		return writeJSON(a.out, newExplainJSON(at, e))
	}
	if !at.narrow() {
		return a.explainPath(e)
	}
	return a.explainLine(at, e.Findings)
}

// explainPath is about a path as a whole.
func (a *app) explainPath(e *cofferdam.Explained) error {
	d := e.Decision
	a.printRows([][2]string{{"path", string(d.Path)}, {"action", string(d.Action)}, {"rule", d.Rule}, {"source", string(d.Source)},
		{"why", d.Why}, {"because of", string(d.Cause)}, {"findings", places(e.Findings)}})
	action := rules.Pass
	if d.Action == rules.Pass {
		action = rules.Hide
	}
	fmt.Fprint(a.out, nextSteps(e))
	_, err := fmt.Fprintf(a.out, "\nto change the action, add to %s:\n\n    [[path]]\n    pattern = %q\n    action = %q\n", a.host.ConfigFile, exactly(d.Path), action)
	return err
}

// nextSteps says how what was found can be allowed.
func nextSteps(e *cofferdam.Explained) string {
	var file, place string
	for _, f := range e.Findings {
		switch {
		case f.Line == 0:
			file = fmt.Sprintf("\nto allow it as a credential file, add to .cofferdamignore:\n\n    rule:%s %s\n", f.Rule, exactly(e.Decision.Path))
		case place == "":
			place = fmt.Sprintf("\nto allow what was found in it, see: cofferdam explain %s:%d\n", term.Name(string(f.Path)), f.Line)
		}
	}
	return file + place
}

// places says where in a file something was found.
func places(findings []cofferdam.Known) string {
	var all []string
	for _, f := range findings[:min(len(findings), 10)] {
		all = append(all, placeOf(&f))
	}
	if rest := len(findings) - len(all); rest > 0 {
		all = append(all, fmt.Sprintf("and %d more", rest))
	}
	return strings.Join(all, ", ")
}

func (a *app) printRows(rows [][2]string) {
	for _, row := range rows {
		if row[1] != "" {
			fmt.Fprintf(a.out, "%-11s  %s\n", row[0], term.Name(row[1]))
		}
	}
}
