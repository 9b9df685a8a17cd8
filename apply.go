package cofferdam

import (
	"context"
	"errors"
	"fmt"

	"cofferdam/apply"
	"cofferdam/session"
	"cofferdam/workspace"
)

// StaleError says that what would land is not what was shown.
type StaleError struct {
	Session string
}

func (e *StaleError) Error() string {
	return fmt.Sprintf("refusing to apply: the workspace or session %s changed since its changes were shown", e.Session)
}

// Landable is what of the changes of a session is to land, and how.
type Landable struct {
	Paths    []workspace.Path // and what is below them; all where there are none
	Accept   func(apply.SecretEvent) bool
	Conflict apply.ConflictMode
}

// plain reports whether that is what diff shows.
func (l *Landable) plain() bool {
	return len(l.Paths) == 0 && l.Accept == nil && l.Conflict <= apply.Skip
}

// Plan is what applying what l says would do. Where changes were shown before, it is an error if they would not come out
// the same now.
func (w *Work) Plan(ctx context.Context, h Host, l Landable) (*apply.Plan, error) {
	d, err := w.Diff(ctx, h, l.Paths)
	if err != nil {
		return nil, err
	}
	if shown := w.Session.Shown; shown != "" && shown != d.Plan.Digest {
		return nil, &StaleError{Session: w.Session.ID}
	}
	if l.plain() {
		return d.Plan, nil
	}
	o, err := w.planOptions(ctx, h)
	if err != nil {
		return nil, err
	}
	o.Accept, o.Conflict = l.Accept, l.Conflict
	return apply.NewPlan(ctx, w.Root, w.Base, d.Set, o)
}

func (w *Work) planOptions(ctx context.Context, h Host) (apply.PlanOptions, error) {
	secrets, err := w.secrets(ctx, h)
	if err == nil && w.bases == nil {
		w.bases, err = loadBases(w.Session, w.Root)
	}
	if err == nil {
		_, err = w.redacted()
	}
	return apply.PlanOptions{Content: w.Content, Shown: w.shown, Secrets: secrets}, err
}

// Apply lands a plan: whole, or not at all.
func (w *Work) Apply(ctx context.Context, plan *apply.Plan, o apply.Options) (*apply.Result, error) {
	// The record counts the journal before it exists, so that whatever happens next is found and recovered.
	s := w.Session
	s.Journals++
	if err := s.Save(); err != nil {
		return nil, err
	}
	result, err := apply.Apply(ctx, w.Root, w.Content, plan, s.Journal(s.Journals), o)
	if err != nil {
		return nil, errors.Join(err, w.forgetSpent(context.WithoutCancel(ctx)))
	}
	s.State, s.Shown = session.Applied, ""
	return result, s.Save()
}

// forgetSpent takes the newest journals out of the count as long as they have nothing in the project and nothing of
// the user's in them, so that a session that was applied and undone again costs no more than a new one.
func (w *Work) forgetSpent(ctx context.Context) error {
	s := w.Session
	for s.Journals > 0 {
		r, err := apply.Recover(ctx, w.Root, s.Journal(s.Journals))
		if err != nil {
			return err
		}
		if r.Status != apply.Empty && r.Status != apply.Undone || len(r.Left) > 0 {
			break
		}
		if err := s.DropJournal(); err != nil {
			return err
		}
	}
	return s.Save()
}
