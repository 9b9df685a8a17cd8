package cofferdam

import (
	"context"
	"errors"

	"cofferdam/session"
)

// prune brings applies that were cut off to an end, so that the view shows a whole project, and removes sessions that
// changed nothing: runs that only look would pile up.
func (p *Project) prune(ctx context.Context) error {
	all, err := p.Store.List()
	if err != nil {
		return err
	}
	for _, info := range session.Idle(session.Of(all, p.Root.Path())) {
		var failed error
		switch {
		case info.Problem != nil:
		case info.Journals > 0:
			failed = p.settle(ctx, info)
		case info.State == session.Finished && info.Changes != nil && *info.Changes == 0 && !info.Commits && info.Kept == 0:
			failed = Discard(ctx, info)
		}
		if !errors.Is(failed, session.ErrBusy) { // somebody took it up just now
			err = errors.Join(err, failed)
		}
	}
	return err
}

func (p *Project) settle(ctx context.Context, info session.Info) error {
	w, err := OpenWork(ctx, info)
	if err != nil {
		return err
	}
	return w.Close()
}
