package sandbox

import (
	"fmt"
	"time"

	"cofferdam/overlay"

	"golang.org/x/sys/unix"
)

// replacement is one directory on its way to another inode.
type replacement struct {
	mover     *mover
	dir, tree int // the old one, and the new one in the staging directory
	stat      *unix.Statx_t
	times     *unix.Statx_t
	copied    map[string]*unix.Statx_t // what of dir is in tree already, as it was then
}

// replace puts a directory of the upper layer alone in the place of a merged one. Directories in it can be renamed by now.
// First the files are copied; until then the old directory is whole. Then, name by name, what was copied is removed and
// what was not, or has changed, is renamed: so what others do meanwhile is not lost, but for a write in the very moment
// between the last look at a file and its removal. An end in between leaves each file in one of the two places, and a note
// in the staging directory of where they belong.
func (m *mover) replace(found *merged) (err error) {
	path := found.path
	parent, name, err := m.openParent(path)
	if err != nil {
		return err
	}
	defer unix.Close(parent)
	r := &replacement{mover: m, times: found.times, copied: map[string]*unix.Statx_t{}}
	if r.dir, err = m.open(path, unix.O_RDONLY|unix.O_DIRECTORY); err != nil {
		return err
	}
	defer unix.Close(r.dir)
	if r.stat, err = status(r.dir, ""); err != nil {
		return err
	}
	if err := m.mkdir(m.staging, overlay.StagingTree); err != nil {
		return err
	}
	if r.tree, err = unix.Openat(m.staging, overlay.StagingTree, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0); err != nil {
		return err
	}
	defer unix.Close(r.tree)
	if err = r.copyFiles(); err == nil {
		err = m.symlink(path, m.staging, overlay.StagingNote)
	}
	if err == nil {
		err = r.takePlace(parent, name)
	}
	if err != nil {
		r.undo()
	}
	// Nothing is left to put back, or what is left cannot be, and the directory cannot be removed either.
	if m.remove(m.staging, overlay.StagingTree, unix.AT_REMOVEDIR) != unix.ENOTEMPTY {
		_ = m.remove(m.staging, overlay.StagingNote, 0)
	}
	return err
}

// copyFiles copies what can be copied as well as the kernel would.
func (r *replacement) copyFiles() error {
	if err := dress(r.dir, r.tree, r.stat); err != nil {
		return err
	}
	names, err := namesIn(r.dir)
	if err != nil {
		return err
	}
	for _, name := range names {
		stat, err := status(r.dir, name)
		if err == unix.ENOENT {
			continue
		}
		if err != nil {
			return err
		}
		if kindOf(stat) != unix.S_IFREG || r.mover.young(stat.Ctime) || !plain(stat, r.stat) {
			continue
		}
		if !r.mover.alive() {
			return errStays
		}
		copied, err := copyFile(r.dir, r.tree, name, stat, r.mover.alive)
		if err != nil {
			return err
		}
		if copied {
			r.copied[name] = stat
		}
	}
	return nil
}

// patience is how long a directory is emptied into which others keep writing.
const patience = 3 * time.Second

// takePlace empties the old directory and puts the new one in its place, which the kernel allows when nothing is left.
func (r *replacement) takePlace(parent int, name string) error {
	for begin := time.Now(); ; {
		if err := r.empty(); err != nil {
			return err
		}
		if err := r.dropStale(); err != nil {
			return err
		}
		if err := r.finish(); err != nil {
			return err
		}
		err := r.mover.rename(r.mover.staging, overlay.StagingTree, parent, name, 0)
		if err != unix.ENOTEMPTY && err != unix.EEXIST || time.Since(begin) > patience {
			return err
		}
	}
}

// empty moves everything.
func (r *replacement) empty() error {
	names, err := namesIn(r.dir)
	if err != nil {
		return err
	}
	for _, name := range names {
		now, err := status(r.dir, name)
		if err == unix.ENOENT {
			continue
		}
		if err == nil {
			if before := r.copied[name]; before != nil && same(before, now) {
				err = r.mover.remove(r.dir, name, 0)
			} else {
				err = r.mover.rename(r.dir, name, r.tree, name, 0)
			}
		}
		if err != nil {
			return fmt.Errorf("move: %w", err)
		}
		delete(r.copied, name)
	}
	return nil
}

// dropStale removes the copies of what others removed meanwhile.
func (r *replacement) dropStale() error {
	for name := range r.copied {
		if err := r.mover.remove(r.tree, name, 0); err != nil && err != unix.ENOENT {
			return err
		}
	}
	clear(r.copied)
	return nil
}

// same reports whether a file is still what it was.
func same(a, b *unix.Statx_t) bool {
	return a.Ino == b.Ino && a.Size == b.Size && a.Mtime == b.Mtime && a.Ctime == b.Ctime && a.Mode == b.Mode
}

// finish gives the new directory the mode and times of the old one.
func (r *replacement) finish() error {
	if err := unix.Fchmod(r.tree, uint32(r.stat.Mode)&0o7777); err != nil {
		return err
	}
	return setTimes(r.tree, r.times)
}

// undo puts back what was moved. Where somebody has made a thing of the same name, that stays, and a copy goes.
func (r *replacement) undo() {
	names, _ := namesIn(r.tree)
	for _, name := range names {
		if r.copied[name] != nil {
			_ = r.mover.remove(r.tree, name, 0)
		} else {
			_ = r.mover.rename(r.tree, name, r.dir, name, unix.RENAME_NOREPLACE)
		}
	}
	_ = setTimes(r.dir, r.times)
}
