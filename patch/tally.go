package patch

import "cofferdam/change"

// tally is what can be counted of a change.
type tally struct {
	*change.Change
	notes            []string
	added, deleted   int // lines; 0 where binary
	binary           bool
	oldSize, newSize int64
	sameContent      bool
	stale            bool
	parts            int
}

func countDelta(d *delta) (tally, error) {
	n := tally{
		Change: d.Change, notes: d.notes, stale: d.stale, binary: d.tooLarge(),
		oldSize: d.old.size, newSize: d.now.size, sameContent: d.sameContent(),
	}
	for _, p := range d.parts() {
		n.parts++
		if p.binary() {
			n.binary = true
			continue
		}
		_, _, edits := p.edits()
		for _, e := range edits {
			n.deleted += e.Old.Len()
			n.added += e.New.Len()
		}
	}
	return n, nil
}

// worthTelling reports whether git would name the change or a comment line does: a new directory is shown by what
// lies in it.
func (n *tally) worthTelling() bool { return n.parts > 0 || len(n.notes) > 0 || n.binary }

// summary is the counts of a whole set.
type summary struct {
	Files       int `json:"files"`       // files, symlinks and specials that changed
	Directories int `json:"directories"` // directories that changed by themselves: made or removed empty, or their mode
	Insertions  int `json:"insertions"`  // lines added to text files
	Deletions   int `json:"deletions"`   // lines deleted from them
}

func (t *summary) add(n tally) {
	switch {
	case onlyDirs(n.Change) && n.worthTelling():
		t.Directories++
	case !onlyDirs(n.Change):
		t.Files++
	}
	t.Insertions += n.added
	t.Deletions += n.deleted
}
