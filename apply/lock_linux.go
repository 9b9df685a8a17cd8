package apply

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"cofferdam/workspace"
)

// ErrBusy says that another apply, undo or recovery writes to the same workspace at this moment.
var ErrBusy = errors.New("another apply is writing to this workspace")

// lockRoot keeps two sessions from writing to one workspace at once. The lock is on the directory itself, so it holds
// whatever path it is reached by, leaves nothing behind, and ends with the process.
func lockRoot(root *workspace.Root) (unlock func(), err error) {
	dir, err := root.OpenDir(workspace.Dot)
	if err != nil {
		return nil, fmt.Errorf("lock workspace %s: %w", root.Path(), err)
	}
	switch err := unix.Flock(int(dir.Fd()), unix.LOCK_EX|unix.LOCK_NB); err {
	case nil:
		return func() {
			// Closing alone would wait for a child that was forked just now and has not reached exec.
			unix.Flock(int(dir.Fd()), unix.LOCK_UN)
			dir.Close()
		}, nil
	case unix.EWOULDBLOCK:
		dir.Close()
		return nil, fmt.Errorf("lock workspace %s: %w", root.Path(), ErrBusy)
	default:
		dir.Close()
		return nil, fmt.Errorf("lock workspace %s: %w", root.Path(), err)
	}
}
