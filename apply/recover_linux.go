package apply

import (
	"context"
	"encoding/json"
	"fmt"

	"cofferdam/workspace"
)

// Recovery is what Recover found and did.
type Recovery struct {
	Status     Status // of the journal directory now
	RolledBack bool   // an interrupted transaction was taken back by this call
	Left       []Left // what could not be put back, by this call or an earlier one
}

// Recover puts root back after an apply or an undo was interrupted: wholly as it was before, or, if the transaction
// had been committed, wholly as it is after. What the user changed since the interruption it leaves, and says so. It
// may be called at any time, and again after it was interrupted itself. Whoever starts to use a journal directory
// calls it first.
func Recover(ctx context.Context, root *workspace.Root, journal string) (*Recovery, error) {
	return recoverWith(ctx, root, journal, calls{})
}

func recoverWith(ctx context.Context, root *workspace.Root, journal string, c calls) (*Recovery, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	h, err := readHistory(journal)
	if err != nil {
		return nil, err
	}
	r := &Recovery{Status: h.status(), Left: h.left()}
	// Every transaction begins with this file and ends without it. Nothing to do needs no lock either.
	area, err := readAreaName(journal)
	if err != nil {
		return nil, err
	}
	if area == "" && r.Status != Unfinished {
		return r, nil
	}
	unlock, err := lockRoot(root)
	if err != nil {
		return nil, err
	}
	defer unlock()
	// It may have come to its end before the lock was free.
	if h, err = readHistory(journal); err != nil {
		return nil, err
	}
	if e := h.unfinished(); e != nil {
		if err := rollBack(root, h.dir, e, c); err != nil {
			return nil, fmt.Errorf("recover %s: %w", journal, err)
		}
		r.RolledBack = true
		if h, err = readHistory(journal); err != nil {
			return nil, err
		}
	}
	if err := h.tidy(root, c); err != nil {
		return nil, fmt.Errorf("recover %s: %w", journal, err)
	}
	r.Status, r.Left = h.status(), h.left()
	return r, nil
}

func rollBack(root *workspace.Root, dir string, e *episode, c calls) error {
	if e.Root != root.Stat().Ino {
		return fmt.Errorf("%s is not the directory that the journal was written for", root.Path())
	}
	if e.Area != slotsDir && !areaName.MatchString(e.Area) {
		return fmt.Errorf("%.60q is not the name of a staging area", e.Area)
	}
	t := &transaction{root: root, dir: dir, number: e.number, calls: c, tasks: e.tasks}
	var records []stepRecord
	if err := json.Unmarshal(e.Steps, &records); err != nil {
		return fmt.Errorf("%s: %v", journalFile(e.number), err)
	}
	for _, r := range records {
		s, err := r.step()
		if err != nil {
			return fmt.Errorf("%s: %w", journalFile(e.number), err)
		}
		t.steps = append(t.steps, s)
	}
	var err error
	if t.area, err = openArea(root, dir, e.Area); err != nil {
		return err
	}
	defer t.area.close()
	left, err := t.backward(t.steps)
	if err != nil {
		return err
	}
	_, err = t.finishAbort(left)
	return err
}
