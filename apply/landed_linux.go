package apply

import (
	"cofferdam/change"
	"cofferdam/workspace"
)

// Landing is what an apply put at a path. Now is the fingerprint that it got there, with its hash or target; its zero
// Type is absence. As an entry of a manifest it makes what landed the base of a later diff.
type Landing struct {
	Kind change.Kind
	New  change.Side
	Now  workspace.Entry

	view    change.Side // what the command left, where what landed is made of that
	partial bool
}

// Entry is what landed as a later diff of the session has to compare with it: as the command left it. It is not ok where
// part of that was held back, and the whole is still to be compared with what was there before.
func (l *Landing) Entry(path workspace.Path) (e workspace.Entry, ok bool) {
	e = l.Now
	e.Path = path
	if l.view.Type == workspace.None {
		return e, true
	}
	e.Stat = workspace.Stat{Type: l.view.Type, Mode: l.view.Mode, Size: l.view.Size} // no fingerprint: the file is another
	e.Hash = l.view.Hash
	return e, !l.partial
}

// Landed is what the journal directory dir put in place and no undo took back. It is empty for a directory without a
// committed apply, one that does not exist included.
func Landed(dir string) (map[workspace.Path]Landing, error) {
	h, err := readHistory(dir)
	if err != nil {
		return nil, err
	}
	tasks, entries := h.inPlace()
	landed := make(map[workspace.Path]Landing, len(tasks))
	for i := range tasks {
		landed[tasks[i].Path] = Landing{Kind: tasks[i].Kind, New: tasks[i].New, Now: entries[i], view: tasks[i].view.New, partial: tasks[i].partial}
	}
	return landed, nil
}

// StatusOf is what became of the journal directory dir.
func StatusOf(dir string) (Status, error) {
	h, err := readHistory(dir)
	if err != nil {
		return Empty, err
	}
	return h.status(), nil
}
