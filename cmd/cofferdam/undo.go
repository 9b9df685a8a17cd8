package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"cofferdam"
	"cofferdam/apply"
	"cofferdam/patch"
	"cofferdam/workspace"
)

type undoFlags struct {
	session  string
	conflict string
	yes      bool
}

func (a *app) newUndo() *cobra.Command {
	var f undoFlags
	cmd := &cobra.Command{
		Use:   "undo [SESSION]",
		Short: "Take the last apply back",
		Args:  cobra.MaximumNArgs(1),
		RunE:  func(cmd *cobra.Command, args []string) error { return a.undo(cmd, args, f) },
	}
	sessionFlag(cmd, &f.session)
	cmd.Flags().StringVar(&f.conflict, "conflict", "fail", "`fail`: a conflict stops everything; skip: it is left out")
	cmd.Flags().BoolVar(&f.yes, "yes", false, "do not ask")
	return cmd
}

func (a *app) undo(cmd *cobra.Command, args []string, f undoFlags) error {
	if len(args) == 1 {
		f.session = args[0]
	}
	mode, ok := apply.ParseConflictMode(f.conflict)
	if !ok || mode > apply.Skip {
		return usage("--conflict %q is neither fail nor skip", f.conflict)
	}
	sel, err := a.openWork(cmd.Context(), f.session, nil, cofferdam.Landed)
	if err != nil {
		return err
	}
	defer sel.work.Close()
	id := sel.work.Session.ID
	if !f.yes && a.mayAsk() {
		yes, err := a.ask(fmt.Sprintf("take the last apply of session %s back?", id[:8]))
		if err != nil || !yes {
			return err
		}
	}
	result, err := sel.work.Undo(cmd.Context(), a.host, apply.Options{Conflict: mode})
	if err != nil {
		return err
	}
	return a.printResult(id, "undid", result)
}

// quoted is a path as git prints it.
func quoted(path workspace.Path) string { return patch.Quote(string(path)) }
