package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"cofferdam/internal/term"
	"cofferdam/rules"
	"cofferdam/workspace"
)

func (a *app) newExplain() *cobra.Command {
	return &cobra.Command{
		Use:   "explain PATH",
		Short: "Say what a view does with a path, which rule decided, and how to change that",
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
	path, err := pathInside(p.Root.Path(), args[0])
	if err != nil {
		return err
	}
	progress := a.newProgress("scanning")
	d, err := p.Explain(cmd.Context(), path, progress.scan)
	progress.end()
	if err != nil {
		return err
	}
	if a.json {
		return writeJSON(a.out, d)
	}
	rows := [][2]string{{"path", string(d.Path)}, {"action", string(d.Action)}, {"rule", d.Rule}, {"source", string(d.Source)}, {"why", d.Why}, {"because of", string(d.Cause)}}
	for _, row := range rows {
		if row[1] != "" {
			fmt.Fprintf(a.out, "%-10s  %s\n", row[0], term.Name(row[1]))
		}
	}
	action := rules.Pass
	if d.Action == rules.Pass {
		action = rules.Hide
	}
	_, err = fmt.Fprintf(a.out, "\nto change it, add to %s:\n\n    [[path]]\n    pattern = %q\n    action = %q\n", a.host.ConfigFile, "/"+term.Name(string(d.Path)), action)
	return err
}

// pathInside is the path below root that a user means by name: relative to the working directory, or absolute.
func pathInside(root, name string) (workspace.Path, error) {
	abs, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	// Only what lies above the last component is resolved: the path itself may be a link, or gone.
	if dir, err := filepath.EvalSymlinks(filepath.Dir(abs)); err == nil {
		abs = filepath.Join(dir, filepath.Base(abs))
	}
	if abs == root {
		return workspace.Dot, nil
	}
	rest, ok := strings.CutPrefix(abs, strings.TrimSuffix(root, "/")+"/")
	if !ok {
		return "", usage("%q is outside the project %q", name, root)
	}
	return workspace.ParsePath(rest)
}
