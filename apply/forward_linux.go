package apply

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"

	"cofferdam/workspace"
)

// forward does the steps in order and returns how many may have been done.
func (t *transaction) forward(ctx context.Context) (int, error) {
	for i := range t.steps {
		if err := ctx.Err(); err != nil {
			return i, err
		}
		if err := t.do(&t.steps[i]); err != nil {
			return i + 1, err
		}
	}
	return len(t.steps), nil
}

// do is one compare-and-swap.
func (t *transaction) do(s *step) error {
	dir, name, err := t.openParent(s.path)
	if err != nil {
		return err
	}
	defer dir.Close()
	before, err := t.expect(dir, name, s)
	if err != nil {
		return err
	}
	if s.action == chmod {
		return t.chmod(dir, name, s)
	}
	if err := t.move(s.action, dir, name, s.slot); err != nil {
		return moveError(s, err)
	}
	return errors.Join(t.checkOut(s, before), t.checkIn(dir, name, s))
}

// openParent is Root.OpenParent, with what the user may have done to the directory as a conflict. The workspace itself
// is its own parent, for chmod.
func (t *transaction) openParent(path workspace.Path) (*os.File, string, error) {
	if path == workspace.Dot {
		f, err := t.root.OpenDir(path)
		return f, ".", err
	}
	dir, name, err := t.root.OpenParent(path)
	if errors.Is(err, unix.EXDEV) {
		return nil, "", clash(path, Mount, "its directory is a mount point now")
	}
	if replaced(err) {
		return nil, "", clash(path, Parent, "its directory is gone or is a symlink now")
	}
	return dir, name, err
}

// expect makes sure that the path still has what the plan saw there.
func (t *transaction) expect(dir *os.File, name string, s *step) (workspace.Stat, error) {
	now, err := workspace.StatAt(dir, name)
	if errors.Is(err, fs.ErrNotExist) {
		now, err = workspace.Stat{}, nil
	}
	if err != nil {
		return now, fmt.Errorf("stat %q: %w", s.path, err)
	}
	if err := t.sameAsPlanned(now, s); err != nil {
		return now, err
	}
	if s.action != chmod && now.Type == workspace.Dir {
		return now, t.expectEmpty(s.path)
	}
	return now, nil
}

func (t *transaction) sameAsPlanned(now workspace.Stat, s *step) error {
	out := s.out.Stat
	switch {
	case now.Type != out.Type:
		return clash(s.path, TypeEdit, "there was a %s and is a %s now", out.Type, now.Type)
	case now.Type == workspace.None:
		return nil
	case now.Ino != out.Ino || now.Mode != out.Mode:
		return clash(s.path, EditEdit, "the workspace has changed it just now")
	case now.Type == workspace.Dir || now.Unchanged(out):
		return nil
	case now.Size != out.Size || now.Mtime != out.Mtime:
		return clash(s.path, EditEdit, "the workspace has changed it just now")
	case now.Type != workspace.File || !s.out.Hash.Known():
		return nil // Only the ctime differs: a link was made or moved.
	}
	// A rename of one hard link by an earlier step moves the ctime of all of them.
	if hash, _, err := t.root.HashFile(s.path); err != nil || hash != s.out.Hash {
		return clash(s.path, EditEdit, "the workspace has changed it just now")
	}
	return nil
}

func (t *transaction) expectEmpty(path workspace.Path) error {
	empty, err := isEmpty(t.root, path)
	if replaced(err) {
		return clash(path, TypeEdit, "the workspace has replaced it just now")
	}
	if err == nil && !empty {
		err = clash(path, AddDelete, "something was added to it just now")
	}
	return err
}

func isEmpty(root *workspace.Root, path workspace.Path) (bool, error) {
	dir, err := root.OpenDir(path)
	if err != nil {
		return false, err
	}
	defer dir.Close()
	_, err = dir.Readdirnames(1)
	if errors.Is(err, io.EOF) {
		return true, nil
	}
	return false, err
}

// move is the one place where names change in the workspace.
func (t *transaction) move(a action, dir *os.File, name string, slot int) error {
	from, slotName := t.area.root.Fd(), slotPath(slot).Base()
	switch a {
	case put:
		return t.calls.rename(from, slotName, int(dir.Fd()), name, unix.RENAME_NOREPLACE)
	case take:
		return t.calls.rename(int(dir.Fd()), name, from, slotName, unix.RENAME_NOREPLACE)
	case swap:
		return t.calls.rename(from, slotName, int(dir.Fd()), name, unix.RENAME_EXCHANGE)
	}
	return fmt.Errorf("BUG: moving by action %d", a)
}

