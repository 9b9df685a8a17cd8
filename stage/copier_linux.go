package stage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"cofferdam/workspace"

	"golang.org/x/sys/unix"
)

// copier makes a directory hold chosen entries of a workspace. It can be told another choice, and then does what
// differs.
type copier struct {
	src, dst *workspace.Root
	content  duplicator
	done     map[workspace.Path]workspace.Entry // what it copied, as it was in the workspace
	uid      int

	redacted map[workspace.Path]*redactedFile // the texts to write in place of files
}

func newCopier(src *workspace.Root, dir string) (*copier, error) {
	dst, err := workspace.Open(dir)
	if err != nil {
		return nil, err
	}
	if names, err := os.ReadDir(dir); err != nil || len(names) > 0 {
		dst.Close()
		return nil, errors.Join(err, fmt.Errorf("copy into %s: it is not empty", dir))
	}
	return &copier{src: src, dst: dst, done: map[workspace.Path]workspace.Entry{}, uid: os.Geteuid()}, nil
}

func (c *copier) close() error { return c.dst.Close() }

// copy makes the directory hold want, which is in path order, and returns the files that were not as want says any
// more. They are left out.
func (c *copier) copy(ctx context.Context, want []workspace.Entry) (moved []workspace.Path, err error) {
	if err := c.dropStale(want); err != nil {
		return nil, err
	}
	firsts := map[inode]workspace.Path{} // of the names of a file, the one that is copied
	var files, links []workspace.Entry
	for _, e := range want {
		id := inode{e.Dev, e.Ino}
		_, linked := firsts[id]
		_, done := c.done[e.Path]
		switch {
		case e.Type == workspace.File && e.Nlink > 1 && !linked:
			firsts[id] = e.Path
		case e.Type == workspace.File && linked && !done:
			links = append(links, e)
			continue
		}
		if done {
			continue
		}
		if e.Type == workspace.File {
			files = append(files, e)
		} else if err := c.make(e); err != nil {
			return nil, err
		}
	}
	if moved, err = c.copyFiles(ctx, files); err != nil {
		return nil, err
	}
	return c.linkFiles(links, firsts, moved)
}

func (c *copier) make(e workspace.Entry) error {
	switch e.Type {
	case workspace.Dir:
		return c.makeDir(e)
	case workspace.Symlink:
		return c.makeSymlink(e)
	}
	return fmt.Errorf("copy %q: BUG: a %s is to be visible", e.Path, e.Type)
}

// forget removes the copy of a path, to be copied again.
func (c *copier) forget(path workspace.Path) error {
	e, ok := c.done[path]
	if !ok {
		return nil
	}
	flags := 0
	if e.Type == workspace.Dir {
		flags = unix.AT_REMOVEDIR
	}
	if err := unix.Unlinkat(c.dst.Fd(), string(path), flags); err != nil {
		return &fs.PathError{Op: "remove copy", Path: string(path), Err: err}
	}
	delete(c.done, path)
	return nil
}

// dropStale removes what is not wanted any more, or not as it was copied, the deepest first.
func (c *copier) dropStale(want []workspace.Entry) error {
	if len(c.done) == 0 {
		return nil
	}
	keep := make(map[workspace.Path]bool, len(want))
	for i := range want {
		done, ok := c.done[want[i].Path]
		keep[want[i].Path] = ok && sameSource(&done, &want[i])
	}
	var stale []workspace.Path
	for path, e := range c.done {
		if e.Type == workspace.Dir { // It has its final mode, under which it may not be writable.
			if err := unix.Fchmodat(c.dst.Fd(), string(path), 0o700, 0); err != nil {
				return &fs.PathError{Op: "chmod copy", Path: string(path), Err: err}
			}
		}
		if !keep[path] {
			stale = append(stale, path)
		}
	}
	slices.Sort(stale)
	for _, path := range slices.Backward(stale) {
		if err := c.forget(path); err != nil {
			return err
		}
	}
	return nil
}

func sameSource(a, b *workspace.Entry) bool {
	if a.Type == workspace.Dir || b.Type == workspace.Dir {
		return a.Type == b.Type
	}
	return a.Unchanged(b.Stat) && a.UID == b.UID && a.GID == b.GID && a.Target == b.Target && a.Hash == b.Hash
}

func (c *copier) makeDir(e workspace.Entry) error {
	if err := unix.Mkdirat(c.dst.Fd(), string(e.Path), 0o700); err != nil {
		return &fs.PathError{Op: "make directory", Path: string(e.Path), Err: err}
	}
	c.done[e.Path] = e
	return nil
}

func (c *copier) makeSymlink(e workspace.Entry) error {
	err := unix.Symlinkat(e.Target, c.dst.Fd(), string(e.Path))
	if err == nil {
		_ = unix.Fchownat(c.dst.Fd(), string(e.Path), int(e.UID), int(e.GID), unix.AT_SYMLINK_NOFOLLOW) // root may
		err = unix.UtimesNanoAt(c.dst.Fd(), string(e.Path), times(e), unix.AT_SYMLINK_NOFOLLOW)
	}
	if err != nil {
		return &fs.PathError{Op: "make symlink", Path: string(e.Path), Err: err}
	}
	c.done[e.Path] = e
	return nil
}

// linkFiles makes the further names of files. A name whose first one has moved has moved with it.
func (c *copier) linkFiles(links []workspace.Entry, firsts map[inode]workspace.Path, moved []workspace.Path) ([]workspace.Path, error) {
	for _, e := range links {
		first := firsts[inode{e.Dev, e.Ino}]
		if _, done := c.done[first]; !done {
			moved = append(moved, e.Path)
			continue
		}
		if err := unix.Linkat(c.dst.Fd(), string(first), c.dst.Fd(), string(e.Path), 0); err != nil {
			return nil, &fs.PathError{Op: "link", Path: string(e.Path), Err: err}
		}
		c.done[e.Path] = e
	}
	slices.Sort(moved)
	return moved, nil
}
