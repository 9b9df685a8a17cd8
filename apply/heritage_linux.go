package apply

import (
	"errors"
	"os"
	"strings"

	"golang.org/x/sys/unix"

	"cofferdam/workspace"
)

const (
	accessACL  = "system.posix_acl_access"
	defaultACL = "system.posix_acl_default"
)

// heritage is what a new file takes over from the workspace and not from whoever wrote it: the owner, and extended
// attributes. Never security.* ones: a capability or a label is the kernel's to give.
type heritage struct {
	uid, gid int // -1: as it comes
	xattrs   map[string][]byte
}

// heirOf reads what replaces e: the file's own heritage, so that an edit keeps them.
func heirOf(root *workspace.Root, e workspace.Entry) (heritage, error) {
	h := heritage{uid: -1, gid: int(e.GID)}
	if os.Geteuid() == 0 {
		h.uid = int(e.UID)
	} else if h.gid == os.Getegid() {
		h.gid = -1
	}
	if e.Type != workspace.File {
		return h, nil
	}
	f, err := root.OpenFile(e.Path)
	if errors.Is(err, os.ErrPermission) {
		return h, nil // A file that its owner cannot read has attributes that he cannot read.
	}
	if err != nil {
		return h, err
	}
	defer f.Close()
	h.xattrs, err = readXattrs(f, func(name string) bool { return name == accessACL || strings.HasPrefix(name, "user.") })
	return h, err
}

// heirIn reads what is new in the directory dir: the owner as root, the group of a setgid directory, the default
// access control list. The kernel would hand these down if the file were made in place.
func heirIn(root *workspace.Root, dir workspace.Entry) (heritage, error) {
	h := heritage{uid: -1, gid: -1}
	switch {
	case os.Geteuid() == 0:
		h.uid, h.gid = int(dir.UID), int(dir.GID)
	case dir.Mode&unix.S_ISGID != 0 && int(dir.GID) != os.Getegid():
		h.gid = int(dir.GID)
	}
	f, err := root.OpenDir(dir.Path)
	if errors.Is(err, os.ErrPermission) {
		return h, nil
	}
	if err != nil {
		return h, err
	}
	defer f.Close()
	h.xattrs, err = readXattrs(f, func(name string) bool { return name == defaultACL })
	return h, err
}

// forType is h as a new file of type t takes it: the default list of the directory is the file's access list, which
// the mode then narrows.
func (h heritage) forType(t workspace.Type) heritage {
	acl, ok := h.xattrs[defaultACL]
	switch {
	case !ok:
	case t == workspace.File:
		h.xattrs = map[string][]byte{accessACL: acl}
	case t == workspace.Dir:
		h.xattrs = map[string][]byte{accessACL: acl, defaultACL: acl}
	}
	return h
}

// give hands h to the new file f, which is name in the directory dir. The mode comes after it: chown clears bits, and
// an access list sets some.
func (h heritage) give(c calls, f *os.File, dir int, name string) error {
	if err := h.giveOwner(c, dir, name); err != nil {
		return err
	}
	for attr, value := range h.xattrs {
		if err := c.setxattr(f, attr, value); err != nil {
			return err
		}
	}
	return nil
}

func (h heritage) giveOwner(c calls, dir int, name string) error {
	if h.uid < 0 && h.gid < 0 {
		return nil
	}
	err := c.chown(dir, name, h.uid, h.gid)
	if err == unix.EPERM && os.Geteuid() != 0 {
		return nil // A group that the user is not in: git and every editor lose it too.
	}
	return err
}

// readXattrs reads the extended attributes of f that want names; a file system without any has none.
func readXattrs(f *os.File, want func(name string) bool) (map[string][]byte, error) {
	fd := int(f.Fd())
	list, err := growing(func(b []byte) (int, error) { return unix.Flistxattr(fd, b) })
	if errors.Is(err, unix.EOPNOTSUPP) || len(list) == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, &os.PathError{Op: "list attributes", Path: f.Name(), Err: err}
	}
	found := map[string][]byte{}
	for name := range strings.SplitSeq(strings.TrimSuffix(string(list), "\x00"), "\x00") {
		if !want(name) {
			continue
		}
		value, err := growing(func(b []byte) (int, error) { return unix.Fgetxattr(fd, name, b) })
		if errors.Is(err, unix.ENODATA) {
			continue
		}
		if err != nil {
			return nil, &os.PathError{Op: "read attribute " + name, Path: f.Name(), Err: err}
		}
		found[name] = value
	}
	return found, nil
}

// growing calls read with buffers that double until the answer fits. The kernel's own limit is 64 KiB.
func growing(read func([]byte) (int, error)) ([]byte, error) {
	for size := 256; ; size *= 2 {
		buf := make([]byte, size)
		n, err := read(buf)
		if err == unix.ERANGE && size <= 1<<17 {
			continue
		}
		return buf[:max(n, 0)], err
	}
}
