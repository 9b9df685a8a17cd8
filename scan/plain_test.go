package scan

import (
	"context"
	"encoding/binary"
	"runtime"
	"sync"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"cofferdam/rules"
	"cofferdam/workspace"
)

// noEngine finds nothing, and takes no time over it.
type noEngine struct{}

func (noEngine) find(context.Context, workspace.Path, string) ([]match, error) { return nil, nil }

func scanWith(tb testing.TB, root *workspace.Root, opts Options, e engine) *Report {
	tb.Helper()
	if opts.Workers == 0 {
		opts.Workers = runtime.GOMAXPROCS(0)
	}
	return scanBy(tb, root, opts, func(s *scanner) { s.engine = func() (engine, error) { return e, nil } })
}

func scanBy(tb testing.TB, root *workspace.Root, opts Options, prepare func(*scanner)) *Report {
	tb.Helper()
	s := newScanner(root, rules.NewSet(nil, nil), opts)
	prepare(s)
	r, err := s.scan(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

// readOnly scans without looking at what was read.
func readOnly(b *testing.B, opts Options) {
	root := benchRoot(b)
	opts.Workers = runtime.GOMAXPROCS(0)
	busy := startCPU()
	for b.Loop() {
		r := scanBy(b, root, opts, func(s *scanner) {
			s.engine = func() (engine, error) { return noEngine{}, nil }
			s.judge = func(rules.Verdict, []byte) (string, bool) { return "", false }
			s.unpack = false
		})
		b.SetBytes(r.Bytes)
	}
	busy.report(b)
}

// cpu is the time that processors had spent on this process at a moment.
type cpu struct{ unix.Rusage }

func startCPU() (c cpu) {
	_ = unix.Getrusage(unix.RUSAGE_SELF, &c.Rusage)
	return c
}

// report tells the time on processors, which another process changes less than the time that passes.
func (c cpu) report(b *testing.B) {
	now := startCPU()
	spent := now.Utime.Nano() - c.Utime.Nano() + now.Stime.Nano() - c.Stime.Nano()
	b.ReportMetric(float64(spent)/float64(b.N)/1e6, "cpu-ms/op")
}

// BenchmarkReading is a Scan without an engine.
func BenchmarkReading(b *testing.B) { readOnly(b, Options{}) }

// BenchmarkReadingHashed is the same with Options.Hash.
func BenchmarkReadingHashed(b *testing.B) { readOnly(b, Options{Hash: true}) }

// BenchmarkPlainRead is what reading is to be held against: getdents64, openat and read of the same tree with the same
// number of workers, by raw system calls, and nothing else.
func BenchmarkPlainRead(b *testing.B) {
	tree := benchRoot(b).Path()
	busy := startCPU()
	for b.Loop() {
		p := plainReader{queue: []string{tree}, pending: 1}
		p.wake.L = &p.mu
		var group sync.WaitGroup
		for range runtime.GOMAXPROCS(0) {
			group.Go(p.work)
		}
		group.Wait()
		b.SetBytes(p.bytes)
	}
	busy.report(b)
}

type plainReader struct {
	mu      sync.Mutex
	wake    sync.Cond
	queue   []string
	pending int
	bytes   int64
}

func (p *plainReader) work() {
	names, buf := make([]byte, 32<<10), make([]byte, pieceSize)
	bytes := int64(0)
	for {
		p.mu.Lock()
		for len(p.queue) == 0 && p.pending > 0 {
			p.wake.Wait()
		}
		if p.pending == 0 {
			p.bytes += bytes
			p.mu.Unlock()
			return
		}
		dir := p.queue[len(p.queue)-1]
		p.queue = p.queue[:len(p.queue)-1]
		p.mu.Unlock()
		found, n := plainDir(dir, names, buf)
		bytes += n
		p.mu.Lock()
		p.queue = append(p.queue, found...)
		p.pending += len(found) - 1
		p.wake.Broadcast()
		p.mu.Unlock()
	}
}

func plainDir(dir string, names, buf []byte) (found []string, bytes int64) {
	fd, err := unix.Open(dir, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, 0
	}
	defer unix.Close(fd)
	for {
		n, _, _ := unix.RawSyscall(unix.SYS_GETDENTS64, uintptr(fd), uintptr(unsafe.Pointer(&names[0])), uintptr(len(names)))
		if int(n) <= 0 {
			return found, bytes
		}
		for list := names[:n]; len(list) > 0; list = list[binary.NativeEndian.Uint16(list[16:]):] {
			name := unix.ByteSliceToString(list[19:])
			switch {
			case list[18] == unix.DT_DIR && name != "." && name != "..":
				found = append(found, dir+"/"+name)
			case list[18] == unix.DT_REG:
				bytes += plainFile(fd, &list[19], buf)
			}
		}
	}
}

func plainFile(dir int, name *byte, buf []byte) (bytes int64) {
	const flags = unix.O_RDONLY | unix.O_NOFOLLOW | unix.O_CLOEXEC
	fd, _, err := unix.RawSyscall6(unix.SYS_OPENAT, uintptr(dir), uintptr(unsafe.Pointer(name)), flags, 0, 0, 0)
	if err != 0 {
		return 0
	}
	for {
		n, _, _ := unix.RawSyscall(unix.SYS_READ, fd, uintptr(unsafe.Pointer(&buf[0])), uintptr(len(buf)))
		if int(n) > 0 {
			bytes += int64(n)
		}
		if int(n) < len(buf) {
			break
		}
	}
	_, _, _ = unix.RawSyscall(unix.SYS_CLOSE, fd, 0, 0)
	return bytes
}
