package apply

import (
	"context"
	"errors"
	"io/fs"

	"golang.org/x/sys/unix"

	"cofferdam/change"
	"cofferdam/workspace"
)

// compare decides one change by what the workspace has at its path. A directory that is to go is only decided here
// as far as it itself is concerned; settleDir looks inside.
func (p *planner) compare(ctx context.Context, it *item) error {
	if p.compareByParent(it) {
		return nil
	}
	if it.Collides || p.base.Covers(it.Path) {
		it.clash(Collision, "a file that is hidden from the view has this name")
		return nil
	}
	host, err := p.root.Lookup(it.Path)
	switch {
	case errors.Is(err, unix.ELOOP) || errors.Is(err, fs.ErrNotExist) && p.isLink(it.Path.Dir()):
		it.clash(Parent, "a directory above it is a symlink now")
		return nil
	case errors.Is(err, fs.ErrNotExist):
		host = workspace.Entry{Path: it.Path}
	case errors.Is(err, unix.EXDEV):
		it.clash(Mount, "a directory above it is a mount point")
		return nil
	case err != nil:
		it.clash(Unreadable, "%v", err)
		return nil
	}
	it.host = host
	if p.foreign(&it.host) {
		it.clash(Mount, "a mount point, or another file system")
		return nil
	}
	if p.redacted(it) {
		return p.compareRedacted(ctx, it)
	}
	p.compareEntry(it)
	return nil
}

// compareByParent decides what the change of the directory around it decides.
func (p *planner) compareByParent(it *item) bool {
	parent := p.at(it.Path.Dir())
	switch {
	case parent == nil:
		return false
	case parent.removesDir() && parent.fate == same && it.Kind == change.Delete:
		it.fate = same // The directory is gone already, and what it held with it.
	case !parent.makesDir() || parent.fate == same:
		return false
	case parent.fate == lands && it.Kind == change.Add:
		// Nothing can stand in a directory that is not there yet.
		it.fate, it.host = lands, workspace.Entry{Path: it.Path}
	case parent.fate == held:
		it.hold("the directory that would hold it is held back")
	default:
		it.clash(Parent, "the directory that would hold it does not land")
	}
	return true
}

// isLink reports whether the user has replaced dir by a symlink. What it held may well be there, by another path.
func (p *planner) isLink(dir workspace.Path) bool {
	return p.notDir(dir) == typeNow(workspace.Symlink)
}

func typeNow(t workspace.Type) string { return "its directory is a " + t.String() + " now" }

func (p *planner) compareEntry(it *item) {
	base := p.base.Find(it.Path)
	agrees, err := p.shows(&it.host, it.New)
	if err == nil && agrees {
		it.fate = same
		return
	}
	untouched := false
	if err == nil {
		untouched, err = p.untouched(base, it)
	}
	switch {
	case err != nil:
		it.clash(Unreadable, "%v", err)
	case !untouched:
		if p.classify(it, base); it.conflict == EditEdit && p.mergeable(it, base) {
			it.merge = p.mergeOf(it, base)
		}
	case it.New.Type != workspace.None && p.notDir(it.Path.Dir()) != "":
		it.clash(Parent, "%s", p.notDir(it.Path.Dir()))
	default:
		it.fate = lands
		if it.removesDir() {
			p.findStrays(it)
		}
	}
}

// foreign reports whether e is on another mount or, for a directory, another file system of the same mount (a btrfs
// subvolume): no rename leads there. Files of an overlay have device numbers of their own.
func (p *planner) foreign(e *workspace.Entry) bool {
	root := p.root.Stat()
	return e.Mount != 0 && e.Mount != root.Mount || e.Type == workspace.Dir && e.Dev != root.Dev
}

// shows reports whether e is side: same type and mode, same content or target.
func (p *planner) shows(e *workspace.Entry, side change.Side) (bool, error) {
	switch {
	case e.Type != side.Type:
		return false, nil
	case e.Type == workspace.Symlink:
		return e.Target == side.Target, nil
	case e.Type == workspace.None:
		return true, nil
	case e.Mode != side.Mode:
		return false, nil
	case e.Type != workspace.File:
		return true, nil
	}
	return p.holds(e, side)
}

// holds reports whether the file e has the content of side, reading it only where the size leaves it open.
func (p *planner) holds(e *workspace.Entry, side change.Side) (bool, error) {
	if e.Size != side.Size || !side.Hash.Known() {
		return false, nil
	}
	if !e.Hash.Known() {
		if err := rehash(p.root, e); err != nil {
			return false, err
		}
	}
	return e.Hash == side.Hash, nil
}

// rehash fills in the hash of a file, and the fingerprint that goes with it.
func rehash(root *workspace.Root, e *workspace.Entry) error {
	hash, stat, err := root.HashFile(e.Path)
	if err != nil {
		return err
	}
	if !stat.SameFile(e.Stat) {
		return &fs.PathError{Op: "hash", Path: string(e.Path), Err: errors.New("replaced while it was read")}
	}
	e.Stat, e.Hash = stat, hash
	return nil
}

// untouched reports whether the workspace still has what the manifest says. A file that was touched, or checked out
// again with the same content and mode, is untouched.
func (p *planner) untouched(base *workspace.Entry, it *item) (bool, error) {
	if base == nil || it.host.Type == workspace.None {
		return base == nil && it.host.Type == workspace.None, nil
	}
	if base.Type == workspace.File && it.host.Unchanged(base.Stat) {
		it.host.Hash = base.Hash
		return true, nil
	}
	return p.shows(&it.host, change.SideOf(*base))
}

// classify names the conflict of a path that the user has touched.
func (p *planner) classify(it *item, base *workspace.Entry) {
	host := &it.host
	switch {
	case base == nil:
		it.clash(AddAdd, "the workspace has another %s there now", host.Type)
	case host.Type == workspace.None:
		it.clash(DeleteEdit, "the workspace does not have it any more")
	case host.Type != base.Type:
		it.clash(TypeEdit, "it was a %s and is a %s now", base.Type, host.Type)
	case it.Kind == change.Delete && host.Mode != base.Mode:
		it.clash(EditDelete, "its mode was %04o and is %04o now", base.Mode, host.Mode)
	case it.Kind == change.Delete:
		it.clash(EditDelete, "the workspace has changed it")
	case host.Mode != base.Mode && it.New.Mode != base.Mode && (host.Type != workspace.File || it.New.Hash == base.Hash):
		it.clash(ModeMode, "its mode was %04o, is %04o now and would become %04o", base.Mode, host.Mode, it.New.Mode)
	default:
		it.clash(EditEdit, "the workspace has changed it")
	}
}

// notDir says why dir cannot hold anything, "" where it can: it is a directory now, or will be one.
func (p *planner) notDir(dir workspace.Path) string {
	if parent := p.at(dir); dir == workspace.Dot || parent != nil && parent.makesDir() && parent.fate == lands {
		return ""
	}
	why, ok := p.dirs[dir]
	if !ok {
		why = p.lookupDir(dir)
		p.dirs[dir] = why
	}
	return why
}

func (p *planner) lookupDir(dir workspace.Path) string {
	e, err := p.root.Lookup(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist) && p.base.Find(dir) == nil:
		return "its directory is not part of what is applied"
	case errors.Is(err, fs.ErrNotExist):
		return "its directory is gone"
	case err != nil:
		return err.Error()
	case e.Type != workspace.Dir:
		return typeNow(e.Type)
	}
	return ""
}
