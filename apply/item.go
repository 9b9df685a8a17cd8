package apply

import (
	"fmt"

	"cofferdam/change"
	"cofferdam/workspace"
)

// fate is which list of the Plan a change ends in.
type fate uint8

const (
	undecided fate = iota
	lands
	same
	kept
	refused
	held
	conflicts
)

// item is a change on its way to its fate.
type item struct {
	change.Change
	host     workspace.Entry
	fate     fate
	conflict ConflictKind
	why      string

	shown   *change.Change // the change as the view has it, where Change is that of the workspace
	merge   *merge         // what decides, where both sides count
	made    *merge         // what lands, where it is not what the command left
	edited  bool           // what lands has edits of the workspace in it
	partial bool           // something of it is held back
	events  []SecretEvent
}

// maxEvents bounds what is said of one path.
const maxEvents = 1000

// tell notes what became of the secrets in it.
func (it *item) tell(events ...SecretEvent) {
	for _, e := range events {
		it.partial = it.partial || e.Held
		if len(it.events) < maxEvents {
			it.events = append(it.events, e)
		}
	}
}

// inView is the change as the view has it.
func (it *item) inView() *change.Change {
	if it.shown != nil {
		return it.shown
	}
	return &it.Change
}

func (it *item) refuse(why string) { it.fate, it.why = refused, why }

func (it *item) hold(why string) { it.fate, it.why = held, why }

func (it *item) clash(kind ConflictKind, format string, args ...any) {
	it.fate, it.conflict, it.why = conflicts, kind, fmt.Sprintf(format, args...)
}

// makesDir reports whether there is a directory after the change and was none before.
func (it *item) makesDir() bool { return it.New.Type == workspace.Dir && it.Old.Type != workspace.Dir }

// removesDir reports whether there was a directory before the change and is none after.
func (it *item) removesDir() bool {
	return it.Old.Type == workspace.Dir && it.New.Type != workspace.Dir
}

func (it *item) op() Op {
	op := Op{Change: it.Change, Host: it.host, Merged: it.edited, made: it.made, view: *it.inView(), partial: it.partial}
	for _, e := range it.events {
		op.loses = op.loses || e.Kind == deleted && !e.Held
	}
	return op
}
