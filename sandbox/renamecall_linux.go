package sandbox

import (
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// place is a path argument of a call and what it is relative to. It is not to be relied on: another thread may write
// over the path while it is looked at, or move what it leads to. Whoever acts on it may do nothing that the caller is
// not to have done.
type place struct {
	thread  uint32
	dir     int32  // descriptor of the thread, or AT_FDCWD
	pointer uint64 // of the path, in the memory of the thread
}

// paths are the two of a call.
func (n *notification) paths() (from, to place) {
	const here = unix.AT_FDCWD
	if n.number == unix.SYS_RENAMEAT || n.number == unix.SYS_RENAMEAT2 {
		return place{n.thread, int32(n.args[0]), n.args[1]}, place{n.thread, int32(n.args[2]), n.args[3]}
	}
	return place{n.thread, here, n.args[0]}, place{n.thread, here, n.args[1]}
}

// flagged reports whether a call has a flag of renameat2.
func (n *notification) flagged(flag uint64) bool {
	return n.number == unix.SYS_RENAMEAT2 && n.args[4]&flag != 0
}

// appendAnchor appends the directory that a relative path starts from, as this process sees it.
func (p place) appendAnchor(to []byte) []byte {
	to = strconv.AppendUint(append(to, "/proc/"...), uint64(p.thread), 10)
	if p.dir == unix.AT_FDCWD {
		return append(to, "/cwd"...)
	}
	return strconv.AppendInt(append(to, "/fd/"...), int64(p.dir), 10)
}

// open opens the directory that holds the name at a place. Links of /proc such as /proc/self/cwd are not followed: they
// would lead to what is this process's own.
func (p place) open() (dir int, name string, err error) {
	memory := openMemory(p.thread)
	if memory < 0 {
		return -1, "", unix.ESRCH
	}
	var room [unix.PathMax]byte
	n := readPath(memory, room[:], p.pointer)
	unix.Close(memory)
	path, name := splitPath(string(room[:n]))
	if name == "" {
		return -1, "", unix.EINVAL
	}
	anchor := "/"
	if path == "" || path[0] != '/' {
		anchor = string(p.appendAnchor(nil))
	}
	start, err := unix.Open(anchor, unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return -1, "", err
	}
	defer unix.Close(start)
	if path = strings.TrimLeft(path, "/"); path == "" {
		path = "."
	}
	dir, err = unix.Openat2(start, path, &unix.OpenHow{
		Flags: unix.O_PATH | unix.O_DIRECTORY | unix.O_CLOEXEC, Resolve: unix.RESOLVE_NO_MAGICLINKS,
	})
	return dir, name, err
}

// splitPath divides a path into the directory, with its slash, and the name in it, which is empty where rename takes none.
func splitPath(path string) (dir, name string) {
	path = strings.TrimRight(path, "/")
	i := strings.LastIndexByte(path, '/')
	if name = path[i+1:]; name == "." || name == ".." {
		name = ""
	}
	return path[:i+1], name
}
