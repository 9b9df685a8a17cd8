package patch

import (
	"errors"
	"fmt"
	"io/fs"

	"golang.org/x/sys/unix"

	"cofferdam/change"
	"cofferdam/internal/linediff"
	"cofferdam/workspace"
)

// delta is a change with its contents, ready to be written.
type delta struct {
	*change.Change
	old, now content
	notes    []string // what the patch cannot say, for comment lines
	stale    bool     // the old side is not what the change was found against
}

// loader makes deltas. emptyDirs is the directories of the set that nothing in the set lies in.
type loader struct {
	trees     Trees
	emptyDirs map[workspace.Path]bool
}

func newLoader(set *change.Set, t Trees) *loader { return &loader{t, emptyDirs(set)} }

// load reads both sides of c. Contents over limit bytes are errDefer.
func (l *loader) load(c *change.Change, limit int64) (*delta, error) {
	d := &delta{Change: c}
	if c.Refused != "" {
		d.note("refused: %s", c.Refused)
	}
	if c.Collides {
		d.note("collides with a hidden file of the workspace")
	}
	if c.Old.Type.Special() || c.New.Type.Special() {
		d.noteSpecial()
		return d, nil
	}
	if err := d.loadNew(l.trees, limit); err != nil {
		return nil, err
	}
	if err := d.loadOld(l.trees, limit); err != nil {
		return nil, err
	}
	d.noteSize()
	d.noteMode(l.emptyDirs[c.Path])
	return d, nil
}

func (d *delta) loadNew(t Trees, limit int64) (err error) {
	switch d.New.Type {
	case workspace.Symlink:
		if err := d.loadTarget(t); err != nil {
			return err
		}
		d.now = symlink(d.New.Target)
	case workspace.File:
		if done, err := d.loadShowable(t, limit); done || err != nil {
			return err
		}
		if d.now, err = readFile(t.After, d.Path, limit); err != nil {
			return d.readError("after", err)
		}
		d.now.mode = fileMode(d.New.Mode)
		if d.now.differs(d.New.Hash) {
			return d.readError("after", errors.New("changed since the changes were listed"))
		}
	}
	return nil
}

// loadTarget has what may be printed stand for the target of a link, where that is something else.
func (d *delta) loadTarget(t Trees) error {
	if t.Showable == nil {
		return nil
	}
	text, err := t.Showable(d.Change)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return d.readError("after", err)
	}
	c := *d.Change
	c.New.Target = string(text)
	d.Change = &c
	d.note(secretNote)
	return nil
}

const secretNote = "brings in something secret, which is not shown here"

// loadShowable takes what may be printed in the place of the new side, where that is something else.
func (d *delta) loadShowable(t Trees, limit int64) (done bool, err error) {
	if t.Showable == nil {
		return false, nil
	}
	text, err := t.Showable(d.Change)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, d.readError("after", err)
	case int64(len(text)) > limit:
		return false, errDefer
	}
	d.now = content{mode: fileMode(d.New.Mode), size: int64(len(text)), data: text}
	d.now.identify()
	d.note(secretNote)
	return true, nil
}

// loadOld reads what the workspace has now, which is the old side of the change or, where the user changed it
// meanwhile, the side that the patch can be applied to.
func (d *delta) loadOld(t Trees, limit int64) (err error) {
	if d.Old.Type == workspace.File && t.Shown != nil {
		text, err := t.Shown(d.Change)
		if err == nil {
			d.old = content{mode: fileMode(d.Old.Mode), size: int64(len(text)), data: text}
			d.old.identify()
			return nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return d.readError("before", err)
		}
	}
	root := t.Before
	switch d.Old.Type {
	case workspace.None:
		d.noteExisting(root)
		return nil
	case workspace.Dir:
		return nil
	}
	if d.Old.Type == workspace.File {
		d.old, err = readFile(root, d.Path, limit)
		if err == nil {
			d.old.mode = fileMode(d.Old.Mode)
			d.stale = d.old.differs(d.Old.Hash)
			d.noteStale()
			return nil
		}
		if !isOther(err) {
			return d.readError("before", err)
		}
	}
	return d.loadCurrent(root, limit)
}

// loadCurrent is loadOld for a symlink and for a path that may be of another type by now.
func (d *delta) loadCurrent(root *workspace.Root, limit int64) error {
	e, err := root.Lookup(d.Path)
	if err != nil && !isOther(err) {
		return d.readError("before", err)
	}
	switch {
	case err != nil:
	case e.Type == workspace.Symlink:
		d.old = symlink(e.Target)
	case e.Type == workspace.File:
		if d.old, err = readFile(root, d.Path, limit); err != nil {
			return d.readError("before", err)
		}
	}
	d.stale = e.Type != d.Old.Type || e.Target != d.Old.Target
	d.noteStale()
	return nil
}

func (c *content) differs(want workspace.Hash) bool {
	return want.Known() && c.size <= patchLimit && c.hash != want
}

// isOther reports whether err says that there is no file of this path: nothing, a symlink, something else, or one of
// these in place of a parent.
func isOther(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, workspace.ErrNotRegular) ||
		errors.Is(err, unix.ELOOP) || errors.Is(err, unix.ENOTDIR) || errors.Is(err, unix.ENXIO)
}

func (d *delta) readError(side string, err error) error {
	if errors.Is(err, errDefer) {
		return err
	}
	return fmt.Errorf("read %q as it was %s the change: %w", d.Path, side, err)
}

// part is a patch of one path: a delta has two where a file becomes a symlink or the reverse.
type part struct{ old, now *content }

func (d *delta) parts() []part {
	old, now := &d.old, &d.now
	switch {
	case d.tooLarge(), !old.exists() && !now.exists(), old.mode == now.mode && d.sameContent():
		return nil
	case old.exists() && now.exists() && (old.mode == symlinkMode) != (now.mode == symlinkMode):
		return []part{{old, &content{}}, {&content{}, now}}
	}
	return []part{{old, now}}
}

// sameContent reports whether nothing but a mode differs.
func (d *delta) sameContent() bool { return part{&d.old, &d.now}.sameContent() }

func (p part) sameContent() bool { return p.old.exists() && p.now.exists() && p.old.id == p.now.id }

func (d *delta) tooLarge() bool { return max(d.old.size, d.now.size) > patchLimit }

// binary reports whether the patch of p is not by lines.
func (p part) binary() bool { return !p.old.isText() || !p.now.isText() }

// edits is the difference of two texts.
func (p part) edits() (old, now linediff.Text, edits []linediff.Edit) {
	old, now = linediff.NewText(p.old.data), linediff.NewText(p.now.data)
	return old, now, linediff.Diff(old, now)
}
