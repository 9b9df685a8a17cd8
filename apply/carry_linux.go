package apply

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"

	"cofferdam/change"
	"cofferdam/workspace"
)

// carry copies slot i of the area from into slot i of t's, times and all: a backup goes home to the journal directory
// where that is on another file system, and comes back for undo. Only the inode is not the same after it.
func (t *transaction) carry(ctx context.Context, from *area, i int, want change.Side) error {
	e, err := from.lookup(i)
	if err != nil {
		return err
	}
	return t.carryEntry(ctx, from, e, i, want)
}

// carryAs copies slot i, whatever it holds, into slot to.
func (t *transaction) carryAs(ctx context.Context, from *area, i, to int) error {
	e, err := from.lookup(i)
	if err == nil && e.Type == workspace.File {
		err = rehash(from.root, &e)
	}
	if err != nil {
		return err
	}
	return t.carryEntry(ctx, from, e, to, contentOf(e))
}

func (t *transaction) carryEntry(ctx context.Context, from *area, e workspace.Entry, to int, want change.Side) (err error) {
	heir := heritage{uid: int(e.UID), gid: int(e.GID)}
	switch e.Type {
	case workspace.File:
		err = t.carryFile(ctx, from, e, to, want)
	case workspace.Dir:
		heir.xattrs, err = dirXattrs(from, e.Path)
		if err == nil {
			err = t.makeDir(to, e.Mode, heir)
		}
	case workspace.Symlink:
		err = t.makeLink(to, e.Target, heir)
	case workspace.FIFO, workspace.Socket:
		err = t.carrySpecial(e, to)
	default:
		err = fmt.Errorf("a %s cannot be copied", e.Type)
	}
	if err != nil {
		return err
	}
	return t.calls.setMtime(t.area.root.Fd(), slotPath(to).Base(), e.Mtime)
}

func (t *transaction) carryFile(ctx context.Context, from *area, e workspace.Entry, to int, want change.Side) error {
	src, err := from.root.OpenFile(e.Path)
	if err != nil {
		return err
	}
	defer src.Close()
	xattrs, err := readXattrs(src, ownXattr)
	if err != nil {
		return err
	}
	dst, err := t.calls.create(t.area.root.Fd(), slotPath(to).Base())
	if err != nil {
		return err
	}
	defer dst.Close()
	if err := copyContent(ctx, dst, src, want, t.calls); err != nil {
		return err
	}
	return t.finish(dst, to, e.Mode, heritage{uid: int(e.UID), gid: int(e.GID), xattrs: xattrs})
}

func (t *transaction) carrySpecial(e workspace.Entry, to int) error {
	kind := uint32(unix.S_IFIFO)
	if e.Type == workspace.Socket {
		kind = unix.S_IFSOCK
	}
	name := slotPath(to).Base()
	if err := t.calls.mknod(t.area.root.Fd(), name, kind|0o600); err != nil {
		return err
	}
	fd, err := unix.Openat(t.area.root.Fd(), name, unix.O_PATH|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	f := os.NewFile(uintptr(fd), name)
	defer f.Close()
	return t.calls.chmod(f, e.Mode)
}

func dirXattrs(from *area, slot workspace.Path) (map[string][]byte, error) {
	f, err := from.root.OpenDir(slot)
	if errors.Is(err, os.ErrPermission) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readXattrs(f, ownXattr)
}

func ownXattr(name string) bool {
	return strings.HasPrefix(name, "user.") || name == accessACL || name == defaultACL
}
