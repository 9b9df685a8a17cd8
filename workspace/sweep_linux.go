package workspace

import (
	"bytes"
	"context"
	"io/fs"
	"sync"
	"sync/atomic"

	"golang.org/x/sys/unix"
)

// Sweeper receives what Sweep finds, while the directory that holds it is open. Only one goroutine calls its methods.
type Sweeper interface {
	// Enter says that the places to come lie in the directory dir. A large directory is dealt out in parts.
	Enter(dir Path)
	// Visit takes one place. Where it is a directory, descend says whether to go into it; nobody has looked whether it
	// is on another mount, where it cannot be opened.
	Visit(p *Place) (descend bool)
	// Fail takes a path that could not be read, with the reason.
	Fail(path Path, err error)
}

// Sweep shows every place below r to one of sweepers, each of which has a goroutine of its own: a directory before what
// it holds, and otherwise in no order. It returns an error only for ctx.
func Sweep[S Sweeper](ctx context.Context, r *Root, sweepers []S) error {
	q := &queue{tasks: []task{{path: Dot}}, pending: 1}
	q.wake.L = &q.mu
	stop := context.AfterFunc(ctx, q.abort)
	defer stop()
	var group sync.WaitGroup
	for _, s := range sweepers {
		group.Go(func() { (&sweep{root: r, sweeper: s, queue: q}).work() })
	}
	group.Wait()
	q.drop()
	return ctx.Err()
}

// sweep is one worker.
type sweep struct {
	root    *Root
	sweeper Sweeper
	queue   *queue
	place   Place
	found   []task
	buf     [32 << 10]byte
}

// directory is an open one, shared by the workers that have a part of it, and by tasks for directories in it.
type directory struct {
	fd    int
	path  Path
	users atomic.Int32
	open  *atomic.Int32 // counts all that are
}

func (d *directory) release() {
	if d.users.Add(-1) == 0 {
		unix.Close(d.fd)
		d.open.Add(-1)
	}
}

// maxOpen is how many directories are kept open for those in them, which are then opened by their last component alone.
// Beyond that, all of a path is looked up.
const maxOpen = 128

func (s *sweep) work() {
	for {
		t, ok := s.queue.next()
		if !ok {
			return
		}
		if t.part == nil {
			s.readDir(t)
		} else {
			s.sweeper.Enter(t.dir.path)
			s.show(t.dir, t.part)
			t.dir.release()
		}
		s.queue.done(s.found)
		s.forget()
	}
}

// openDir opens the directory of a task.
func (s *sweep) openDir(t task) (fd int, err error) {
	if t.dir == nil {
		return s.root.open(t.path, unix.O_RDONLY|unix.O_DIRECTORY)
	}
	defer t.dir.release()
	if len(t.path) >= unix.PathMax { // No other room could open what is in there.
		return -1, &fs.PathError{Op: "open", Path: string(t.path), Err: unix.ENAMETOOLONG}
	}
	name := append(s.buf[:0], t.path.Base()...)
	name = append(name, 0)
	fd, errno := s.root.openAt(t.dir.fd, &name[0], unix.O_DIRECTORY)
	if errno != 0 {
		return -1, &fs.PathError{Op: "open", Path: string(t.path), Err: errno}
	}
	return fd, nil
}

func (s *sweep) readDir(t task) {
	path := t.path
	fd, err := s.openDir(t)
	if err != nil {
		s.sweeper.Fail(path, err)
		return
	}
	s.queue.open.Add(1)
	dir := &directory{fd: fd, path: path, open: &s.queue.open}
	dir.users.Store(1)
	defer dir.release()
	s.sweeper.Enter(path)
	for !s.queue.stopped.Load() {
		n, err := unix.Getdents(fd, s.buf[:])
		switch {
		case err == unix.EINTR:
			continue
		case err != nil:
			s.sweeper.Fail(path, &fs.PathError{Op: "read directory", Path: string(path), Err: err})
			return
		case n <= 0:
			return
		}
		s.show(dir, s.buf[:n])
	}
}

// show visits a list of entries.
func (s *sweep) show(dir *directory, list []byte) {
	for len(list) > 0 && !s.queue.stopped.Load() {
		if s.queue.hungry.Load() > 0 {
			list = s.share(dir, list)
		}
		var d dirent
		if d, list = nextDirent(list); !d.dots() {
			s.visit(dir, d)
		}
	}
}

func (s *sweep) visit(dir *directory, d dirent) {
	s.place = Place{Path: dir.path.join(d.name), Type: d.kind, root: s.root, dir: dir.fd, name: &d.name[0]}
	if !s.sweeper.Visit(&s.place) {
		return
	}
	t := task{path: s.place.Path}
	if s.queue.open.Load() < maxOpen {
		dir.users.Add(1)
		t.dir = dir
	}
	s.found = append(s.found, t)
}

// share gives the directories found so far to workers that have nothing to do or, where there are none, the second half
// of list. It returns what is left of that.
func (s *sweep) share(dir *directory, list []byte) []byte {
	if len(s.found) > 0 {
		s.queue.add(s.found)
		s.forget()
		return list
	}
	half := list
	for len(half) > len(list)/2 {
		_, half = nextDirent(half)
	}
	if len(half) == 0 {
		return list
	}
	dir.users.Add(1)
	s.queue.add([]task{{dir: dir, part: bytes.Clone(half)}})
	return list[:len(list)-len(half)]
}

func (s *sweep) forget() {
	clear(s.found)
	s.found = s.found[:0]
}
