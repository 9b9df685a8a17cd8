package cofferdam

import (
	"context"

	"cofferdam/apply"
	"cofferdam/change"
	"cofferdam/patch"
	"cofferdam/workspace"
)

// Diff is what a session would change in its project now.
type Diff struct {
	Set   *change.Set // the part that was asked for
	Plan  *apply.Plan // of all that is pending: its digest is what apply compares
	Trees patch.Trees
}

// Diff reads the pending changes at and below paths, all where there are none, and the plan of applying them.
func (w *Work) Diff(ctx context.Context, h Host, paths []workspace.Path) (*Diff, error) {
	set, err := w.Changes(ctx)
	if err != nil {
		return nil, err
	}
	o, err := w.planOptions(ctx, h)
	if err != nil {
		return nil, err
	}
	plan, err := apply.NewPlan(ctx, w.Root, w.Base, set, o)
	if err != nil {
		return nil, err
	}
	trees, err := w.trees()
	if err != nil {
		return nil, err
	}
	return &Diff{Set: set.Select(paths), Plan: plan, Trees: trees}, nil
}

// trees is both sides of the changes as the view has them.
func (w *Work) trees() (patch.Trees, error) {
	t := patch.Trees{Before: w.Root, After: w.Content}
	if len(w.redactions.Book.Files) == 0 {
		return t, nil
	}
	mask, err := w.redacted()
	t.Redactions, t.Redacted = mask, func(path workspace.Path) bool { return w.redactions.Book.Files[path] != nil }
	return t, err
}

// Shown remembers that d was shown to the user whole, so that apply can refuse what they have not seen.
func (w *Work) Shown(d *Diff) error {
	if w.Session.Shown == d.Plan.Digest {
		return nil
	}
	w.Session.Shown = d.Plan.Digest
	return w.Session.Save()
}
