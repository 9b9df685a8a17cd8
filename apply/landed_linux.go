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
		landed[tasks[i].Path] = Landing{Kind: tasks[i].Kind, New: tasks[i].New, Now: entries[i]}
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
