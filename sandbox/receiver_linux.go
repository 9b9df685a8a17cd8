package sandbox

import (
	"bytes"
	"strconv"
	"unsafe"

	"golang.org/x/sys/unix"
)

// receiver looks at calls for one goroutine. Most renames are of files, and wait for it: it makes four system calls for
// one and no garbage.
type receiver struct {
	listener     *listener
	notification notification
	path         [unix.PathMax + 64]byte

	// The memory of the last thread stays open. One that has executed another program since has that memory no more:
	// reading it gives nothing, and it is opened anew.
	thread uint32
	memory int
}

func newReceiver(l *listener) *receiver { return &receiver{listener: l, memory: -1} }

// next waits for a call.
func (r *receiver) next() (*notification, error) {
	r.notification = notification{} // The kernel wants it zero.
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(r.listener.fd), unix.SECCOMP_IOCTL_NOTIF_RECV, uintptr(unsafe.Pointer(&r.notification)))
	if errno != 0 {
		return nil, errno
	}
	return &r.notification, nil
}

// directory reports whether the call would rename a directory; where that cannot be told, the kernel's answer will do.
func (r *receiver) directory() bool {
	n := &r.notification
	from, to := n.paths()
	return r.isDir(from) || n.flagged(unix.RENAME_EXCHANGE) && r.isDir(to)
}

func (r *receiver) isDir(p place) bool {
	// The anchor goes before the path, as far as it belongs there.
	prefix := r.path[:0:64]
	prefix = append(p.appendAnchor(prefix), '/')
	text := r.path[64:]
	n := r.read(text, p.pointer)
	if n == 0 {
		return false
	}
	path := text[:n+1]
	if text[0] != '/' {
		path = r.path[64-len(prefix) : 64+n+1]
		copy(path, prefix)
	}
	var stat unix.Stat_t
	here := unix.AT_FDCWD
	_, _, errno := unix.Syscall6(unix.SYS_NEWFSTATAT, uintptr(here), uintptr(unsafe.Pointer(&path[0])), uintptr(unsafe.Pointer(&stat)), unix.AT_SYMLINK_NOFOLLOW, 0, 0)
	return errno == 0 && stat.Mode&unix.S_IFMT == unix.S_IFDIR || errno == unix.ENAMETOOLONG
}

// read reads a path with its NUL and gives its length; 0 is none.
func (r *receiver) read(path []byte, pointer uint64) int {
	thread := r.notification.thread
	if r.memory >= 0 && r.thread == thread {
		if n := readPath(r.memory, path, pointer); n > 0 {
			return n
		}
	}
	if r.memory >= 0 {
		unix.Close(r.memory)
	}
	r.thread, r.memory = thread, openMemory(thread)
	return readPath(r.memory, path, pointer)
}

// openMemory opens the memory of a thread's process.
func openMemory(thread uint32) int {
	var room [32]byte
	name := append(strconv.AppendUint(append(room[:0], "/proc/"...), uint64(thread), 10), "/mem\x00"...)
	here := unix.AT_FDCWD
	fd, _, errno := unix.Syscall6(unix.SYS_OPENAT, uintptr(here), uintptr(unsafe.Pointer(&name[0])), unix.O_RDONLY|unix.O_CLOEXEC, 0, 0, 0)
	if errno != 0 {
		return -1
	}
	return int(fd)
}

// readPath reads a path that ends with NUL from the memory of a process and gives its length; 0 is none. Most are short.
func readPath(memory int, path []byte, pointer uint64) int {
	for _, size := range []int{256, unix.PathMax} {
		n, err := unix.Pread(memory, path[:size], int64(pointer))
		if err != nil || n <= 0 {
			return 0
		}
		if end := bytes.IndexByte(path[:n], 0); end >= 0 {
			return end
		}
	}
	return 0
}
