package cofferdam

import (
	"context"
	"fmt"

	"cofferdam/apply"
	"cofferdam/session"
)

// Undo takes back the last apply of the session that is still in place.
func (w *Work) Undo(ctx context.Context, h Host, o apply.Options) (*apply.Result, error) {
	if len(w.landed) == 0 {
		return nil, fmt.Errorf("session %s has no apply to undo", w.Session.ID)
	}
	var err error
	if o.Secrets, err = w.secrets(ctx, h); err != nil {
		return nil, err
	}
	newest := len(w.landed) - 1
	result, err := apply.Undo(ctx, w.Root, w.Session.Journal(w.landed[newest]), o)
	if err != nil {
		return nil, err
	}
	w.Session.Shown = ""
	if newest == 0 {
		w.Session.State = session.Finished
	}
	return result, w.forgetSpent(context.WithoutCancel(ctx))
}
