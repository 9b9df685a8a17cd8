package workspace

import (
	"io/fs"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Place is a name in a directory that is being read. It is good until the call that brought it returns.
type Place struct {
	Path Path
	Type Type // as the directory says, which may be out of date; None where it does not say

	root *Root
	dir  int
	name *byte // ends with NUL
}

// Base is the last component of the path.
func (p *Place) Base() string { return p.Path.Base() }

// Lookup is Root.Lookup of the path, at the price of one component.
func (p *Place) Lookup() (Entry, error) {
	e := Entry{Path: p.Path}
	var x unix.Statx_t
	if err := statxAt(p.dir, p.name, unix.AT_SYMLINK_NOFOLLOW|unix.AT_NO_AUTOMOUNT, &x); err != 0 {
		return Entry{}, &fs.PathError{Op: "stat", Path: string(p.Path), Err: err}
	}
	e.Stat = statOf(&x)
	if e.Type == Symlink {
		var err error
		if e.Target, err = readlinkAt(p.dir, p.Base()); err != nil {
			return Entry{}, &fs.PathError{Op: "readlink", Path: string(p.Path), Err: err}
		}
	}
	return e, nil
}

// Open opens the regular file at the place as h and tells its fingerprint. It is ErrNotRegular where something else
// stands there, ELOOP where that is a symlink, and EXDEV where it is a mount point.
func (p *Place) Open(h *Handle) (Stat, error) {
	fd, err := p.root.openAt(p.dir, p.name, 0)
	if err != 0 {
		return Stat{}, &fs.PathError{Op: "open", Path: string(p.Path), Err: err}
	}
	return h.begin(fd, p.root, p.Path)
}

// statxAt is statAt for a name that ends with NUL.
func statxAt(dir int, name *byte, flags uintptr, x *unix.Statx_t) unix.Errno {
	for {
		_, _, err := unix.Syscall6(unix.SYS_STATX, uintptr(dir), uintptr(unsafe.Pointer(name)), flags, unix.STATX_BASIC_STATS|unix.STATX_MNT_ID, uintptr(unsafe.Pointer(x)), 0)
		if err != unix.EINTR {
			return err
		}
	}
}
