package workspace

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// resolveStrictly keeps a lookup beneath the root: no "..", no symlink anywhere in the path, no /proc magic link, no
// mount point. os.Root follows links that stay inside, which is how a swapped directory redirects a write.
const resolveStrictly = unix.RESOLVE_BENEATH | unix.RESOLVE_NO_SYMLINKS | unix.RESOLVE_NO_MAGICLINKS | unix.RESOLVE_NO_XDEV

// ErrNotRegular says that a path which should be a file is something else.
var ErrNotRegular = errors.New("not a regular file")

// Root is an open directory tree. It holds a file descriptor, so it goes on meaning the same directory when the path
// is renamed or replaced. It is safe for concurrent use.
type Root struct {
	dir   *os.File
	path  string
	stat  Stat
	local bool // see isLocal
}

// Open opens the directory dir, following symlinks in dir itself.
func Open(dir string) (*Root, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("open workspace %q: %w", dir, err)
	}
	path, err := filepath.EvalSymlinks(abs)
	if err != nil {
		return nil, fmt.Errorf("open workspace: %w", err)
	}
	fd, err := unix.Open(path, unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("open workspace: %w", &fs.PathError{Op: "open", Path: path, Err: err})
	}
	stat, err := statAt(fd, "")
	if err != nil {
		unix.Close(fd)
		return nil, fmt.Errorf("open workspace %q: %w", path, err)
	}
	return &Root{dir: os.NewFile(uintptr(fd), path), path: path, stat: stat, local: isLocal(fd)}, nil
}

// Close releases the directory.
func (r *Root) Close() error { return r.dir.Close() }

// Path is the absolute path, free of symlinks, that the root was opened by.
func (r *Root) Path() string { return r.path }

// Fd is an O_PATH descriptor of the root directory, valid until Close.
func (r *Root) Fd() int { return int(r.dir.Fd()) }

// Stat is the fingerprint that the root directory had when it was opened.
func (r *Root) Stat() Stat { return r.stat }

func (r *Root) open(path Path, flags uint64) (int, error) {
	how := unix.OpenHow{Flags: flags | unix.O_CLOEXEC | unix.O_NOFOLLOW, Resolve: resolveStrictly}
	for {
		fd, err := unix.Openat2(r.Fd(), string(path), &how)
		switch err {
		case nil:
			return fd, nil
		case unix.EINTR, unix.EAGAIN: // EAGAIN: a rename elsewhere raced with the lookup.
			continue
		}
		return -1, &fs.PathError{Op: "open", Path: string(path), Err: err}
	}
}

// OpenFile opens a regular file for reading. A FIFO or device that took its place neither blocks nor is read.
func (r *Root) OpenFile(path Path) (*os.File, error) {
	fd, err := r.open(path, unix.O_RDONLY|unix.O_NONBLOCK|unix.O_NOCTTY)
	if err != nil {
		return nil, err
	}
	stat, err := statAt(fd, "")
	if err == nil && stat.Type != File {
		err = &fs.PathError{Op: "open", Path: string(path), Err: fmt.Errorf("%w but a %s", ErrNotRegular, stat.Type)}
	}
	if err != nil {
		unix.Close(fd)
		return nil, err
	}
	return os.NewFile(uintptr(fd), string(path)), nil
}

// OpenDir opens a directory for reading its names.
func (r *Root) OpenDir(path Path) (*os.File, error) {
	fd, err := r.open(path, unix.O_RDONLY|unix.O_DIRECTORY)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), string(path)), nil
}

// OpenParent opens the directory that holds path, as an O_PATH descriptor for the *at system calls, and gives the
// name that path has in it.
func (r *Root) OpenParent(path Path) (dir *os.File, name string, err error) {
	if path == Dot {
		return nil, "", &fs.PathError{Op: "open parent", Path: string(path), Err: fs.ErrInvalid}
	}
	fd, err := r.open(path.Dir(), unix.O_PATH|unix.O_DIRECTORY)
	if err != nil {
		return nil, "", err
	}
	return os.NewFile(uintptr(fd), string(path.Dir())), path.Base(), nil
}

