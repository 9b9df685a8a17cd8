package watch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"cofferdam/workspace"
)

// Event is a path at which something may have come or changed: whatever is no directory, or a .git, whose inside is not
// watched. Who takes it looks for himself what stands there now.
type Event struct {
	Path workspace.Path
	// Since is when the watcher first knew of what it tells; zero where it found the change by looking, and only the
	// times of the file say when it was.
	Since time.Time
	// Former is the paths that it had before directories around it were renamed.
	Former []workspace.Path
}

// Options is what a watcher tells of, and when. The functions are called from one goroutine.
type Options struct {
	// Skip names what is of no interest, with all that it holds.
	Skip func(workspace.Path) bool
	// Known reports whether an entry is as it was when the caller looked last. It is asked of what a walk finds, not of
	// what the kernel says has changed.
	Known func(workspace.Entry) bool
	// First names what is told of before all that waits; nil for nothing.
	First func(workspace.Path) bool
	// After is how long to wait before the watches are set. Where Finish comes first, one look at the tree is all: the
	// kernel takes milliseconds to let go of a single watch, which whoever exits waits for.
	After time.Duration
}

// Unwatched is the part of a tree in which changes are not seen before Finish.
type Unwatched struct {
	First workspace.Path // a directory; Dot is the whole tree
	Count int            // of directories
	Why   error          // of the first
}

// Watcher watches a tree. Next is for one goroutine, the other methods are for any.
//
// Nothing is missed between the time at which Known knows the tree and the first watch: each directory is watched first
// and read then. Where the kernel's queue overflows, the whole tree is looked at again. What the kernel does not tell of
// is seen when the file is closed (writes through a mapping), or never: writes through a hard link outside of the tree,
// and what another machine does to a file system of the network.
type Watcher struct {
	root *workspace.Root
	opts Options

	mu     sync.Mutex
	file   *os.File // the kernel's queue; nil while nothing is watched
	fd     int      // of file; negative as long as there is none
	ending chan struct{}
	finish atomic.Bool // ending is closed
	closed atomic.Bool // and nothing more is to be told

	paths   map[int32]workspace.Path            // directories by their watch
	watches map[workspace.Path]int32            // the reverse
	former  map[workspace.Path][]workspace.Path // of directories

	queue     *queue
	done      chan struct{} // closed when the goroutine has ended
	unwatched Unwatched     // to be read when done
	buf       [64 << 10]byte
}

// New watches the tree below root, one watch a directory. All its work is done when it has returned.
func New(root *workspace.Root, o Options) *Watcher {
	w := newWatcher(root, o)
	go w.work()
	return w
}

func newWatcher(root *workspace.Root, o Options) *Watcher {
	return &Watcher{
		root: root, opts: o, fd: -1, ending: make(chan struct{}),
		paths: map[int32]workspace.Path{}, watches: map[workspace.Path]int32{}, former: map[workspace.Path][]workspace.Path{},
		queue: newQueue(), done: make(chan struct{}),
	}
}

// begin opens the kernel's queue.
func (w *Watcher) begin() error {
	fd, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
	if err != nil {
		return limitOf(err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.file, w.fd = os.NewFile(uintptr(fd), "inotify"), fd
	if w.finish.Load() {
		w.interrupt()
	}
	return nil
}

// interrupt has a read of the kernel's queue return.
func (w *Watcher) interrupt() {
	if w.file != nil {
		_ = w.file.SetReadDeadline(time.Unix(1, 0))
	}
}

// limitOf names the setting that an error of inotify is about.
func limitOf(err error) error {
	switch err {
	case unix.EMFILE:
		return fmt.Errorf("no more inotify instances (fs.inotify.max_user_instances): %w", err)
	case unix.ENOSPC:
		return fmt.Errorf("no more inotify watches (fs.inotify.max_user_watches): %w", err)
	}
	return err
}

// Next waits for the next event. It is io.EOF after Finish, when all that happened before it has been told, and after
// Close. The time until the next call counts as what the event cost: a path is not told of again before twenty times as
// long have passed, so that a large file that is written to all the time costs a twentieth of a processor.
func (w *Watcher) Next(ctx context.Context) (Event, error) { return w.queue.next(ctx) }

// Again tells of a path once more after some time.
func (w *Watcher) Again(path workspace.Path, after time.Duration) {
	now := time.Now()
	w.queue.add(Event{Path: path, Since: now}, now.Add(after))
}

// Finish has the watcher tell at once what has happened up to now, and end. It does not wait.
func (w *Watcher) Finish() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.finish.Swap(true) {
		w.queue.hurry()
		close(w.ending)
		w.interrupt()
	}
}

// Close ends the watcher and frees what it holds, which can take the kernel milliseconds.
func (w *Watcher) Close() error {
	w.closed.Store(true)
	w.queue.close()
	w.Finish()
	<-w.done
	if w.file == nil {
		return nil
	}
	return w.file.Close()
}

// Unwatched is what could not be watched; nil where all is. It waits for the end of the watcher.
func (w *Watcher) Unwatched() *Unwatched {
	<-w.done
	if w.unwatched.Count == 0 {
		return nil
	}
	return &w.unwatched
}

func (w *Watcher) work() {
	defer close(w.done)
	defer w.queue.end()
	if !w.wait() {
		w.look(workspace.Dot)
		return
	}
	if err := w.begin(); err != nil {
		w.lack(workspace.Dot, err)
		<-w.ending
		w.look(workspace.Dot)
		return
	}
	w.look(workspace.Dot)
	for !w.closed.Load() {
		n, err := w.file.Read(w.buf[:])
		if err == nil {
			w.take(w.buf[:n])
			continue
		}
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			w.lack(workspace.Dot, err)
			<-w.ending
		}
		w.drain()
		return
	}
}

// wait reports whether it is worth while to set watches.
func (w *Watcher) wait() bool {
	if w.opts.After <= 0 {
		return true
	}
	timer := time.NewTimer(w.opts.After)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-w.ending:
		return false
	}
}

// drain takes what the kernel has queued, without waiting, and looks at what is not watched.
func (w *Watcher) drain() {
	for !w.closed.Load() {
		n, err := unix.Read(w.fd, w.buf[:])
		if err == unix.EINTR {
			continue
		}
		if err != nil || n <= 0 {
			break
		}
		w.take(w.buf[:n])
	}
	if w.unwatched.Count > 0 {
		w.look(workspace.Dot)
	}
}

func (w *Watcher) lack(dir workspace.Path, why error) {
	if w.unwatched.Count == 0 {
		w.unwatched.First, w.unwatched.Why = dir, why
	}
	w.unwatched.Count++
}
