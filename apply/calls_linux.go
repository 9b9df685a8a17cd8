package apply

import (
	"io"
	"os"
	"strconv"

	"golang.org/x/sys/unix"

	"cofferdam/internal/atomicfile"
)

// calls is every system call by which this package changes anything, in one place, so that a test can stop the
// process before any of them or make any of them fail.
type calls struct {
	before func(call string) error // nil outside tests
}

func (c calls) check(call string) error {
	if c.before == nil {
		return nil
	}
	return c.before(call)
}

func (c calls) rename(from int, name string, to int, target string, flags uint) error {
	if err := c.check("rename"); err != nil {
		return err
	}
	return unix.Renameat2(from, name, to, target, flags)
}

func (c calls) mkdir(dir int, name string, mode uint32) error {
	if err := c.check("mkdir"); err != nil {
		return err
	}
	return unix.Mkdirat(dir, name, mode)
}

func (c calls) mknod(dir int, name string, mode uint32) error {
	if err := c.check("mknod"); err != nil {
		return err
	}
	return unix.Mknodat(dir, name, mode, 0)
}

func (c calls) symlink(target string, dir int, name string) error {
	if err := c.check("symlink"); err != nil {
		return err
	}
	return unix.Symlinkat(target, dir, name)
}

func (c calls) create(dir int, name string) (*os.File, error) {
	if err := c.check("create"); err != nil {
		return nil, err
	}
	fd, err := unix.Openat(dir, name, unix.O_RDWR|unix.O_CREAT|unix.O_EXCL|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0o600)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), name), nil
}

func (c calls) write(w io.Writer, b []byte) (int, error) {
	if err := c.check("write"); err != nil {
		return 0, err
	}
	return w.Write(b)
}

// clone shares the blocks of src with dst, where the file system can.
func (c calls) clone(dst, src *os.File) error {
	if err := c.check("clone"); err != nil {
		return err
	}
	return unix.IoctlFileClone(int(dst.Fd()), int(src.Fd()))
}

func (c calls) remove(dir int, name string) error {
	if err := c.check("remove"); err != nil {
		return err
	}
	err := unix.Unlinkat(dir, name, 0)
	if err == unix.EISDIR {
		err = unix.Unlinkat(dir, name, unix.AT_REMOVEDIR)
	}
	return err
}

// procPath names an open file, O_PATH descriptors included, for calls that have no form for descriptors.
func procPath(f *os.File) string { return "/proc/self/fd/" + strconv.Itoa(int(f.Fd())) }

// chmod changes the mode of an open file and of nothing that took its name meanwhile.
func (c calls) chmod(f *os.File, mode uint32) error {
	if err := c.check("chmod"); err != nil {
		return err
	}
	return unix.Chmod(procPath(f), mode)
}

func (c calls) chown(dir int, name string, uid, gid int) error {
	if err := c.check("chown"); err != nil {
		return err
	}
	return unix.Fchownat(dir, name, uid, gid, unix.AT_SYMLINK_NOFOLLOW)
}

func (c calls) setxattr(f *os.File, name string, value []byte) error {
	if err := c.check("setxattr"); err != nil {
		return err
	}
	return unix.Fsetxattr(int(f.Fd()), name, value, 0)
}

func (c calls) setMtime(dir int, name string, mtime int64) error {
	if err := c.check("utimes"); err != nil {
		return err
	}
	times := []unix.Timespec{{Nsec: unix.UTIME_OMIT}, unix.NsecToTimespec(mtime)}
	return unix.UtimesNanoAt(dir, name, times, unix.AT_SYMLINK_NOFOLLOW)
}

// sync puts everything on the file system of dir on disk: one syncfs costs less than an fsync for each file. The
// descriptor must not be O_PATH.
func (c calls) sync(dir *os.File) error {
	if err := c.check("syncfs"); err != nil {
		return err
	}
	return unix.Syncfs(int(dir.Fd()))
}

// record replaces a file of the journal. After an error it may be there or not.
func (c calls) record(path string, data func(io.Writer) error) error {
	if err := c.check("record"); err != nil {
		return err
	}
	err := atomicfile.Write(path, 0o600, func(w io.Writer) error {
		return data(writerFunc(func(b []byte) (int, error) { return c.write(w, b) }))
	})
	if err != nil {
		return err
	}
	return c.check("recorded")
}

// forget removes a file of the journal durably.
func (c calls) forget(dir, name string) error {
	if err := c.check("forget"); err != nil {
		return err
	}
	if err := os.Remove(dir + "/" + name); err != nil && !os.IsNotExist(err) {
		return err
	}
	return atomicfile.SyncDir(dir)
}

type writerFunc func(b []byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }
