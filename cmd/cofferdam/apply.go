package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"cofferdam"
	"cofferdam/apply"
	"cofferdam/workspace"
)

type applyFlags struct {
	session     string
	conflict    string
	accept      []string
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
	cmd.Flags().StringVar(&f.conflict, "conflict", "fail", "`fail`: a conflict stops everything; skip: it is left out; markers, ours, theirs: lines that both sides changed land so")
	cmd.Flags().StringSliceVar(&f.accept, "accept", nil, "land what needs a yes of these `KINDS`: "+kindList())
	cmd.Flags().BoolVar(&f.yes, "yes", false, "do not ask")
	cmd.Flags().BoolVar(&f.dryRun, "dry-run", false, "say what would land")
	cmd.Flags().BoolVar(&f.commits, "commits", false, "bring the commits of a run --git snapshot to refs/cofferdam/SESSION instead of files to the tree")
	cmd.MarkFlagsMutuallyExclusive("commits", "dry-run")
	cmd.MarkFlagsMutuallyExclusive("commits", "conflict")
	cmd.MarkFlagsMutuallyExclusive("commits", "accept")
	return cmd
}

func kindList() string {
	var names []string
	for _, k := range apply.Asking() {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}

// landable is what the flags say of how to land the selection.
func (f *applyFlags) landable(sel *selection) (l cofferdam.Landable, err error) {
	mode, ok := apply.ParseConflictMode(cmp.Or(f.conflict, "fail"))
	if !ok {
		return l, usage("--conflict %q is none of fail, skip, markers, ours, theirs", f.conflict)
	}
	for _, kind := range f.accept {
		if !apply.EventKind(kind).Asks() {
			return l, usage("--accept %q is none of %s", kind, kindList())
		}
	}
	l = cofferdam.Landable{Paths: sel.paths, Conflict: mode}
	if len(f.accept) > 0 {
		l.Accept = func(e apply.SecretEvent) bool { return slices.Contains(f.accept, string(e.Kind)) }
	}
	return l, nil
}

// land applies what was selected, after asking where that is possible.
func (a *app) land(ctx context.Context, sel *selection, f applyFlags) error {
	l, err := f.landable(sel)
	if err != nil {
		return err
	}
	plan, err := a.plan(ctx, sel, l, f)
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
		return a.printResult(id, "applied", &apply.Result{Same: plan.Same, Kept: plan.Kept, Held: plan.Held, Refused: plan.Refused, Secrets: plan.Secrets})
	}
	if yes, err := a.mayLand(sel, plan, f.yes); err != nil || !yes {
		return err
	}
	result, err := sel.work.Apply(ctx, plan, apply.Options{Conflict: l.Conflict})
	if err != nil {
		return err
	}
	return a.printResult(id, "applied", result)
}

// plan is what would land. Where somebody can answer, they are asked about each secret that needs a yes.
func (a *app) plan(ctx context.Context, sel *selection, l cofferdam.Landable, f applyFlags) (*apply.Plan, error) {
	answers := map[apply.SecretEvent]bool{}
	for {
		plan, err := sel.work.Plan(ctx, a.host, l)
		if err != nil || f.yes || f.dryRun || !a.mayAsk() {
			return plan, err
		}
		asked, err := a.askAbout(plan.Waiting(), answers)
		if err != nil || !asked {
			return plan, err
		}
		flagged := f.accept
		l.Accept = func(e apply.SecretEvent) bool { return answers[e] || slices.Contains(flagged, string(e.Kind)) }
	}
}

// askAbout asks about the events that were not asked about before, and reports whether any was accepted.
func (a *app) askAbout(waiting []apply.SecretEvent, answers map[apply.SecretEvent]bool) (accepted bool, err error) {
	for _, e := range waiting {
		if _, done := answers[e]; done {
			continue
		}
		answers[e], err = a.ask(fmt.Sprintf("%s%s: %s. Accept?", quoted(e.Path), e.Spot(), e.What()))
		if err != nil {
			return false, err
		}
		accepted = accepted || answers[e]
	}
	return accepted, nil
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
	landing := map[workspace.Path]bool{}
	for _, op := range plan.Ops {
		landing[op.Path] = true
	}
	for _, e := range plan.Secrets {
		if !e.Held && e.Kind != apply.Unsearched && landing[e.Path] {
			fmt.Fprintf(a.out, "%s in %s%s\n", e.What(), quoted(e.Path), e.Spot())
		}
	}
	a.tellPlan(plan)
	return nil
}

// restoredIn says how many placeholders got their values back, in what landed.
func restoredIn(r *apply.Result) string {
	landed := map[workspace.Path]bool{}
	for _, c := range r.Landed {
		landed[c.Path] = true
	}
	n := 0
	for _, e := range r.Secrets {
		if e.Restores() && !e.Held && landed[e.Path] {
			n++
		}
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(" and restored %s", plural(n, "value"))
}

// printResult says what landed and what did not. Leaving a conflict out is a conflict still, and so is what was held back.
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
		a.tellPlan(&apply.Plan{Conflicts: r.Skipped, Refused: r.Refused, Kept: r.Kept, Held: r.Held, Secrets: r.Secrets})
		a.tell("%s %d changes of session %s%s", verb, len(r.Landed), id[:8], restoredIn(r))
	}
	if len(r.Skipped)+len(r.Held) > 0 || slices.ContainsFunc(r.Secrets, func(e apply.SecretEvent) bool { return e.Held }) {
		return &codeError{code: exitConflict}
	}
	return nil
}
