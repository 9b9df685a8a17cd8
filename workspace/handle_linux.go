package workspace

import (
	"fmt"
	"io"
	"io/fs"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Handle is a regular file that is open for reading, at the price of the system calls alone: it has no finalizer and
// knows no poller. One goroutine uses it, and closes it. It can be opened again after that.
type Handle struct {
	fd   int
	root *Root
	path Path
	size int64 // when it was opened
	at   int64 // what was read of it
}

// resolveCached has a lookup fail with EAGAIN rather than wait for a disk, since Linux 5.12.
const resolveCached = 0x20

// nowait is the most that is read by a call that does not tell the scheduler. Copying it takes well under 100 µs.
const nowait = 256 << 10

// openAt opens name in the directory fd dir, which a Root resolved, for reading, as one component that is no symlink and
// no mount point. What stands there may be of any type, unless flags say otherwise; it is not waited for.
//
// A system call that may block has to tell the scheduler before and after, which costs a tenth of what opening and
// reading a small file does. So where the root is on a local disk, each step is first asked for in a way in which the
// kernel refuses to wait, and only then in the usual one.
func (r *Root) openAt(dir int, name *byte, flags uint64) (int, unix.Errno) {
	how := unix.OpenHow{
		Flags:   unix.O_RDONLY | unix.O_NOFOLLOW | unix.O_NONBLOCK | unix.O_NOCTTY | unix.O_CLOEXEC | flags,
		Resolve: resolveStrictly | resolveCached,
	}
	if r.local {
		fd, _, err := unix.RawSyscall6(unix.SYS_OPENAT2, uintptr(dir), uintptr(unsafe.Pointer(name)), uintptr(unsafe.Pointer(&how)), unix.SizeofOpenHow, 0, 0)
		if err == 0 {
			return int(fd), 0
		}
	}
	how.Resolve = resolveStrictly
	for {
		fd, _, err := unix.Syscall6(unix.SYS_OPENAT2, uintptr(dir), uintptr(unsafe.Pointer(name)), uintptr(unsafe.Pointer(&how)), unix.SizeofOpenHow, 0, 0)
		if err != unix.EINTR && err != unix.EAGAIN {
			return int(fd), err
		}
	}
}

// Stat is the fingerprint that the file has now.
func (h *Handle) Stat() (Stat, error) {
	var x unix.Stat_t
	if err := h.fstat(&x); err != nil {
		return Stat{}, err
	}
	return Stat{
		Type:  TypeOf(x.Mode),
		Mode:  x.Mode & 0o7777,
		Size:  x.Size,
		Mtime: x.Mtim.Nano(),
		Ctime: x.Ctim.Nano(),
		Dev:   uint64(x.Dev),
		Ino:   x.Ino,
		Nlink: uint64(x.Nlink),
		UID:   x.Uid,
		GID:   x.Gid,
		Rdev:  uint64(x.Rdev),
		Mount: h.root.stat.Mount,
	}, nil
}

// Hollow reports whether the file is so large and so sparse that nobody should read it.
func (h *Handle) Hollow() (bool, error) {
	var x unix.Stat_t
	err := h.fstat(&x)
	return isHollow(&x), err
}

// fstat never waits on a local disk: the inode of an open file is in memory.
func (h *Handle) fstat(x *unix.Stat_t) error {
	var err unix.Errno
	if h.root.local {
		_, _, err = unix.RawSyscall(unix.SYS_FSTAT, uintptr(h.fd), uintptr(unsafe.Pointer(x)), 0)
	} else {
		_, _, err = unix.Syscall(unix.SYS_FSTAT, uintptr(h.fd), uintptr(unsafe.Pointer(x)), 0)
	}
	if err != 0 {
		return h.fail("stat", err)
	}
	return nil
}

// Read implements io.Reader. On a local disk it tells the end of the file with the last bytes where those end at the
// size that the file had when it was opened.
func (h *Handle) Read(p []byte) (n int, err error) {
	if len(p) == 0 {
		return 0, nil
	}
	if h.root.local {
		p = p[:min(len(p), nowait)]
		if n, err = h.readCached(p); err == nil {
			return h.advance(n, n < len(p))
		}
	}
	for {
		n, err = unix.Read(h.fd, p)
		if err == nil {
			return h.advance(n, h.root.local && n < len(p))
		}
		if err != unix.EINTR {
			return 0, h.fail("read", err)
		}
	}
}

func (h *Handle) advance(n int, short bool) (int, error) {
	h.at += int64(n)
	if n == 0 || short && h.at == h.size {
		return n, io.EOF
	}
	return n, nil
}

// readCached reads what lies in the page cache.
func (h *Handle) readCached(p []byte) (int, error) {
	vector := unix.Iovec{Base: unsafe.SliceData(p)}
	vector.SetLen(len(p))
	const here = ^uintptr(0) // at the file's own position
	n, _, err := unix.RawSyscall6(unix.SYS_PREADV2, uintptr(h.fd), uintptr(unsafe.Pointer(&vector)), 1, here, here, unix.RWF_NOWAIT)
	if err != 0 {
		return 0, err
	}
	return int(n), nil
}

// ReadAt implements io.ReaderAt.
func (h *Handle) ReadAt(p []byte, offset int64) (int, error) {
	done := 0
	for done < len(p) {
		n, err := unix.Pread(h.fd, p[done:], offset+int64(done))
		switch {
		case err == unix.EINTR:
			continue
		case err != nil:
			return done, h.fail("read", err)
		case n == 0:
			return done, io.EOF
		}
		done += n
	}
	return done, nil
}

// Close closes the file. Nothing was written, so there is no error to tell.
func (h *Handle) Close() {
	if h.root.local {
		_, _, _ = unix.RawSyscall(unix.SYS_CLOSE, uintptr(h.fd), 0, 0)
	} else {
		_ = unix.Close(h.fd)
	}
}

func (h *Handle) fail(step string, err error) error {
	return &fs.PathError{Op: step, Path: string(h.path), Err: err}
}

// begin makes h that of fd, which has to be a regular file; else it is closed.
func (h *Handle) begin(fd int, r *Root, path Path) (Stat, error) {
	*h = Handle{fd: fd, root: r, path: path}
	stat, err := h.Stat()
	if err == nil && stat.Type != File {
		err = h.fail("open", fmt.Errorf("%w but a %s", ErrNotRegular, stat.Type))
	}
	if err != nil {
		h.Close()
		return Stat{}, err
	}
	h.size = stat.Size
	return stat, nil
}

// onLocalDisk reports whether a file system, by its magic number, has inodes and cached pages that can be had without
// asking anybody. On a network or in user space even closing a file may wait for an answer.
func onLocalDisk(magic int64) bool {
	switch magic {
	case unix.EXT4_SUPER_MAGIC, unix.XFS_SUPER_MAGIC, unix.BTRFS_SUPER_MAGIC, unix.F2FS_SUPER_MAGIC, unix.TMPFS_MAGIC:
		return true
	}
	return false
}

// isLocal reports whether the directory fd lies on a local disk, below a kernel that can refuse to wait.
func isLocal(fd int) bool {
	var disk unix.Statfs_t
	if unix.Fstatfs(fd, &disk) != nil || !onLocalDisk(int64(disk.Type)) {
		return false
	}
	how := unix.OpenHow{Flags: unix.O_PATH | unix.O_DIRECTORY | unix.O_CLOEXEC, Resolve: resolveCached}
	probe, err := unix.Openat2(fd, ".", &how)
	if err != nil {
		return false
	}
	unix.Close(probe)
	return true
}
