package scan

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"time"

	"golang.org/x/sys/unix"

	"cofferdam/rules"
	"cofferdam/scan/cache"
	"cofferdam/workspace"
)

// readAttempts is how often a file that changes while it is read is read anew.
const readAttempts = 4

// maxMore is how much more than its size says, in bytes, a file may hold. Those of a file system without sizes, such as
// /proc, hold more than nothing.
const maxMore = 64 << 20

var (
	errChanging = errors.New("it kept changing while it was read")
	errHollow   = errors.New("it is so large and so sparse that it was not read")
	errEndless  = fmt.Errorf("it holds over %d MiB more than its size says", maxMore>>20)
)

// file is a regular file that is being read.
type file struct {
	workspace.Handle
	path    workspace.Path
	stat    workspace.Stat // before the first byte
	verdict *rules.Verdict
	sum     hash.Hash // of what was read; nil where nobody asked

	readAt     int64
	hash       workspace.Hash
	content    cache.Content // where the file is so small that it is read before it is searched
	credential string
	binary     bool // it has zeros where it begins
	unpacked   bool // members of it were searched
	findings   []Finding
	problems   []Incomplete
	bytes      int64
}

// readFile reads and searches the file at p. The fingerprint before the first and after the last byte is the same.
func (r *reader) readFile(p *workspace.Place, f *file) error {
	for attempt := range readAttempts {
		if err := pause(r.ctx, time.Duration(attempt)*10*time.Millisecond); err != nil {
			return err
		}
		if attempt > 0 {
			stat, err := p.Open(&f.Handle)
			if err != nil {
				return err
			}
			f.stat = stat
		}
		err := r.readOnce(f)
		f.Close()
		if !errors.Is(err, errChanging) {
			return err
		}
	}
	return errChanging
}

func (r *reader) readOnce(f *file) error {
	f.begin(r.enteredAt, r.opts.Hash)
	if f.stat.Size > pieceSize {
		if hollow, err := f.Hollow(); err != nil || hollow {
			return errors.Join(err, errHollow)
		}
	}
	have := 0
	if f.stat.Size < smallDesk {
		n, end, err := f.fill(r.desk.of(smallDesk), 0)
		if err != nil {
			return err
		}
		if end {
			if r.recallContent(f, r.desk.raw[:n]) {
				return nil
			}
			return r.search(f, "", f, &r.desk, n, true)
		}
		have = n // It is more than the file system says.
	}
	desk := r.desks.take()
	defer r.desks.bring(desk)
	return r.search(f, "", f, desk, copy(desk.raw, r.desk.raw[:have]), false)
}

// begin forgets what another file, or another attempt, has brought.
func (f *file) begin(readAt int64, hashed bool) {
	f.readAt, f.bytes, f.hash, f.content = readAt, 0, workspace.Hash{}, cache.Content{}
	f.credential, f.binary, f.unpacked, f.findings, f.problems = "", false, false, nil, nil
	switch {
	case !hashed:
		f.sum = nil
	case f.sum == nil:
		f.sum = sha256.New()
	default:
		f.sum.Reset()
	}
}

func pause(ctx context.Context, d time.Duration) error {
	if d == 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// fill implements source. At the end it checks that nobody wrote to the file meanwhile.
func (f *file) fill(buf []byte, have int) (n int, end bool, err error) {
	n, end, err = fill(f, buf, have)
	if f.sum != nil {
		f.sum.Write(buf[have:n])
	}
	f.bytes += int64(n - have)
	switch {
	case err != nil:
	case f.bytes > f.stat.Size+maxMore:
		err = errEndless
	case end:
		err = f.settled()
	}
	return n, end, err
}

func fill(r io.Reader, buf []byte, have int) (n int, end bool, err error) {
	for n = have; n < len(buf); {
		m, err := r.Read(buf[n:])
		n += m
		if errors.Is(err, io.EOF) {
			return n, true, nil
		}
		if err != nil {
			return n, false, err
		}
	}
	return n, false, nil
}

// settled checks, behind the last byte, that nobody wrote to the file meanwhile.
func (f *file) settled() error {
	after, err := f.Stat()
	if err != nil {
		return err
	}
	if !f.stat.Unchanged(after) {
		return errChanging
	}
	f.stat = after
	if f.sum != nil {
		f.sum.Sum(f.hash[:0])
	}
	return nil
}

// reason is an error as the ledger says it: without the path, which stands beside it.
func reason(err error) string {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Op + ": " + at.Err.Error()
	}
	return err.Error()
}

// isMount says that a lookup ended at another mount.
func isMount(err error) bool { return errors.Is(err, unix.EXDEV) }
