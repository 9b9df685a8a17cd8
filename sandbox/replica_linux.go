package sandbox

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// largeFile is the size from which on holes are worth keeping, in bytes.
const largeFile = 64 << 10

// plain reports whether a copy of a file can be its equal. Another is left to the kernel, which copies it when it is
// renamed and can keep everything; it syncs each file to the disk, so that is the slow way.
func plain(stat, dir *unix.Statx_t) bool {
	full := stat.Blocks*512 >= stat.Size || stat.Size < largeFile
	return stat.Nlink == 1 && stat.Uid == dir.Uid && stat.Gid == dir.Gid && stat.Mode&0o7000 == 0 && full
}

// copyFile makes a copy of a file in another directory, or says that it takes the kernel to do that.
func copyFile(from, to int, name string, stat *unix.Statx_t, alive func() bool) (copied bool, err error) {
	// It may have become a FIFO since it was looked at.
	in, err := unix.Openat(from, name, unix.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return false, nil
	}
	defer unix.Close(in)
	if now, err := status(in, ""); err != nil || !same(stat, now) || kindOf(now) != unix.S_IFREG {
		return false, nil
	}
	if n, err := unix.Flistxattr(in, nil); err != nil && err != unix.EOPNOTSUPP || n > 0 {
		return false, nil
	}
	out, err := unix.Openat(to, name, unix.O_WRONLY|unix.O_CREAT|unix.O_EXCL|unix.O_NOFOLLOW|unix.O_CLOEXEC, uint32(stat.Mode)&0o777)
	if err != nil {
		return false, err
	}
	defer unix.Close(out)
	copied, err = copyContent(in, out, stat, alive)
	if !copied || err != nil {
		_ = unix.Unlinkat(to, name, 0)
	}
	return copied, err
}

func copyContent(in, out int, stat *unix.Statx_t, alive func() bool) (bool, error) {
	const piece = 64 << 20
	for left := int64(stat.Size); left > 0; {
		n, err := unix.CopyFileRange(in, nil, out, nil, int(min(left, piece)), 0)
		switch {
		case err == unix.EINTR:
			continue
		case err == unix.ENOSPC || err == unix.EDQUOT:
			return false, err
		case err != nil || n == 0: // It may be shorter by now, or encrypted.
			return false, nil
		}
		if left -= int64(n); left > 0 && !alive() {
			return false, errStays
		}
	}
	// The group and the mode follow the directory where that is set-gid or has a default ACL.
	made, err := status(out, "")
	if err != nil || made.Gid != stat.Gid || made.Mode != stat.Mode {
		return false, err
	}
	return true, setTimes(out, stat)
}

func setTimes(fd int, stat *unix.Statx_t) error {
	times := []unix.Timespec{
		{Sec: stat.Atime.Sec, Nsec: int64(stat.Atime.Nsec)}, {Sec: stat.Mtime.Sec, Nsec: int64(stat.Mtime.Nsec)},
	}
	return unix.UtimesNanoAt(unix.AT_FDCWD, "/proc/self/fd/"+strconv.Itoa(fd), times, 0)
}

// dress gives a new directory the group and the extended attributes of another, access control lists among them, and
// takes away those that it came with.
func dress(from, to int, stat *unix.Statx_t) error {
	if err := unix.Fchown(to, -1, int(stat.Gid)); err != nil {
		return err
	}
	wanted, err := attributes(from)
	if err != nil {
		return err
	}
	had, err := attributes(to)
	if err != nil {
		return err
	}
	for name := range had {
		if _, ok := wanted[name]; !ok {
			if err := unix.Fremovexattr(to, name); err != nil {
				return fmt.Errorf("attribute %q: %w", name, err)
			}
		}
	}
	for name, value := range wanted {
		if now, ok := had[name]; ok && now == value {
			continue
		}
		if err := unix.Fsetxattr(to, name, []byte(value), 0); err != nil {
			return fmt.Errorf("attribute %q: %w", name, err)
		}
	}
	return nil
}

// attributes are the extended attributes of a file.
func attributes(fd int) (map[string]string, error) {
	if n, err := unix.Flistxattr(fd, nil); err == unix.EOPNOTSUPP || n == 0 && err == nil {
		return nil, nil
	}
	list := make([]byte, 64<<10) // XATTR_LIST_MAX
	n, err := unix.Flistxattr(fd, list)
	if err != nil || n == 0 { // Overlayfs counts its own and does not list them.
		return nil, err
	}
	all := map[string]string{}
	value := make([]byte, 64<<10) // XATTR_SIZE_MAX
	for name := range strings.SplitSeq(string(bytes.TrimRight(list[:n], "\x00")), "\x00") {
		n, err := unix.Fgetxattr(fd, name, value)
		if err != nil {
			return nil, fmt.Errorf("attribute %q: %w", name, err)
		}
		all[name] = string(value[:n])
	}
	return all, nil
}
