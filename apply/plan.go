package apply

import (
	"cofferdam/change"
	"cofferdam/workspace"
)

// Op is one change that lands.
type Op struct {
	change.Change                 // of the workspace: where it merges or restores, not as the view has it
	Host          workspace.Entry // what the workspace had when the plan was made; its zero Type is absence
	Merged        bool            // with edits that the workspace has since the view was made

	made    *merge        // what lands, where it is not what the command left
	view    change.Change // as the view has it
	partial bool          // something of it is held back
	loses   bool          // a value goes away with it
}

// Plan is what Apply would do: a pure function of the manifest, the changes and the state of the workspace. Every
// change of the set is in exactly one of Ops, Same, Kept, Held, Conflicts and Refused; Conflicts also names what the user
// added inside directories that are to go. All lists are in path order, and no op depends on a change outside Ops.
type Plan struct {
	Ops       []Op
	Same      []workspace.Path // the workspace already is as the change wants it
	Kept      []Kept
	Held      []Held // of an op, too, something may be held back: see Secrets
	Conflicts []Conflict
	Refused   []Refusal

	// Secrets is what becomes of secret values and of what stands for them, by paths and lines.
	Secrets []SecretEvent

	// Digest is the SHA-256, in hex, of all lists above: paths, kinds and both sides, contents by their hashes. Equal
	// digests mean that Apply would do the same.
	Digest string
}

// Kept is a directory that was to be deleted and stays, because something that stays lies in it.
type Kept struct {
	Path workspace.Path
	Why  string
}

// Held is a change of which nothing lands, because of something secret in it, until that is accepted or removed.
type Held struct {
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

// Edited is the paths that the workspace has edited since the view was made: they are merged, or conflict.
func (p *Plan) Edited() map[workspace.Path]bool {
	edited := map[workspace.Path]bool{}
	for i := range p.Ops {
		if p.Ops[i].Merged {
			edited[p.Ops[i].Path] = true
		}
	}
	for i := range p.Conflicts {
		edited[p.Conflicts[i].Path] = true
	}
	return edited
}

// Secretive is the paths of which the new content, or target, has something secret in it that must not be shown.
func (p *Plan) Secretive() map[workspace.Path]bool {
	paths := map[workspace.Path]bool{}
	for _, e := range p.Secrets {
		if e.Where != InName && (e.Kind == NewSecret || e.Kind == KnownValue) {
			paths[e.Path] = true
		}
	}
	return paths
}

// Waiting is the events that are held back until they are accepted.
func (p *Plan) Waiting() []SecretEvent {
	var waiting []SecretEvent
	for _, e := range p.Secrets {
		if e.Held && e.Kind.Asks() {
			waiting = append(waiting, e.asked())
		}
	}
	return waiting
}

// Result is what an apply or an undo did, in path order.
type Result struct {
	Landed  []change.Change
	Same    []workspace.Path
	Kept    []Kept
	Held    []Held
	Refused []Refusal
	Skipped []Conflict
	Secrets []SecretEvent
	Notes   []Note
}
