package stage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"cofferdam/overlay"
	"cofferdam/workspace"

	"golang.org/x/sys/unix"
)

// repositories is the .git directories in whose place the view has room for one of its own.
func (b *builder) repositories() []workspace.Path {
	if b.plan.Git != GitSnapshot {
		return nil
	}
	return b.plan.emptied(b.report.Ledger)
}

// AddRepository makes room in the mask of a view that was built of root for a repository that the project does not have:
// an empty directory at at. Repositories does not name it.
func (v *View) AddRepository(root *workspace.Root, at workspace.Path) error {
	if v.Kind == Copy {
		return v.keepRepository(at)
	}
	mask, err := overlay.NewMask(v.Mask, root)
	if err != nil {
		return err
	}
	defer mask.Close()
	return errors.Join(mask.Empty(at), mask.Finish())
}

// keepRepository makes room beside a copy. It is a plain directory: a copy is made also where overlayfs, and what it needs
// of a file system, is not to be had, and what its mask has of attributes shows nowhere.
func (v *View) keepRepository(at workspace.Path) error {
	if err := os.Chmod(v.Mask, 0o700); err != nil {
		return err
	}
	return os.MkdirAll(filepath.Join(v.Mask, string(at)), 0o700)
}

// ShowRepository lets the view show the repository that was put into the mask at at, one of Repositories. It does nothing
// where the mask is a layer of the view. A copy gets a copy of it, which is the command's to change as the rest is: what
// the mask has stays as it was made. Nothing may run on the view yet.
func (v *View) ShowRepository(ctx context.Context, at workspace.Path) error {
	if v.Kind != Copy {
		return nil
	}
	if err := v.copyRepository(ctx, at); err != nil {
		return fmt.Errorf("copy %q: %w", at, err)
	}
	return nil
}

func (v *View) copyRepository(ctx context.Context, at workspace.Path) error {
	tree, err := workspace.Open(v.Copy)
	if err != nil {
		return err
	}
	defer tree.Close()
	around, err := lookupDir(tree, at.Dir())
	if err != nil {
		return err
	}
	top, err := openUp(tree, at)
	if err != nil {
		return err
	}
	src, err := workspace.Open(filepath.Join(v.Mask, string(at)))
	if err != nil {
		return err
	}
	defer src.Close()
	c, err := newCopier(src, filepath.Join(tree.Path(), string(at)))
	if err != nil {
		return err
	}
	defer c.close()
	if err := c.copyAll(ctx); err != nil {
		return err
	}
	whole := &copier{dst: tree, uid: c.uid}
	if err := errors.Join(whole.finishDir(top), whole.finishDir(around)); err != nil {
		return err
	}
	return v.noteCopied(ctx, tree, c.dst, at)
}

// openUp makes the directory at at one to write into, and is what it shall be like in the end. Where the project has a
// .git file, or none, a copy has nothing.
func openUp(tree *workspace.Root, at workspace.Path) (workspace.Entry, error) {
	e, err := lookupDir(tree, at)
	if err == nil {
		return e, unix.Fchmodat(tree.Fd(), string(at), 0o700, 0)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return e, err
	}
	// The directory around it may be one that cannot be written to.
	if err := unix.Fchmodat(tree.Fd(), string(at.Dir()), 0o700, 0); err != nil {
		return e, err
	}
	if err := unix.Mkdirat(tree.Fd(), string(at), 0o700); err != nil {
		return e, err
	}
	if e, err = tree.Lookup(at); err == nil {
		e.Mode, e.Mtime = 0o755, time.Now().UnixNano()
	}
	return e, err
}

func lookupDir(tree *workspace.Root, path workspace.Path) (workspace.Entry, error) {
	e, err := tree.Lookup(path)
	if err == nil && e.Type != workspace.Dir {
		err = fmt.Errorf("BUG: %q is a %s of the copy", path, e.Type)
	}
	return e, err
}

// copyAll copies all that its source has. Nobody changes that, but its files may get and lose other names.
func (c *copier) copyAll(ctx context.Context) error {
	var moved []workspace.Path
	for range maxRounds {
		entries, err := listAll(ctx, c.src)
		if err != nil {
			return err
		}
		if moved, err = c.copy(ctx, entries); err != nil {
			return err
		}
		if len(moved) == 0 {
			return c.finish(entries)
		}
	}
	return &UnsettledError{moved[0], maxRounds}
}

func listAll(ctx context.Context, root *workspace.Root) ([]workspace.Entry, error) {
	entries, failures, err := workspace.List(ctx, root, nil)
	if err == nil && len(failures) > 0 {
		err = failures[0].Err
	}
	return entries, err
}

// noteCopied notes what the copy has at at, and that the directory around it was changed.
func (v *View) noteCopied(ctx context.Context, tree, repository *workspace.Root, at workspace.Path) error {
	entries, err := listAll(ctx, repository)
	if err != nil {
		return err
	}
	for i := range entries {
		entries[i].Path = at.Join(string(entries[i].Path))
	}
	for _, path := range []workspace.Path{at.Dir(), at} {
		e, err := tree.Lookup(path)
		if err != nil {
			return err
		}
		entries = append(entries, e)
	}
	workspace.SortEntries(entries)
	v.Copied = v.Copied.Updated(entries)
	return nil
}
