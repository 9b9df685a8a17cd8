package apply

import (
	"context"
	"errors"
	"fmt"

	"cofferdam/workspace"
)

// FailedError says that a transaction failed for a reason other than a conflict.
type FailedError struct {
	Err error

	// Unfinished is why the workspace could not be put back as it was. It is in between, and Recover puts it back.
	Unfinished error

	// Left names what the user changed just while changes that had landed were taken back.
	Left []Left
}

func (e *FailedError) Error() string {
	switch {
	case e.Unfinished != nil:
		return fmt.Sprintf("%v; the workspace is left in between: %v", e.Err, e.Unfinished)
	case len(e.Left) > 0:
		return fmt.Sprintf("%v; %d paths could not be put back, first %q: %s", e.Err, len(e.Left), e.Left[0].Path, e.Left[0].Why)
	}
	return e.Err.Error()
}

func (e *FailedError) Unwrap() error { return e.Err }

// takeBack undoes what of a failed run was done. cause decides what the error is.
func (t *transaction) takeBack(cause error, reached int) error {
	failed := &FailedError{Err: cause}
	// A commit record that was written and could not be synced must be gone before anything is moved back.
	if err := t.calls.forget(t.dir, commitFile(t.number)); err != nil {
		failed.Unfinished = err
		return failed
	}
	left, err := t.backward(t.steps[:reached])
	if err == nil {
		failed.Left, err = t.finishAbort(left)
	}
	if err != nil {
		failed.Unfinished = err
		return failed
	}
	var conflict *ConflictError
	if errors.As(asConflict(cause, failed.Left), &conflict) {
		return conflict
	}
	return failed
}

// finishAbort closes a transaction that was taken back: without a trace where everything is as before, else with a
// record of the paths whose backups have to stay.
func (t *transaction) finishAbort(left []leftover) ([]Left, error) {
	top, err := t.root.OpenDir(workspace.Dot)
	if err != nil {
		return nil, err
	}
	defer top.Close()
	if err := t.calls.sync(top); err != nil {
		return nil, fmt.Errorf("sync workspace: %w", err)
	}
	if len(left) == 0 {
		if err := t.calls.forget(t.dir, journalFile(t.number)); err != nil {
			return nil, fmt.Errorf("remove journal: %w", err)
		}
		return nil, t.clean()
	}
	if err := t.keepBackups(context.Background(), left); err != nil { // Not to be cut short.
		return nil, err
	}
	r := abortRecord{Version: recordVersion}
	for _, l := range left {
		r.Left = append(r.Left, leftRecord{Path: quoted(l.path), Slot: l.slot, Why: l.why})
	}
	if err := t.write(abortFile(t.number), r); err != nil {
		return nil, err
	}
	return leftIn(t.dir, r), t.clean()
}