func moveError(s *step, err error) error {
	switch {
	case errors.Is(err, fs.ErrExist):
		return clash(s.path, AddAdd, "something was put there just now")
	case errors.Is(err, fs.ErrNotExist):
		return clash(s.path, DeleteEdit, "it was removed just now")
	case errors.Is(err, unix.EBUSY):
		return clash(s.path, Mount, "it is a mount point")
	case errors.Is(err, unix.EINVAL):
		return fmt.Errorf("move %q: the file system of the workspace has no atomic exchange of names: %w", s.path, err)
	case errors.Is(err, unix.EXDEV):
		return fmt.Errorf("move %q: the file system of the workspace does not move this %s: %w", s.path, s.out.Type, err)
	}
	return fmt.Errorf("move %q: %w", s.path, err)
}

// checkOut compares what came out with what was there before: between the look and the rename the user may have saved
// the file again. Its content is compared at the end, for all files at once.
func (t *transaction) checkOut(s *step, before workspace.Stat) error {
	if s.action == put {
		return nil
	}
	e, err := t.area.lookup(s.slot)
	if err != nil {
		return fmt.Errorf("stat backup of %q: %w", s.path, err)
	}
	if e.Type != before.Type || e.Ino != before.Ino || e.Mode != before.Mode {
		return clash(s.path, EditEdit, "the workspace has replaced it just now")
	}
	if e.Type != workspace.Dir {
		if e.Size != before.Size || e.Mtime != before.Mtime {
			return clash(s.path, EditEdit, "the workspace has changed it just now")
		}
		return nil
	}
	empty, err := isEmpty(t.area.root, slotPath(s.slot))
	if err == nil && !empty {
		err = clash(s.path, AddDelete, "something was added to it just now")
	}
	return err
}

// checkIn makes sure that the directory of the step is still the one at its path. If it was moved away between its
// opening and the rename, the change landed wherever it is now: it is taken back through the same descriptor.
func (t *transaction) checkIn(dir *os.File, name string, s *step) error {
	there, err := t.root.Lookup(s.path.Dir())
	is, errDir := workspace.StatFile(dir)
	if err == nil && errDir == nil && is.SameFile(there.Stat) {
		return nil
	}
	if _, err := t.revertAt(dir, name, s); err != nil {
		return fmt.Errorf("take back %q: %w", s.path, err)
	}
	return clash(s.path, Parent, "its directory was moved away just now")
}

// sameInode compares what lasts: a device number may change from one boot to the next, and an area and its workspace
// are on one file system.
func sameInode(a, b workspace.Stat) bool { return a.Type == b.Type && a.Ino == b.Ino }

// chmod changes the mode of the inode that the plan saw.
func (t *transaction) chmod(dir *os.File, name string, s *step) error {
	return t.setMode(dir, name, s.path, s.in.Stat, s.out.Mode, s.in.Mode)
}

func (t *transaction) setMode(dir *os.File, name string, path workspace.Path, want workspace.Stat, from, to uint32) error {
	fd, err := unix.Openat(int(dir.Fd()), name, unix.O_PATH|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if replaced(err) {
		return clash(path, DeleteEdit, "it was removed just now")
	}
	if err != nil {
		return fmt.Errorf("open %q: %w", path, err)
	}
	f := os.NewFile(uintptr(fd), name)
	defer f.Close()
	stat, err := workspace.StatFile(f)
	if err != nil {
		return fmt.Errorf("stat %q: %w", path, err)
	}
	if !sameInode(stat, want) || stat.Mode != from || stat.Mount != t.root.Stat().Mount {
		return clash(path, ModeMode, "the workspace has changed it just now")
	}
	if err := t.calls.chmod(f, to); err != nil {
		return fmt.Errorf("set mode of %q: %w", path, err)
	}
	if stat, err = workspace.StatFile(f); err == nil && stat.Mode != to {
		err = fmt.Errorf("set mode of %q to %04o: it became %04o", path, to, stat.Mode)
	}
	return err
}
