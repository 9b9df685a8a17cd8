package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"cofferdam"
	"cofferdam/apply"
)

type applyFlags struct {
	session     string
	conflict    string
	yes, dryRun bool
	commits     bool
}

func (a *app) newApply() *cobra.Command {
	var f applyFlags
	cmd := &cobra.Command{
		Use:   "apply [SESSION] [PATH…]",
		Short: "Land the changes of a session, whole or not at all",
		RunE: func(cmd *cobra.Command, args []string) error {
			sel, err := a.openWork(cmd.Context(), f.session, args, cofferdam.Pending)
			if err != nil {
				return err
			}
			defer sel.work.Close()
			if f.commits {
				return a.landCommits(cmd.Context(), sel)
			}
			return a.land(cmd.Context(), sel, f)
		},
	}
	sessionFlag(cmd, &f.session)
	conflictFlag(cmd, &f.conflict)
	cmd.Flags().BoolVar(&f.yes, "yes", false, "do not ask")
	cmd.Flags().BoolVar(&f.dryRun, "dry-run", false, "say what would land")
	cmd.Flags().BoolVar(&f.commits, "commits", false, "bring the commits of a run --git snapshot to refs/cofferdam/SESSION instead of files to the tree")
	cmd.MarkFlagsMutuallyExclusive("commits", "dry-run")
	cmd.MarkFlagsMutuallyExclusive("commits", "conflict")
	return cmd
}

func conflictFlag(cmd *cobra.Command, into *string) {
	cmd.Flags().StringVar(into, "conflict", "fail", "`fail`: a conflict stops everything; skip: it is left out")
}

func conflictOption(text string) (apply.Options, error) {
	switch text {
	case "", "fail":
		return apply.Options{}, nil
	case "skip":
		return apply.Options{Conflict: apply.Skip}, nil
	}
	return apply.Options{}, usage("--conflict %q is neither fail nor skip", text)
}

// land applies what was selected, after asking where that is possible.
func (a *app) land(ctx context.Context, sel *selection, f applyFlags) error {
	o, err := conflictOption(f.conflict)
	if err != nil {
		return err
	}
	plan, err := sel.work.Plan(ctx, sel.paths)
	var stale *cofferdam.StaleError
	if errors.As(err, &stale) {
		return &codeError{code: exitConflict, err: err, hint: "cofferdam diff shows them as they are now"}
	}
	if err != nil {
		return err
	}
	id := sel.work.Session.ID
	if f.dryRun {
		return a.printPlan(id, plan)
	}
	if len(plan.Ops) == 0 && len(plan.Conflicts) == 0 {
		return a.printResult(id, "applied", &apply.Result{Same: plan.Same, Kept: plan.Kept, Refused: plan.Refused})
	}
	if yes, err := a.mayLand(sel, plan, f.yes); err != nil || !yes {
		return err
	}
	result, err := sel.work.Apply(ctx, plan, o)
	if err != nil {
		return err
	}
	return a.printResult(id, "applied", result)
}

// mayLand asks. Where nobody can answer, it takes it for consent that diff has shown the same plan.
func (a *app) mayLand(sel *selection, plan *apply.Plan, yes bool) (bool, error) {
	switch {
	case yes:
		return true, nil
	case a.mayAsk():
		a.tellPlan(plan)
		return a.ask(fmt.Sprintf("apply %d changes to %s?", len(plan.Ops), sel.work.Root.Path()))
	case sel.work.Session.Shown != "":
		return true, nil
	}
	return false, &codeError{code: exitUsage, err: errors.New("refusing to apply changes that nobody has seen"), hint: "cofferdam diff shows them; --yes applies them unseen"}
}

func (a *app) printPlan(id string, plan *apply.Plan) error {
	if a.json {
		return writeJSON(a.out, planRows(id, plan))
	}
	for _, op := range plan.Ops {
		fmt.Fprintf(a.out, "%-6s  %s\n", op.Kind, quoted(op.Path))
	}
	a.tellPlan(plan)
	return nil
}

// printResult says what landed and what did not. Leaving a conflict out is a conflict still.
func (a *app) printResult(id, verb string, r *apply.Result) error {
	if a.json {
		if err := writeJSON(a.out, resultRows(id, r)); err != nil {
			return err
		}
	} else {
		for _, c := range r.Landed {
			fmt.Fprintf(a.out, "%-6s  %s\n", c.Kind, quoted(c.Path))
		}
		for _, n := range r.Notes {
			a.tell("note: %q: %s", n.Path, n.Text)
		}
		a.tellPlan(&apply.Plan{Conflicts: r.Skipped, Refused: r.Refused, Kept: r.Kept})
		a.tell("%s %d changes of session %s", verb, len(r.Landed), id[:8])
	}
	if len(r.Skipped) > 0 {
		return &codeError{code: exitConflict}
	}
	return nil
}
