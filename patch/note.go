package patch

import (
	"cmp"
	"fmt"

	"cofferdam/change"
	"cofferdam/internal/term"
	"cofferdam/workspace"
)

const notePrefix = "# cofferdam: "

func (d *delta) note(format string, args ...any) {
	d.notes = append(d.notes, fmt.Sprintf(format, args...))
}

// comments is the notes as lines. They stand between patches, where git skips every line that begins none.
func (d *delta) comments() []string {
	lines := make([]string, len(d.notes))
	for i, note := range d.notes {
		lines[i] = notePrefix + alwaysQuote(d.name()) + " " + term.Escape(note, false) + "\n"
	}
	return lines
}

// name is the path, with a slash after that of a directory.
func (d *delta) name() string { return nameOf(d.Change) }

func nameOf(c *change.Change) string {
	if cmp.Or(c.New.Type, c.Old.Type) == workspace.Dir {
		return string(c.Path) + "/"
	}
	return string(c.Path)
}

func (d *delta) noteSpecial() {
	if d.New.Type.Special() {
		d.note("is a %s, which a patch cannot hold", d.New.Type)
	} else {
		d.note("was a %s, which a patch cannot hold", d.Old.Type)
	}
}

// noteExisting tells of something new in the workspace in the place of an added file. It is not read: what the change
// was found against had nothing there, so nobody decided whether it may be shown.
func (d *delta) noteExisting(root *workspace.Root) {
	if d.Collides || d.New.Type == workspace.Dir {
		return
	}
	if e, err := root.Lookup(d.Path); err == nil {
		d.stale = true
		d.note("exists in the workspace by now, as a %s; its patch adds it", e.Type)
	}
}

func (d *delta) noteStale() {
	switch {
	case !d.stale:
	case d.old.exists():
		d.note("changed in the workspace since the session was staged; its patch is against the current content")
	default:
		d.note("is gone from the workspace since the session was staged, or is no file there any more")
	}
}

func (d *delta) noteSize() {
	if d.tooLarge() {
		d.note("has %d bytes, more than a patch can hold", max(d.old.size, d.now.size))
	}
}

// noteMode tells of modes and of directories.
func (d *delta) noteMode(empty bool) {
	switch old, now := d.Old, d.New; {
	case old.Type == workspace.Dir && now.Type == workspace.Dir:
		if old.Mode != now.Mode {
			d.note("directory mode %04o -> %04o", old.Mode, now.Mode)
		}
	case now.Type == workspace.Dir:
		if empty || now.Mode != 0o755 {
			d.note("directory added, mode %04o", now.Mode)
		}
	case old.Type == workspace.Dir && now.Type == workspace.None:
		if empty {
			d.note("directory deleted")
		}
	case now.Type != workspace.File:
	case old.Type == workspace.File:
		if old.Mode != now.Mode && !(gitKnows(old.Mode) && gitKnows(now.Mode)) {
			d.note("mode %04o -> %04o", old.Mode, now.Mode)
		}
	case !gitKnows(now.Mode):
		d.note("mode %04o", now.Mode)
	}
}

func gitKnows(mode uint32) bool { return mode == 0o644 || mode == 0o755 }

// emptyDirs is the directories of set that no change of the same kind lies in: git would neither make nor remove
// them.
func emptyDirs(set *change.Set) map[workspace.Path]bool {
	empty := map[workspace.Path]bool{}
	for i := range set.Changes {
		c := &set.Changes[i]
		if c.Old.Type != c.New.Type && (c.Old.Type == workspace.Dir || c.New.Type == workspace.Dir) {
			empty[c.Path] = true
		}
	}
	if len(empty) == 0 {
		return empty
	}
	for i := range set.Changes {
		c := &set.Changes[i]
		if side := cmp.Or(c.New.Type, c.Old.Type); side == workspace.File || side == workspace.Symlink {
			for p := c.Path.Dir(); p != workspace.Dot; p = p.Dir() {
				delete(empty, p)
			}
		}
	}
	return empty
}
