// Command plainread walks a tree and reads every byte of its regular files, with as many goroutines as there are
// processors, and does nothing else: what a scan is measured against.
//
//	plainread [-walk] DIR
//
// With -walk it reads no file, but asks for each one's attributes.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"golang.org/x/sys/unix"
)

func main() {
	walkOnly := flag.Bool("walk", false, "read no file, only its attributes")
	flag.Parse()
	r := &reader{walkOnly: *walkOnly, pending: 1, queue: []string{flag.Arg(0)}}
	r.wake.L = &r.mu
	var group sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		group.Go(r.work)
	}
	group.Wait()
	if r.failed != nil {
		fmt.Fprintln(os.Stderr, "plainread:", r.failed)
		os.Exit(1)
	}
	fmt.Printf("%d files, %d bytes\n", r.files, r.bytes)
}

// reader is a queue of directories and what has been read so far.
type reader struct {
	walkOnly bool

	mu      sync.Mutex
	wake    sync.Cond
	queue   []string
	pending int // directories queued or being read
	files   int
	bytes   int64
	failed  error
}

func (r *reader) work() {
	content, names := make([]byte, 1<<20), make([]byte, 64<<10)
	for {
		dir, ok := r.next()
		if !ok {
			return
		}
		found, files, bytes, err := r.readDir(dir, names, content)
		r.done(found, files, bytes, err)
	}
}

func (r *reader) next() (string, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for len(r.queue) == 0 && r.pending > 0 {
		r.wake.Wait()
	}
	if r.pending == 0 {
		return "", false
	}
	dir := r.queue[len(r.queue)-1]
	r.queue = r.queue[:len(r.queue)-1]
	return dir, true
}

func (r *reader) done(found []string, files int, bytes int64, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.queue = append(r.queue, found...)
	r.pending += len(found) - 1
	r.files += files
	r.bytes += bytes
	if err != nil && r.failed == nil {
		r.failed = err
	}
	r.wake.Broadcast()
}

func (r *reader) readDir(dir string, names, content []byte) (found []string, files int, bytes int64, err error) {
	fd, err := unix.Open(dir, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, 0, 0, fmt.Errorf("open %s: %w", dir, err)
	}
	defer unix.Close(fd)
	for {
		n, err := unix.Getdents(fd, names)
		if err != nil || n == 0 {
			return found, files, bytes, err
		}
		for entry := names[:n]; len(entry) > 0; {
			size := int(entry[16]) | int(entry[17])<<8
			kind, name := entry[18], unix.ByteSliceToString(entry[19:size])
			entry = entry[size:]
			switch {
			case name == "." || name == "..":
			case kind == unix.DT_DIR:
				found = append(found, filepath.Join(dir, name))
			case kind == unix.DT_REG:
				files++
				got, err := r.readFile(fd, name, content)
				if err != nil {
					return found, files, bytes, fmt.Errorf("read %s/%s: %w", dir, name, err)
				}
				bytes += got
			}
		}
	}
}

func (r *reader) readFile(dir int, name string, content []byte) (total int64, err error) {
	if r.walkOnly {
		var stat unix.Statx_t
		return 0, unix.Statx(dir, name, unix.AT_SYMLINK_NOFOLLOW, unix.STATX_BASIC_STATS, &stat)
	}
	fd, err := unix.Openat(dir, name, unix.O_RDONLY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return 0, err
	}
	defer unix.Close(fd)
	for {
		n, err := unix.Read(fd, content)
		total += int64(n)
		if err != nil || n == 0 {
			return total, err
		}
	}
}
