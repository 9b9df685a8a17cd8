package overlay

import (
	"context"
	"fmt"

	"cofferdam/change"
	"cofferdam/workspace"
)

// Read finds what an upper layer of the kernel changes of base, the visible part of a workspace at mount.
//
// For every upper: Read(upper) applied to base equals merged.
//
//   - Deletions are those of visible paths: whiteouts, opaque directories and whatever replaced a directory are expanded
//     against base.Visible. Hidden paths are never deleted by it. A path that base covers Collides.
//   - Content decides, not size or time: a file that was copied up and is as before drops out. Every file of a new side
//     has its hash. A base file without a hash counts as different.
//   - The root itself is compared where base has an entry for workspace.Dot; that entry ought to be of the upper root
//     after PrepareUpper, since this is the root that the view showed.
//   - What must never land is in the set with the reason (Refused): FIFOs, sockets, devices, new setuid and setgid
//     bits, foreign owners (even where nothing else differs: then both sides are equal), security.* attributes, and what
//     this process may not read. Nothing is listed below an unreadable directory. Other extended attributes, times and
//     hard links are not part of a change: names that are one inode in the upper layer are separate files here, and of
//     two names that were one inode in base only the one that was written changed.
//
// The layer must be at rest: a file that changes while it is read is an error, as is a *MarkerError. It is read with the
// rights of the caller and never written. Read returns no partial set.
func Read(ctx context.Context, upper *workspace.Root, base *workspace.Manifest) (*change.Set, error) {
	return ReadFormat(ctx, upper, base, Kernel)
}

// ReadFormat is Read for an upper layer that some other program wrote.
func ReadFormat(ctx context.Context, upper *workspace.Root, base *workspace.Manifest, format Format) (*change.Set, error) {
	root, err := upper.Lookup(workspace.Dot)
	if err != nil {
		return nil, fmt.Errorf("read upper layer: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w := &walker{
		ctx: ctx, upper: upper, base: base, format: format,
		markers: markerReader{format: format},
		owners:  change.NewOwners(root.Stat),
		seen:    map[workspace.Path]struct{}{},
		hasher:  startHasher(ctx, upper, format),
	}
	err = w.walk(root)
	if err != nil {
		cancel()
	}
	if hashErr := w.hasher.wait(); err == nil {
		err = hashErr
	}
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return nil, err
	}
	return w.changes(), nil
}

// changes compares what was found with the base.
func (w *walker) changes() *change.Set {
	set := &change.Set{}
	for _, o := range w.found {
		if c, ok := o.change(); ok {
			c.Collides = w.base.Covers(c.Path)
			set.Changes = append(set.Changes, c)
		}
	}
	for _, cut := range w.cuts {
		if cut.itself {
			set.Changes = w.appendDelete(set.Changes, w.base.Find(cut.path))
		}
		below := w.base.Below(cut.path)
		for i := range below {
			set.Changes = w.appendDelete(set.Changes, &below[i])
		}
	}
	set.Sort()
	return set
}

// appendDelete adds the deletion of a base entry that has nothing in its place.
func (w *walker) appendDelete(changes []change.Change, e *workspace.Entry) []change.Change {
	if e == nil {
		return changes
	}
	if _, replaced := w.seen[e.Path]; replaced {
		return changes
	}
	if c, ok := change.New(e.Path, change.SideOf(*e), change.Side{}); ok {
		changes = append(changes, c)
	}
	return changes
}

// object is one path of the upper layer that is no whiteout.
type object struct {
	entry  workspace.Entry
	old    *workspace.Entry // what the base has there, or nil
	stands string           // a reason to refuse it that stands even where nothing differs
	refuse string           // a reason to refuse what differs
	err    error            // of reading it
}

func (o *object) change() (change.Change, bool) {
	old := change.Side{}
	if o.old != nil {
		old = change.SideOf(*o.old)
	}
	c, differs := change.New(o.entry.Path, old, change.SideOf(o.entry))
	if !differs {
		if o.stands == "" {
			return c, false
		}
		c = change.Change{Path: o.entry.Path, Kind: change.Modify, Old: old, New: old}
	}
	c.Refused = change.JoinReasons(o.stands, o.refuse)
	return c, true
}
