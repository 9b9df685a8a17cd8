package sandbox

import (
	"errors"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// vanisher takes paths out of the view, which makes whiteouts in the upper layer: the one thing that overlayfs allows to
// do below its caches. A whiteout that is put into a layer directly is not seen where the name was looked up before,
// and a mount on top of the name would take privilege, and leave the name.
//
// It works on a mount of the view of its own, which can be written to where the command's cannot, and has no other mounts
// in it. No process of the sandbox has a descriptor of it. The thread is not under Landlock, which would forbid to change
// a read-only view; it resolves nothing but paths below that mount, through no link.
type vanisher struct {
	view  int        // negative where there is no upper layer
	busy  sync.Mutex // held by whoever works on the view
	paths chan string
}

func newVanisher(view int) *vanisher { return &vanisher{view: view, paths: make(chan string, 1)} }

// serve answers what Cover asks.
func (v *vanisher) serve(c *channel) {
	// With cgo in the program this thread may have kept what the command's has lost.
	runtime.LockOSThread()
	if err := emptyOwnCapabilities(); err != nil {
		v.view = -1
	}
	limit := sync.OnceFunc(func() { debug.SetMemoryLimit(renameMemory) })
	for path := range v.paths {
		limit()
		answer := vanished{}
		seen, err := v.vanish(path)
		if answer.seen = seen; err != nil && !errors.As(err, &answer.errno) {
			answer.errno = unix.EBUSY
		}
		_ = c.send(msgVanished, answer.encode(), -1)
	}
}

// vanish removes what stands at a path of the view. Where nothing does, which may be what overlayfs remembers, it sees to
// it that nothing will.
func (v *vanisher) vanish(path string) (seen bool, err error) {
	if v.view < 0 {
		return false, unix.EROFS
	}
	v.busy.Lock()
	defer v.busy.Unlock()
	for begin := time.Now(); ; {
		again := false
		if seen, again, err = v.attempt(path, seen); !again || time.Since(begin) > patience {
			return seen, err
		}
	}
}

// attempt is to be made again where others are at it as well.
func (v *vanisher) attempt(path string, before bool) (seen, again bool, err error) {
	i := strings.LastIndexByte(path, '/')
	parent, err := v.open(path[:max(i, 0)])
	if err == unix.ENOENT || err == unix.ENOTDIR || err == unix.ELOOP {
		return before, false, nil // What would hold it is not in the view.
	}
	if err != nil {
		return before, false, err
	}
	defer unix.Close(parent)
	return v.remove(parent, path[i+1:], before)
}

// open opens a directory of the view.
func (v *vanisher) open(path string) (int, error) {
	if path == "" {
		path = "."
	}
	for {
		fd, err := unix.Openat2(v.view, path, &unix.OpenHow{
			Flags:   unix.O_RDONLY | unix.O_DIRECTORY | unix.O_CLOEXEC,
			Resolve: unix.RESOLVE_BENEATH | unix.RESOLVE_NO_SYMLINKS | unix.RESOLVE_NO_MAGICLINKS | unix.RESOLVE_NO_XDEV,
		})
		if err != unix.EINTR && err != unix.EAGAIN {
			return fd, err
		}
	}
}

// remove removes one name.
func (v *vanisher) remove(parent int, name string, before bool) (seen, again bool, err error) {
	var stat unix.Stat_t
	err = unix.Fstatat(parent, name, &stat, unix.AT_SYMLINK_NOFOLLOW)
	switch {
	case err == unix.ENOENT && before:
		return true, false, nil
	case err == unix.ENOENT:
		// Overlayfs remembers that the name was not there, for as long as it has the memory. A file of that name that
		// is made and removed leaves a whiteout if a lower layer has the name by now.
		err = touch(parent, name)
		if err == nil {
			err = unix.Unlinkat(parent, name, 0)
		}
		return false, err == unix.EEXIST || err == unix.ENOENT, err
	case err != nil:
		return before, false, err
	case stat.Mode&unix.S_IFMT == unix.S_IFDIR:
		err = removeTree(parent, name, 0)
	default:
		err = unix.Unlinkat(parent, name, 0)
	}
	return true, err == unix.ENOENT || err == unix.ENOTDIR || err == unix.EISDIR || err == unix.ENOTEMPTY, err
}

// touch makes an empty file that is not there.
func touch(parent int, name string) error {
	fd, err := unix.Openat(parent, name, unix.O_WRONLY|unix.O_CREAT|unix.O_EXCL|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0o600)
	if err == nil {
		unix.Close(fd)
	}
	return err
}

// maxDepth bounds how deep a directory that vanishes may be, and with it the descriptors that this takes.
const maxDepth = 256

func removeTree(parent int, name string, depth int) error {
	if depth > maxDepth {
		return unix.ENAMETOOLONG
	}
	dir, err := unix.Openat(parent, name, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(dir)
	names, err := namesIn(dir)
	if err != nil {
		return err
	}
	for _, child := range names {
		err := unix.Unlinkat(dir, child, 0)
		if err == unix.EISDIR {
			err = removeTree(dir, child, depth+1)
		}
		if err != nil && err != unix.ENOENT {
			return err
		}
	}
	return unix.Unlinkat(parent, name, unix.AT_REMOVEDIR)
}
