package main

import (
	"bufio"
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"cofferdam"
	"cofferdam/apply"
	"cofferdam/patch"
	"cofferdam/workspace"
)

type diffFlags struct {
	session          string
	stat, nameStatus bool
}

func (a *app) newDiff() *cobra.Command {
	var f diffFlags
	cmd := &cobra.Command{
		Use:   "diff [SESSION] [PATH…]",
		Short: "Show what a session would change, as a git-format patch",
		RunE:  func(cmd *cobra.Command, args []string) error { return a.diff(cmd.Context(), args, f) },
	}
	sessionFlag(cmd, &f.session)
	cmd.Flags().BoolVar(&f.stat, "stat", false, "how much changed in each path")
	cmd.Flags().BoolVar(&f.nameStatus, "name-status", false, "only paths, with A, M, D or T")
	return cmd
}

func (a *app) diff(ctx context.Context, args []string, f diffFlags) error {
	if f.stat && f.nameStatus {
		return usage("--stat and --name-status exclude each other")
	}
	sel, err := a.openWork(ctx, f.session, args, cofferdam.Pending)
	if err != nil {
		return err
	}
	defer sel.work.Close()
	d, err := sel.work.Diff(ctx, a.host, sel.paths)
	if err != nil {
		return err
	}
	if err := a.printDiff(ctx, sel.work.Session.ID, d, f); err != nil {
		return err
	}
	if len(sel.paths) > 0 {
		return nil // only part of the plan was seen
	}
	return sel.work.Shown(d)
}

func (a *app) printDiff(ctx context.Context, id string, d *cofferdam.Diff, f diffFlags) error {
	if a.json {
		return patch.JSON(ctx, a.out, d.Set, d.Trees, diffHead{Session: id, Digest: d.Plan.Digest, Conflicts: conflictRows(d.Plan.Conflicts), Refused: refusalRows(d.Plan.Refused), Held: heldRows(d.Plan.Held), Secrets: secretRows(d.Plan.Secrets)})
	}
	out := bufio.NewWriter(a.out)
	err := a.writeDiff(ctx, out, d, f)
	if flushErr := out.Flush(); err == nil {
		err = flushErr
	}
	if err != nil {
		return err
	}
	a.tellPlan(d.Plan)
	return nil
}

func (a *app) writeDiff(ctx context.Context, out *bufio.Writer, d *cofferdam.Diff, f diffFlags) error {
	switch {
	case f.stat:
		return patch.Stat(ctx, out, d.Set, d.Trees, width(a.out))
	case f.nameStatus:
		return patch.NameStatus(out, d.Set)
	}
	return patch.Write(ctx, out, d.Set, d.Trees, patch.Options{Terminal: isTerminal(a.out), Color: colour(a.out)})
}

// tellPlan says what stands in the way of landing all of it.
func (a *app) tellPlan(p *apply.Plan) {
	for i := range p.Ops {
		if op := &p.Ops[i]; op.Merged {
			a.tell("%q: merged with your edits", op.Path)
		}
	}
	for _, c := range p.Conflicts {
		a.tell("conflict: %q %s: %s", c.Path, c.Kind, c.Detail)
	}
	for _, r := range p.Refused {
		a.tell("never lands: %q: %s", r.Path, r.Why)
	}
	for _, k := range p.Kept {
		a.tell("stays: %q: %s", k.Path, k.Why)
	}
	a.tellHeld(p)
}

// tellHeld says what is held back because of something secret, and how it can land.
func (a *app) tellHeld(p *apply.Plan) {
	named := map[workspace.Path]bool{}
	var kinds []string
	for _, e := range p.Secrets {
		switch {
		case e.Kind == apply.Unsearched:
			a.tell("%q: %s", e.Path, e.What())
		case e.Held:
			a.tell("held back: %q%s: %s", e.Path, e.Spot(), e.What())
			named[e.Path] = true
			if e.Kind.Asks() && !slices.Contains(kinds, string(e.Kind)) {
				kinds = append(kinds, string(e.Kind))
			}
		}
	}
	for _, h := range p.Held {
		if !named[h.Path] {
			a.tell("held back: %q: %s", h.Path, h.Why)
		}
	}
	if len(kinds) > 0 {
		a.tell("cofferdam apply --accept %s lands it; with a path, only there", strings.Join(kinds, ","))
	}
}
