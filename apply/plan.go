package apply

import (
	"cofferdam/change"
	"cofferdam/workspace"
)

// Op is one change that lands.
type Op struct {
	change.Change
	Host workspace.Entry // what the workspace had when the plan was made; its zero Type is absence
}

// Plan is what Apply would do: a pure function of the manifest, the changes and the state of the workspace. Every
// change of the set is in exactly one of Ops, Same, Kept, Conflicts and Refused; Conflicts also names what the user
// added inside directories that are to go. All lists are in path order, and no op depends on a change outside Ops.
type Plan struct {
	Ops       []Op
	Same      []workspace.Path // the workspace already is as the change wants it
	Kept      []Kept
	Conflicts []Conflict
	Refused   []Refusal

	// Digest is the SHA-256, in hex, of all lists above: paths, kinds and both sides, contents by their hashes. Equal
	// digests mean that Apply would do the same.
	Digest string
}

// Kept is a directory that was to be deleted and stays, because something that stays lies in it.
type Kept struct {
	Path workspace.Path
	Why  string
}

// Refusal is a change that never lands.
type Refusal struct {
	Path workspace.Path
	Why  string
}

// Note is something that landed in a way that the user may not expect.
type Note struct {
	Path workspace.Path
	Text string
}

// Left is a path that could not be put back, because the user changed it meanwhile: it stays as the user has it.
type Left struct {
	Path   workspace.Path
	Backup string // where what stood there before is kept, "" where nothing did
	Why    string
}

// Result is what an apply or an undo did, in path order.
type Result struct {
	Landed  []change.Change
	Same    []workspace.Path
	Kept    []Kept
	Refused []Refusal
	Skipped []Conflict
	Notes   []Note
}
