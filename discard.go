package cofferdam

import (
	"context"
	"fmt"

	"cofferdam/session"
)

// Discard removes a session with all that it holds. An apply that was cut off is brought to an end first, since its
// journal is what the project can be made whole with. A session whose record is damaged is removed without that.
func Discard(ctx context.Context, info session.Info) error {
	if info.Busy {
		return fmt.Errorf("discard %s: %w", info.ID, session.ErrBusy)
	}
	if info.Problem != nil {
		return session.Discard(info)
	}
	if info.Journals == 0 {
		s, err := session.Open(info)
		if err != nil {
			return fmt.Errorf("discard %s: %w", info.ID, err)
		}
		return s.Remove()
	}
	w, err := OpenWork(ctx, info)
	if err != nil {
		return fmt.Errorf("discard %s: %w", info.ID, err)
	}
	defer w.Close()
	return w.Session.Remove()
}
