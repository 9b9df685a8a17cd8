package watch

import (
	"bytes"
	"encoding/binary"
	"time"

	"golang.org/x/sys/unix"

	"cofferdam/workspace"
)

// quiet is how long a file that is being written to is left before it is looked at. Who holds it open may go on for
// long.
const quiet = 20 * time.Millisecond

// take takes a list of the kernel's struct inotify_event: watch, mask, cookie and length of the name, which is padded
// with NUL.
func (w *Watcher) take(list []byte) {
	now := time.Now()
	for len(list) >= unix.SizeofInotifyEvent {
		wd, mask := int32(binary.NativeEndian.Uint32(list)), binary.NativeEndian.Uint32(list[4:])
		size := min(unix.SizeofInotifyEvent+int(binary.NativeEndian.Uint32(list[12:])), len(list))
		name, _, _ := bytes.Cut(list[unix.SizeofInotifyEvent:size], []byte{0})
		list = list[size:]
		w.event(wd, mask, string(name), now)
	}
}

// event takes one.
func (w *Watcher) event(wd int32, mask uint32, name string, now time.Time) {
	if mask&unix.IN_Q_OVERFLOW != 0 {
		w.look(workspace.Dot)
		return
	}
	dir, ok := w.paths[wd]
	if !ok {
		return
	}
	if mask&unix.IN_IGNORED != 0 {
		w.forget(wd, dir)
		return
	}
	if name == "" { // the directory itself
		return
	}
	path := dir.Join(name)
	switch {
	case w.opts.Skip(path):
	case mask&unix.IN_ISDIR != 0 && name != gitName:
		if _, watched := w.watches[path]; !watched || mask&unix.IN_ATTRIB == 0 {
			w.look(path)
		}
	case mask&(unix.IN_CREATE|unix.IN_MOVED_TO|unix.IN_CLOSE_WRITE|unix.IN_ATTRIB) != 0:
		w.tell(path, now, 0)
	default:
		w.tell(path, now, quiet)
	}
}

// forget lets go of a directory that is gone.
func (w *Watcher) forget(wd int32, dir workspace.Path) {
	delete(w.paths, wd)
	delete(w.former, dir)
	if w.watches[dir] == wd {
		delete(w.watches, dir)
	}
}
