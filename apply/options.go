package apply

import (
	"context"

	"cofferdam/change"
	"cofferdam/workspace"
)

// PlanOptions is what a plan is made with, beside the two sides. The zero value looks at no content: what both sides
// changed conflicts, and nothing is searched.
type PlanOptions struct {
	Content  *workspace.Root // the new sides, as Apply takes them; the rest needs it
	Shown    Shown           // may be nil: then what the workspace has changed conflicts
	Secrets  *Secrets        // nil: the view showed everything as it is, and nothing is searched
	Accept   func(SecretEvent) bool
	Conflict ConflictMode
}

// Shown is the content of the file at path as the view showed it, which is what side says: with placeholders, where it
// was redacted. The error is fs.ErrNotExist where nobody kept it. It is safe for concurrent use.
type Shown func(ctx context.Context, path workspace.Path, side change.Side) ([]byte, error)

// ConflictMode is what happens when something conflicts.
type ConflictMode uint8

const (
	Fail    ConflictMode = iota // nothing is written
	Skip                        // what conflicts, and what depends on it, is left out
	Markers                     // lines that both sides changed stand in the file, both, between markers
	Ours                        // of such lines those of the workspace stay
	Theirs                      // of such lines those of the command land
)

var conflictModes = [...]string{"fail", "skip", "markers", "ours", "theirs"}

func (m ConflictMode) String() string { return conflictModes[m] }

// ParseConflictMode is the mode of that name.
func ParseConflictMode(name string) (ConflictMode, bool) {
	for i, n := range conflictModes {
		if n == name {
			return ConflictMode(i), true
		}
	}
	return Fail, false
}

// resolves reports whether lines that both sides changed are no conflict.
func (m ConflictMode) resolves() bool { return m >= Markers }
