package watch

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sys/unix"

	"cofferdam/workspace"
)

const gitName = ".git"

// interest is what the kernel is asked to tell of a directory. A change of attributes may make readable what was not.
const interest = unix.IN_CREATE | unix.IN_MOVED_TO | unix.IN_CLOSE_WRITE | unix.IN_MODIFY | unix.IN_ATTRIB | unix.IN_ONLYDIR

// maxFormer bounds how many earlier paths of one directory are remembered.
const maxFormer = 8

// look watches the directory at path with all that is in it, and tells of what is not known there.
func (w *Watcher) look(path workspace.Path) {
	stack := []workspace.Path{path}
	for len(stack) > 0 && !w.closed.Load() {
		last := len(stack) - 1
		dir := stack[last]
		stack = w.enter(dir, stack[:last])
	}
}

// enter looks at one directory and adds those in it to below.
func (w *Watcher) enter(path workspace.Path, below []workspace.Path) []workspace.Path {
	dir, err := w.root.OpenDir(path)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, unix.ENOTDIR) && !errors.Is(err, unix.ELOOP) {
			w.lack(path, err)
		}
		return below
	}
	defer dir.Close()
	w.watch(path, dir) // Before it is read: what comes in between is then seen in one way or the other.
	for {
		names, err := dir.Readdirnames(1024)
		for _, name := range names {
			if stat, err := workspace.StatAt(dir, name); err == nil {
				below = w.visit(path.Join(name), stat, below)
			}
		}
		if err != nil || len(names) == 0 {
			return below
		}
	}
}

func (w *Watcher) visit(path workspace.Path, stat workspace.Stat, below []workspace.Path) []workspace.Path {
	switch {
	case w.opts.Skip(path):
	case stat.Type == workspace.Dir && path.Base() != gitName:
		if stat.Mount == w.root.Stat().Mount {
			return append(below, path)
		}
	case !w.opts.Known(workspace.Entry{Path: path, Stat: stat}):
		w.tell(path, time.Time{}, 0)
	}
	return below
}

// watch sets the watch of an open directory. The kernel knows directories by their inode: one that has a watch already
// has been renamed.
func (w *Watcher) watch(path workspace.Path, dir *os.File) {
	if w.fd < 0 {
		return
	}
	n, err := unix.InotifyAddWatch(w.fd, "/proc/self/fd/"+strconv.Itoa(int(dir.Fd())), interest)
	if err != nil {
		w.lack(path, limitOf(err))
		return
	}
	wd := int32(n)
	if old, ok := w.paths[wd]; ok && old != path {
		w.rename(old, path)
		delete(w.watches, old)
	}
	w.paths[wd], w.watches[path] = path, wd
}

// rename notes that the directory at path was at old before.
func (w *Watcher) rename(old, path workspace.Path) {
	names := w.former[path]
	for _, name := range append([]workspace.Path{old}, w.former[old]...) {
		if name != path && !slices.Contains(names, name) && len(names) < maxFormer {
			names = append(names, name)
		}
	}
	w.former[path] = names
}

// tell queues an event.
func (w *Watcher) tell(path workspace.Path, since time.Time, after time.Duration) {
	e := Event{Path: path, Since: since}
	for _, dir := range w.former[path.Dir()] {
		e.Former = append(e.Former, dir.Join(path.Base()))
	}
	at := time.Now().Add(after)
	if w.opts.First != nil && w.opts.First(path) {
		at = time.Time{}
	}
	w.queue.wait()
	w.queue.add(e, at)
}
