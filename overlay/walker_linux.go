package overlay

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"cofferdam/change"
	"cofferdam/workspace"

	"golang.org/x/sys/unix"
)

// walker goes through an upper layer, one directory at a time, and sends its files to be hashed meanwhile.
type walker struct {
	ctx     context.Context
	upper   *workspace.Root
	base    *workspace.Manifest
	format  Format
	markers markerReader
	owners  change.Owners
	hasher  *hasher

	found []*object
	cuts  []cut
	seen  map[workspace.Path]struct{} // the paths inside a cut that the upper layer has all the same
	queue []*dir                      // to be read, last in first out
}

// cut is a path below which nothing of the lower layers shows: whiteout, opaque directory, file in place of a directory.
type cut struct {
	path   workspace.Path
	itself bool // the path is gone as well
}

// dir is a directory of the upper layer that is to be read.
type dir struct {
	*object
	cut    bool // it lies in a cut, so that all that shows is in the upper layer
	setgid bool // new entries take their group, new directories the bit as well, from it
	marked bool // opaque=x
}

// inherit is what d hands on.
func (d *dir) inherit() change.Inherit {
	return change.Inherit{Setgid: d.setgid, GID: d.entry.GID}
}

func (w *walker) walk(root workspace.Entry) error {
	top := &object{entry: root, old: w.base.Find(workspace.Dot)}
	if top.old != nil {
		top.refuse = change.RefuseKind(root, top.old, change.Inherit{})
		w.found = append(w.found, top)
	}
	w.queue = []*dir{{object: top, setgid: root.Mode&unix.S_ISGID != 0}}
	for len(w.queue) > 0 {
		d := w.queue[len(w.queue)-1]
		w.queue = w.queue[:len(w.queue)-1]
		if err := w.readDir(d); err != nil {
			return err
		}
	}
	return nil
}

func (w *walker) readDir(d *dir) error {
	f, err := w.openDir(d.entry.Path)
	if why := change.RefuseUnreadable(d.entry, err); why != "" {
		d.stands = change.JoinReasons(d.stands, why)
		return nil
	}
	if err != nil {
		return fmt.Errorf("read upper layer: %w", err)
	}
	defer f.Close()
	if err := w.readMarkers(d, f); err != nil {
		return err
	}
	for {
		names, err := f.Readdirnames(1024)
		for _, name := range names {
			if err := w.visit(d, f, name); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return w.ctx.Err()
		}
		if err == nil {
			err = w.ctx.Err()
		}
		if err != nil {
			return fmt.Errorf("read upper layer: directory %q: %w", d.entry.Path, err)
		}
	}
}

// openDir opens a directory that can be read and searched.
func (w *walker) openDir(path workspace.Path) (*os.File, error) {
	f, err := w.upper.OpenDir(path)
	if err != nil {
		return nil, err
	}
	if _, err := workspace.StatAt(f, "."); err != nil { // Listing needs r, every name in it needs x.
		f.Close()
		return nil, &fs.PathError{Op: "search", Path: string(path), Err: err}
	}
	return f, nil
}

func (w *walker) readMarkers(d *dir, f *os.File) error {
	path := d.entry.Path
	m, err := w.markers.read(int(f.Fd()), path)
	if err != nil {
		return err
	}
	if m.whiteout {
		return &MarkerError{path, "whiteout"}
	}
	if m.refuse != "" {
		d.refuse = change.JoinReasons(d.refuse, m.refuse)
	}
	d.marked = m.marked
	if w.format == Fuse && !m.opaque {
		_, err := workspace.StatAt(f, opaqueName)
		m.opaque = err == nil
	}
	if m.opaque {
		return w.makeOpaque(d)
	}
	return nil
}

func (w *walker) makeOpaque(d *dir) error {
	if d.entry.Path == workspace.Dot {
		return &MarkerError{workspace.Dot, "opaque"} // The kernel does not look for it there.
	}
	if !d.cut {
		d.cut = true
		w.cuts = append(w.cuts, cut{path: d.entry.Path})
	}
	return nil
}

// visit takes one name of the directory d, which is open as f.
func (w *walker) visit(d *dir, f *os.File, name string) error {
	path := d.entry.Path.Join(name)
	if w.format == Fuse && strings.HasPrefix(name, whiteoutPrefix) {
		return w.visitFuse(d, f, name)
	}
	stat, err := workspace.StatAt(f, name)
	if err != nil {
		return fmt.Errorf("read upper layer: %w", &fs.PathError{Op: "stat", Path: string(path), Err: err})
	}
	e := workspace.Entry{Path: path, Stat: stat}
	if stat.Type == workspace.Symlink {
		if e, err = w.upper.Lookup(path); err != nil {
			return fmt.Errorf("read upper layer: %w", err)
		}
	}
	gone, err := w.isWhiteout(d, e)
	switch {
	case err != nil:
		return err
	case gone:
		w.whiteout(d, path)
	default:
		w.add(d, e)
	}
	return nil
}

// visitFuse takes a name that fuse-overlayfs keeps for itself.
func (w *walker) visitFuse(d *dir, f *os.File, name string) error {
	if name == opaqueName {
		return nil // readMarkers saw it, before the first name.
	}
	hides, err := fuseWhiteout(d.entry.Path, name)
	if err != nil {
		return err
	}
	if _, err := workspace.StatAt(f, hides); err == nil {
		return &MarkerError{d.entry.Path.Join(hides), name} // Both there and gone.
	}
	w.whiteout(d, d.entry.Path.Join(hides))
	return nil
}

// isWhiteout: a character device 0/0, or a marked empty file in a directory that says it has such.
func (w *walker) isWhiteout(d *dir, e workspace.Entry) (bool, error) {
	if e.Type == workspace.CharDevice && e.Rdev == 0 {
		return true, nil
	}
	if !d.marked || e.Type != workspace.File {
		return false, nil
	}
	f, err := w.upper.OpenFile(e.Path)
	if change.RefuseUnreadable(e, err) != "" {
		return false, nil // The hasher says so.
	}
	if err != nil {
		return false, fmt.Errorf("read upper layer: %w", err)
	}
	defer f.Close()
	m, err := w.markers.read(int(f.Fd()), e.Path)
	return m.whiteout && e.Size == 0, err
}

func (w *walker) whiteout(d *dir, path workspace.Path) {
	if !d.cut { // In a cut nothing shows that could be taken away.
		w.cuts = append(w.cuts, cut{path: path, itself: true})
	}
}

// add takes an object that shows in the merged tree.
func (w *walker) add(d *dir, e workspace.Entry) {
	o := &object{entry: e, old: w.base.Find(e.Path)}
	around := d.inherit()
	if d.stands != "" {
		around.Setgid = false // a foreign directory's group is foreign
	}
	o.stands = w.owners.Refuse(e, around, o.old)
	o.refuse = change.RefuseKind(e, o.old, d.inherit())
	w.found = append(w.found, o)
	if d.cut {
		w.seen[e.Path] = struct{}{}
	}
	switch {
	case e.Type == workspace.Dir:
		w.queue = append(w.queue, &dir{object: o, cut: d.cut, setgid: e.Mode&unix.S_ISGID != 0 && o.refuse == ""})
		return
	case o.old != nil && o.old.Type == workspace.Dir && !d.cut:
		w.cuts = append(w.cuts, cut{path: e.Path})
	}
	if e.Type == workspace.File {
		w.hasher.add(o)
	}
}
