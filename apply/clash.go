package apply

import (
	"errors"
	"fmt"
	"io/fs"

	"golang.org/x/sys/unix"

	"cofferdam/workspace"
)

// clashError is a conflict that shows only while the steps run.
type clashError struct{ Conflict }

func (e *clashError) Error() string {
	return fmt.Sprintf("%q %s (%s)", e.Path, e.Kind, e.Detail)
}

func clash(path workspace.Path, kind ConflictKind, format string, args ...any) error {
	return &clashError{Conflict{path, kind, fmt.Sprintf(format, args...)}}
}

// asConflict is the error for a cause that turns out to be a conflict, and cause itself else.
func asConflict(cause error, left []Left) error {
	var raced *clashError
	if errors.As(cause, &raced) {
		return &ConflictError{Conflicts: []Conflict{raced.Conflict}, Left: left}
	}
	return cause
}

// replaced reports whether an open failed because the user removed or replaced what was there, and not because
// anything is broken.
func replaced(err error) bool {
	for _, gone := range []error{fs.ErrNotExist, unix.ENOTDIR, unix.ELOOP, unix.EXDEV, workspace.ErrNotRegular} {
		if errors.Is(err, gone) {
			return true
		}
	}
	return false
}
