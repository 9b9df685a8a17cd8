package stage

import (
	"context"
	"fmt"

	"golang.org/x/sys/unix"

	"cofferdam/change"
	"cofferdam/workspace"
)

// ReadCopy finds what was changed in a copy that Build made: base is the view's Manifest, copied its Copied manifest.
// The result is what overlay.Read finds after the same operations in an overlay, with one difference: names of one file
// are names of one file in a copy too, so a write through one of them changes them all.
//
// Contents decide. A file is taken for unchanged without being read only where its inode, size, mode, mtime and ctime
// are those that copied has: a command can set back an mtime, never a ctime. Where copied is nil every file is read. The
// copy must be at rest. It is never written, and there is no partial set.
func ReadCopy(ctx context.Context, tree *workspace.Root, base, copied *workspace.Manifest) (*change.Set, error) {
	if copied == nil {
		copied = &workspace.Manifest{}
	}
	entries, failures, err := workspace.List(ctx, tree, nil)
	if err != nil {
		return nil, fmt.Errorf("read copy: %w", err)
	}
	root, err := tree.Lookup(workspace.Dot)
	if err != nil {
		return nil, fmt.Errorf("read copy: %w", err)
	}
	r := &copyReader{tree: tree, base: base, copied: copied, owners: change.NewOwners(root.Stat), setgid: map[workspace.Path]workspace.Entry{}}
	if root.Mode&unix.S_ISGID != 0 {
		r.setgid[workspace.Dot] = root
	}
	if err := r.noteFailures(entries, failures); err != nil {
		return nil, fmt.Errorf("read copy: %w", err)
	}
	if base.Find(workspace.Dot) != nil {
		entries = insert(entries, root)
	}
	objects := make([]object, 0, len(entries))
	for _, e := range entries {
		objects = append(objects, r.object(e))
	}
	if err := r.readFiles(ctx, objects); err != nil {
		return nil, fmt.Errorf("read copy: %w", err)
	}
	set := &change.Set{}
	for i := range objects {
		set.Changes = objects[i].appendChange(set.Changes, base)
	}
	set.Changes = r.appendDeleted(set.Changes, entries)
	set.Sort()
	return set, nil
}

// copyReader compares a copy with what it was.
type copyReader struct {
	tree         *workspace.Root
	base, copied *workspace.Manifest
	owners       change.Owners
	unreadable   map[workspace.Path]error           // directories
	setgid       map[workspace.Path]workspace.Entry // directories that hand their group on
}

// object is one path of the copy.
type object struct {
	now    workspace.Entry
	old    *workspace.Entry // in the workspace
	was    *workspace.Entry // in the copy, when it was made
	stands string           // a reason to refuse it that stands even where nothing differs
	refuse string           // a reason to refuse what differs
}

// noteFailures keeps the directories that the command made unreadable, also those whose names can be listed and not
// be looked at. Any other failure is an error.
func (r *copyReader) noteFailures(entries []workspace.Entry, failures []workspace.Failure) error {
	r.unreadable = map[workspace.Path]error{}
	listed := workspace.Manifest{Visible: entries}
	for _, f := range failures {
		if change.RefuseUnreadable(workspace.Entry{}, f.Err) == "" {
			return f.Err
		}
		dir := f.Path
		if dir != workspace.Dot && listed.Find(dir) == nil {
			dir = dir.Dir()
		}
		r.unreadable[dir] = f.Err
	}
	return nil
}

func (r *copyReader) object(e workspace.Entry) object {
	o := object{now: e, old: r.base.Find(e.Path), was: r.copied.Find(e.Path)}
	around := change.Inherit{}
	if e.Path != workspace.Dot {
		parent, setgid := r.setgid[e.Path.Dir()]
		around = change.Inherit{Setgid: setgid, GID: parent.GID}
		o.stands = r.owners.Refuse(e, around, o.old, o.was)
	}
	o.refuse = change.RefuseKind(e, o.old, around)
	if err := r.unreadable[e.Path]; err != nil {
		o.stands = change.JoinReasons(o.stands, change.RefuseUnreadable(e, err))
	}
	if e.Type == workspace.Dir && e.Path != workspace.Dot && e.Mode&unix.S_ISGID != 0 && o.refuse == "" {
		r.setgid[e.Path] = e
	}
	return o
}

// touched reports whether the object may be other than it was when the copy was made.
func (o *object) touched() bool { return o.was == nil || !o.was.Unchanged(o.now.Stat) }

// side is what the object is now. A mode that the copy had from the start, since the caller could not give it that of
// the workspace's file, is the workspace's.
func (o *object) side() change.Side {
	s := change.SideOf(o.now)
	if o.old != nil && o.was != nil && o.was.Type == o.now.Type && o.was.Mode == o.now.Mode && o.old.Type == o.now.Type {
		s.Mode = change.SideOf(*o.old).Mode
	}
	return s
}

func (o *object) appendChange(changes []change.Change, base *workspace.Manifest) []change.Change {
	old := change.Side{}
	if o.old != nil {
		old = change.SideOf(*o.old)
	}
	c, differs := change.New(o.now.Path, old, o.side())
	if !differs {
		if o.stands == "" {
			return changes
		}
		c = change.Change{Path: o.now.Path, Kind: change.Modify, Old: old, New: old}
	}
	c.Refused = change.JoinReasons(o.stands, o.refuse)
	c.Collides = base.Covers(c.Path)
	return append(changes, c)
}

// appendDeleted adds the visible paths that are not in the copy any more. What is in a directory that cannot be read is
// taken to be there.
func (r *copyReader) appendDeleted(changes []change.Change, entries []workspace.Entry) []change.Change {
	i := 0
	for _, old := range r.base.Visible {
		for i < len(entries) && entries[i].Path < old.Path {
			i++
		}
		if i < len(entries) && entries[i].Path == old.Path || old.Path == workspace.Dot || r.unknown(old.Path) {
			continue
		}
		if c, ok := change.New(old.Path, change.SideOf(old), change.Side{}); ok {
			changes = append(changes, c)
		}
	}
	return changes
}

func (r *copyReader) unknown(path workspace.Path) bool {
	if len(r.unreadable) == 0 {
		return false
	}
	for dir := path.Dir(); dir != workspace.Dot; dir = dir.Dir() {
		if r.unreadable[dir] != nil {
			return true
		}
	}
	return r.unreadable[workspace.Dot] != nil
}
