package workspace

import (
	"context"
	"io/fs"
	"runtime"
	"sync"

	"golang.org/x/sys/unix"
)

// Visitor receives the tree that Walk finds. Its methods are called from several goroutines at once, a directory
// before what it holds and otherwise in no order.
type Visitor interface {
	// Visit takes one entry, the root itself excepted. For a directory, descend says whether to go into it.
	Visit(e Entry) (descend bool)
	// Fail takes a path that could not be read, with the reason.
	Fail(path Path, err error)
}

// Walk visits every entry below r with workers goroutines, as many as there are processors where workers is 0. A
// directory on another mount is visited but never entered: its Mount differs from that of r.Stat(). Walk returns an
// error only for ctx.
func Walk(ctx context.Context, r *Root, v Visitor, workers int) error {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	w := &walker{root: r, visitor: v, queue: []Path{Dot}, pending: 1}
	w.wake.L = &w.mu
	stop := context.AfterFunc(ctx, w.abort)
	defer stop()
	var group sync.WaitGroup
	for range workers {
		group.Go(w.work)
	}
	group.Wait()
	return ctx.Err()
}

// walker is a work queue of directories: last in, first out, so that it stays short in a wide tree.
type walker struct {
	root    *Root
	visitor Visitor

	mu      sync.Mutex
	wake    sync.Cond
	queue   []Path
	pending int // directories queued or being read
}

func (w *walker) work() {
	buf := make([]byte, 32<<10)
	for {
		dir, ok := w.next()
		if !ok {
			return
		}
		w.done(w.readDir(dir, buf))
	}
}

func (w *walker) next() (Path, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for len(w.queue) == 0 && w.pending > 0 {
		w.wake.Wait()
	}
	if w.pending == 0 {
		return "", false
	}
	dir := w.queue[len(w.queue)-1]
	w.queue = w.queue[:len(w.queue)-1]
	return dir, true
}

func (w *walker) done(found []Path) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.pending == 0 {
		return // aborted
	}
	w.queue = append(w.queue, found...)
	w.pending += len(found) - 1
	if len(found) > 0 || w.pending == 0 {
		w.wake.Broadcast()
	}
}

func (w *walker) abort() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.queue, w.pending = nil, 0
	w.wake.Broadcast()
}

// readDir visits what dir holds and returns the directories to read next.
func (w *walker) readDir(dir Path, buf []byte) (found []Path) {
	f, err := w.root.OpenDir(dir)
	if err != nil {
		w.visitor.Fail(dir, err)
		return nil
	}
	defer f.Close()
	fd := int(f.Fd())
	var names []string
	for {
		n, err := unix.ReadDirent(fd, buf)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			w.visitor.Fail(dir, &fs.PathError{Op: "read directory", Path: string(dir), Err: err})
			return found
		}
		if n <= 0 {
			return found
		}
		_, _, names = unix.ParseDirent(buf[:n], -1, names[:0])
		for _, name := range names {
			found = w.visit(fd, dir, name, found)
		}
	}
}

func (w *walker) visit(fd int, dir Path, name string, found []Path) []Path {
	path := dir.Join(name)
	e, err := entryAt(fd, name, path)
	if err != nil {
		w.visitor.Fail(path, err)
		return found
	}
	descend := w.visitor.Visit(e)
	if descend && e.Type == Dir && e.Mount == w.root.stat.Mount {
		found = append(found, path)
	}
	return found
}
