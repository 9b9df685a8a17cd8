package patch

import (
	"cofferdam/change"
	"cofferdam/workspace"
)

// Trees are the two sides that contents are read from. Before is the workspace, or what a view of it was made of;
// After holds what the command left: an upper layer, a copy. The old side of a change that Collides is never read.
type Trees struct {
	Before, After *workspace.Root

	// Shown is the old side of a change of a file where that is not what Before has: the change is told against what the
	// command saw. The error is fs.ErrNotExist where it is. It is called by several goroutines, and may be nil.
	Shown func(*change.Change) ([]byte, error)

	// Showable is the new side of a change, of a symlink its target, where that must not be printed as it is. The rest is as
	// of Shown.
	Showable func(*change.Change) ([]byte, error)
}

// Options say how a patch is written. The zero value is the exact form, for files and pipes.
type Options struct {
	// Terminal makes the patch readable on a terminal instead of exact: control characters, bidirectional and
	// zero-width marks and bytes that are not UTF-8 appear escaped, binary contents as a line that says so.
	Terminal bool

	// Color colours a patch for a Terminal. It is ignored in the exact form.
	Color bool
}

const (
	contextLines = 3
	smallContent = 1 << 20   // up to here contents are read side by side
	textLimit    = 64 << 20  // up to here a content is held in memory
	patchLimit   = 512 << 20 // up to here a patch holds it
	lineLimit    = 4 << 20
	binaryProbe  = 8000 // git looks for a NUL in as many bytes
)
