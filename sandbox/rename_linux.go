package sandbox

// Overlayfs answers EXDEV where a directory that has lower content is to be renamed. mv and npm copy then; git mv and
// what calls rename(2) and no more fail. It would work with the mount option redirect_dir, which the kernel refuses to
// mounts without privilege, and which would lead past the mask.
//
// So a filter tells this process of the calls that rename. Where one is about a directory of the view that cannot be
// renamed as it is, the directory is first replaced by one that can: one of the upper layer alone, with the same things
// in it. Then, as in all other cases, the kernel goes on with the call. What follows from that:
//
//   - Never does this process rename in the place of the caller. Rights, flags, errors and the moment at which the new
//     name is there are the kernel's, also for a caller that has restricted itself further than the sandbox does.
//   - A caller that writes other paths over those looked at here gains nothing. At worst a directory is replaced in
//     vain, which no one sees, or the answer is EXDEV.
//   - The thread that replaces is under the same restrictions as the command, works on the view by descriptors
//     and follows no link. What the mask hides it does not see.
//
// What is not kept: the identity of the directories, so that a process that has one of them as its working directory is
// in a removed one afterwards, as after mv, and hard links among the files, which every copy-up of overlayfs parts.
// EXDEV it stays where the caller itself is in there, where a directory is not for its owner to read and write, and
// where a part is on another mount or has a foreign owner.
//
// Who renames no directory pays for the question, some microseconds for each rename, and nothing else. Inside, no
// process can have a listener of its own: the kernel allows one in a line of filters.

import (
	"runtime"
	"runtime/debug"

	"golang.org/x/sys/unix"
)

// renames sees to it that directories of the view can be renamed.
type renames struct {
	listener    *listener
	mover       *mover
	directories chan notification
	vanisher    *vanisher
}

// renameMemory is the size at which this process begins to collect its garbage. Without renames it has none.
const renameMemory = 64 << 20

// watchRenames puts the filter on the calling thread. Nil says that directories with lower content answer EXDEV here, as
// Probe tells.
func (b *boot) watchRenames(v *vanisher) *renames {
	if b.view == "" {
		return nil
	}
	m, err := newMover(b.view)
	if err != nil {
		return nil
	}
	l, err := listen()
	if err != nil {
		m.close()
		return nil
	}
	return &renames{l, m, make(chan notification), v}
}

// serve answers for as long as the process lives. The calling thread is the one that works on the view; the others
// are not under Landlock, and look at what a path names only.
func (r *renames) serve() {
	debug.SetMemoryLimit(renameMemory)
	runtime.GOMAXPROCS(min(runtime.GOMAXPROCS(0), 4)) // The collector starts a thread for each, and threads count as the command's.
	unix.Umask(0)
	go r.receive()
	for n := range r.directories {
		r.vanisher.busy.Lock() // A file that is on its way could not be found.
		r.prepare(&n)
		r.vanisher.busy.Unlock()
		r.listener.goOn(n.id)
	}
}

func (r *renames) receive() {
	in := newReceiver(r.listener)
	for {
		n, err := in.next()
		switch {
		case err == unix.EINTR || err == unix.ENOENT: // ENOENT: the caller died.
		case err != nil:
			unix.Close(r.listener.fd) // Calls answer ENOSYS from here on; the other way would be that they hang.
			return
		case in.directory():
			// A directory can take its time, and the next rename may be of a file.
			go func(n notification) { r.directories <- n }(*n)
		default:
			r.listener.goOn(n.id)
		}
	}
}

// prepare makes the directories of a call such as can be renamed, where they are not and the call may succeed.
func (r *renames) prepare(n *notification) {
	source, target := n.paths()
	from, name, err := source.open()
	if err != nil {
		return
	}
	defer unix.Close(from)
	to, newName, err := target.open()
	if err != nil {
		return
	}
	defer unix.Close(to)
	m := r.mover
	m.alive = func() bool { return r.listener.waits(n.id) }
	if !m.alive() || !m.holds(from) || !m.holds(to) { // The thread's number means another by now; or it is a real EXDEV.
		return
	}
	path, err := m.pathOf(from, name)
	if err != nil || m.standsIn(source, path) {
		return
	}
	into, err := m.pathOf(to, newName)
	exchange := n.flagged(unix.RENAME_EXCHANGE)
	if err != nil || m.refused(path, into, to, newName, exchange, n.flagged(unix.RENAME_NOREPLACE)) {
		return
	}
	if m.free(from, name) == nil && exchange && !m.standsIn(target, into) {
		_ = m.free(to, newName)
	}
}
