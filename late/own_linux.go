package late

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/sys/unix"

	"cofferdam/workspace"
)

// ownership is what the command has made of a path.
type ownership int

const (
	untouched ownership = iota // the view shows the project's
	apart                      // something of its own, or nothing: the view does not show the project's
	mixed                      // a copy with changes of its own, in which the secret may be
)

// own looks at the upper layer. A file there may have been copied from the project when the secret was in it, or before, or
// have nothing to do with it; where that cannot be told, it counts as a copy with the secret, and is kept aside.
func (g *Guard) own(ctx context.Context, name workspace.Path, s secret) ownership {
	e, err := g.Upper.Lookup(name)
	switch {
	case err != nil:
		return untouched
	case e.Type == workspace.CharDevice && e.Rdev == 0: // a whiteout
		return apart
	case e.Type == workspace.Dir && s.now.Type == workspace.Dir:
		return g.ownDir(name)
	case e.Type != workspace.File || s.gone || s.now.Type != workspace.File:
		return apart
	}
	return g.ownFile(ctx, e, s)
}

func (g *Guard) ownFile(ctx context.Context, e workspace.Entry, s secret) ownership {
	hash, _, err := g.Upper.HashFile(e.Path)
	theirs, _, theirErr := g.Root.HashFile(s.now.Path)
	if err == nil && theirErr == nil && hash == theirs {
		return untouched // It was opened for writing, no more. Nothing is lost.
	}
	v, err := g.Judge(ctx, g.Upper, e.Path)
	switch {
	case err != nil:
		return mixed
	case v.Rule == "":
		return apart
	case v.ByName && s.ByName:
		if born(g.Upper, e.Path) < born(g.Root, s.now.Path) {
			return apart
		}
		return mixed
	case slices.ContainsFunc(v.Values, func(value string) bool { return slices.Contains(s.Values, value) }):
		return mixed
	}
	return apart
}

// ownDir looks at a directory that is a secret as a whole.
func (g *Guard) ownDir(name workspace.Path) ownership {
	dir, err := g.Upper.OpenDir(name)
	if err != nil {
		return mixed
	}
	defer dir.Close()
	var value [8]byte
	if n, err := unix.Fgetxattr(int(dir.Fd()), "user.overlay.opaque", value[:]); err == nil && string(value[:n]) == "y" {
		return apart
	}
	return mixed
}

// born is when a file was made, in nanoseconds since the epoch; 0 where nobody knows.
func born(root *workspace.Root, path workspace.Path) int64 {
	f, err := root.OpenFile(path)
	if err != nil {
		return 0
	}
	defer f.Close()
	var x unix.Statx_t
	if err := unix.Statx(int(f.Fd()), "", unix.AT_EMPTY_PATH, unix.STATX_BTIME, &x); err != nil || x.Mask&unix.STATX_BTIME == 0 {
		return 0
	}
	return x.Btime.Sec*1e9 + int64(x.Btime.Nsec)
}

// keep gives what the command has at a path of the upper layer a second name in the directory for that: what it goes on
// writing to an open file is kept too. It returns the name, relative to the directory that holds that one.
func (g *Guard) keep(name workspace.Path) (string, error) {
	if err := os.MkdirAll(g.Aside, 0o700); err != nil {
		return "", err
	}
	g.kept++
	at := filepath.Join(g.Aside, fmt.Sprintf("%04d", g.kept))
	if err := g.link(name, at, 0); err != nil {
		return "", fmt.Errorf("keep what the command made of it: %w", err)
	}
	return filepath.Join(filepath.Base(g.Aside), filepath.Base(at)), nil
}

// maxDepth bounds how deep a directory may be that is kept.
const maxDepth = 256

func (g *Guard) link(path workspace.Path, to string, depth int) error {
	parent, name, err := g.Upper.OpenParent(path)
	if err != nil {
		return err
	}
	defer parent.Close()
	stat, err := workspace.StatAt(parent, name)
	switch {
	case err != nil:
		return err
	case stat.Type == workspace.Dir && depth < maxDepth:
		return g.linkDir(path, to, depth)
	case stat.Type == workspace.File:
		return unix.Linkat(int(parent.Fd()), name, unix.AT_FDCWD, to, 0)
	}
	return nil
}

func (g *Guard) linkDir(path workspace.Path, to string, depth int) error {
	if err := os.Mkdir(to, 0o700); err != nil {
		return err
	}
	dir, err := g.Upper.OpenDir(path)
	if err != nil {
		return err
	}
	defer dir.Close()
	names, err := dir.Readdirnames(-1)
	for _, name := range names {
		if err == nil {
			err = g.link(path.Join(name), filepath.Join(to, name), depth+1)
		}
	}
	return err
}
