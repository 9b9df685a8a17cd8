package patch

import (
	"cofferdam/workspace"
)

// Trees are the two sides that contents are read from. Before is the workspace, or what a view of it was made of;
// After holds what the command left: an upper layer, a copy. The old side of a change that Collides is never read.
type Trees struct {
	Before, After *workspace.Root

	// Redacted reports whether the old side is what Redactions has at the path, instead of Before: the view showed the file
	// with placeholders. It may be nil.
	Redacted   func(workspace.Path) bool
	Redactions *workspace.Root
}

// before is where the old side of path is read from.
func (t *Trees) before(path workspace.Path) *workspace.Root {
	if t.Redacted != nil && t.Redacted(path) {
		return t.Redactions
	}
	return t.Before
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
