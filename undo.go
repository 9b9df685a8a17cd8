package cofferdam

import (
	"context"
	"fmt"

	"cofferdam/apply"
	"cofferdam/session"
)

// Undo takes back the last apply of the session that is still in place.
func (w *Work) Undo(ctx context.Context, o apply.Options) (*apply.Result, error) {
	n, last, err := w.lastLanded()
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return nil, fmt.Errorf("session %s has no apply to undo", w.Session.ID)
	}
	result, err := apply.Undo(ctx, w.Root, w.Session.Journal(n), o)
	if err != nil {
		return nil, err
	}
	w.Session.Shown = ""
	if last {
		w.Session.State = session.Finished
	}
	return result, w.forgetSpent(context.WithoutCancel(ctx))
}

// lastLanded is the number of the newest journal that has something in the project, 0 where none has; last says
// that no older one has either.
func (w *Work) lastLanded() (n int, last bool, err error) {
	for i := w.Session.Journals; i > 0; i-- {
		landed, err := apply.Landed(w.Session.Journal(i))
		if err != nil {
			return 0, false, err
		}
		if len(landed) > 0 && n > 0 {
			return n, false, nil
		}
		if len(landed) > 0 {
			n = i
		}
	}
	return n, true, nil
}
