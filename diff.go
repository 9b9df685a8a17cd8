package cofferdam

import (
	"context"
	"errors"
	"io/fs"

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
	var o apply.PlanOptions
	if len(set.Changes) > 0 {
		if o, err = w.planOptions(ctx, h); err != nil {
			return nil, err
		}
	}
	plan, err := apply.NewPlan(ctx, w.Root, w.Base, set, o)
	if err != nil {
		return nil, err
	}
	return &Diff{Set: set.Select(paths), Plan: plan, Trees: w.trees(ctx, plan)}, nil
}

// trees is both sides of the changes as the command saw them: with placeholders, and without edits that the project has
// since. Where nobody knows what a file was like, it is shown as it is, without what is secret in it now.
func (w *Work) trees(ctx context.Context, plan *apply.Plan) patch.Trees {
	edited := plan.Edited()
	shown := func(c *change.Change) ([]byte, error) {
		if w.redactions.Book.Files[c.Path] == nil && !edited[c.Path] {
			return nil, fs.ErrNotExist
		}
		text, err := w.shown(ctx, c.Path, c.Old)
		if errors.Is(err, fs.ErrNotExist) {
			return w.known.Showable(ctx, w.Root, c.Path)
		}
		return text, err
	}
	secretive := plan.Secretive()
	showable := func(c *change.Change) ([]byte, error) {
		if !secretive[c.Path] {
			return nil, fs.ErrNotExist
		}
		return w.known.ShowableNew(ctx, w.Content, c)
	}
	return patch.Trees{Before: w.Root, After: w.Content, Shown: shown, Showable: showable}
}

// Shown remembers that d was shown to the user whole, so that apply can refuse what they have not seen.
func (w *Work) Shown(d *Diff) error {
	if w.Session.Shown == d.Plan.Digest {
		return nil
	}
	w.Session.Shown = d.Plan.Digest
	return w.Session.Save()
}