// Lookup is what stands at path now, without the content: a symlink's own text, never what it points to. The error
// is fs.ErrNotExist where nothing does, and also where a parent is not a directory any more but a file or a symlink.
func (r *Root) Lookup(path Path) (Entry, error) {
	if path == Dot {
		stat, err := statAt(r.Fd(), "")
		return Entry{Path: Dot, Stat: stat}, err
	}
	dir, name, err := r.OpenParent(path)
	if errors.Is(err, unix.ENOTDIR) {
		return Entry{}, &fs.PathError{Op: "lookup", Path: string(path), Err: fs.ErrNotExist}
	}
	if err != nil {
		return Entry{}, err
	}
	defer dir.Close()
	return entryAt(int(dir.Fd()), name, path)
}

// entryAt is Lookup below an open directory.
func entryAt(dir int, name string, path Path) (Entry, error) {
	stat, err := statAt(dir, name)
	if err != nil {
		return Entry{}, &fs.PathError{Op: "stat", Path: string(path), Err: err}
	}
	e := Entry{Path: path, Stat: stat}
	if stat.Type == Symlink {
		if e.Target, err = readlinkAt(dir, name); err != nil {
			return Entry{}, &fs.PathError{Op: "readlink", Path: string(path), Err: err}
		}
	}
	return e, nil
}

// HashFile reads the regular file at path and returns the hash of its content with its fingerprint, which was the same
// before the first and after the last byte; otherwise it is ErrChanged.
func (r *Root) HashFile(path Path) (Hash, Stat, error) {
	f, err := r.OpenFile(path)
	if err != nil {
		return Hash{}, Stat{}, err
	}
	defer f.Close()
	e := Entry{Path: path}
	if e.Stat, err = StatFile(f); err != nil {
		return Hash{}, Stat{}, err
	}
	if err := e.HashOpen(context.Background(), f, make([]byte, 64<<10)); err != nil {
		return Hash{}, Stat{}, err
	}
	return e.Hash, e.Stat, nil
}

// StatFile is the fingerprint of an open file, O_PATH descriptors included.
func StatFile(f *os.File) (Stat, error) { return statAt(int(f.Fd()), "") }

// StatAt is the fingerprint of name in the directory dir, of a symlink itself.
func StatAt(dir *os.File, name string) (Stat, error) { return statAt(int(dir.Fd()), name) }

// statAt stats name in the directory fd, or fd itself where name is empty.
func statAt(fd int, name string) (Stat, error) {
	var x unix.Statx_t
	flags := unix.AT_SYMLINK_NOFOLLOW | unix.AT_NO_AUTOMOUNT
	if name == "" {
		flags |= unix.AT_EMPTY_PATH
	}
	if err := unix.Statx(fd, name, flags, unix.STATX_BASIC_STATS|unix.STATX_MNT_ID, &x); err != nil {
		return Stat{}, err
	}
	return statOf(&x), nil
}

func statOf(x *unix.Statx_t) Stat {
	return Stat{
		Type:  TypeOf(uint32(x.Mode)),
		Mode:  uint32(x.Mode) & 0o7777,
		Size:  int64(x.Size),
		Mtime: x.Mtime.Sec*1e9 + int64(x.Mtime.Nsec),
		Ctime: x.Ctime.Sec*1e9 + int64(x.Ctime.Nsec),
		Dev:   unix.Mkdev(x.Dev_major, x.Dev_minor),
		Ino:   x.Ino,
		Nlink: uint64(x.Nlink),
		UID:   x.Uid,
		GID:   x.Gid,
		Rdev:  unix.Mkdev(x.Rdev_major, x.Rdev_minor),
		Mount: x.Mnt_id,
	}
}

func readlinkAt(dir int, name string) (string, error) {
	for size := 256; ; size *= 2 {
		buf := make([]byte, size)
		n, err := unix.Readlinkat(dir, name, buf)
		if err != nil {
			return "", err
		}
		if n < size {
			return string(buf[:n]), nil
		}
	}
}
