package overlay

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"sync"

	"cofferdam/workspace"

	"golang.org/x/sys/unix"
)

// A file of which the disk holds next to nothing takes a command no time to make and a reader hours to hash.
const (
	sparseSize  = 16 << 30 // bytes; smaller files are read whatever they are
	sparseRatio = 16       // apparent size to what the disk holds
)

// hasher fills in the hashes of files, and reads the markers on them, in the background.
type hasher struct {
	ctx     context.Context
	upper   *workspace.Root
	files   chan *object
	workers sync.WaitGroup
	taken   []*object
}

func startHasher(ctx context.Context, upper *workspace.Root, format Format) *hasher {
	h := &hasher{ctx: ctx, upper: upper, files: make(chan *object, 256)}
	for range runtime.GOMAXPROCS(0) {
		h.workers.Go(func() {
			worker := hashWorker{markers: markerReader{format: format}, buf: make([]byte, 128<<10)}
			for o := range h.files {
				if ctx.Err() == nil {
					o.err = worker.hash(ctx, upper, o)
				}
			}
		})
	}
	return h
}

// add takes a file; nobody else touches the object until wait.
func (h *hasher) add(o *object) {
	h.taken = append(h.taken, o)
	select {
	case h.files <- o:
	case <-h.ctx.Done():
	}
}

// wait ends when every file is hashed, with the error of the first one that could not be.
func (h *hasher) wait() error {
	close(h.files)
	h.workers.Wait()
	for _, o := range h.taken {
		if o.err != nil {
			return o.err
		}
	}
	return nil
}

type hashWorker struct {
	markers markerReader
	buf     []byte
}

func (w *hashWorker) hash(ctx context.Context, upper *workspace.Root, o *object) error {
	f, err := upper.OpenFile(o.entry.Path)
	if why := refuseUnreadable(o.entry, err); why != "" {
		o.refuse = joinReasons(o.refuse, why)
		return nil
	}
	if err != nil {
		return fmt.Errorf("read upper layer: %w", err)
	}
	defer f.Close()
	m, err := w.markers.read(int(f.Fd()), o.entry.Path)
	switch {
	case err != nil:
		return err
	case m.opaque || m.marked:
		return &MarkerError{o.entry.Path, "opaque"}
	case m.whiteout:
		return &MarkerError{o.entry.Path, "whiteout"}
	case m.security != "":
		o.refuse = joinReasons(o.refuse, "it has the attribute "+m.security)
	}
	if hollow, err := isHollow(f, o.entry); err != nil || hollow {
		o.refuse = joinReasons(o.refuse, fmt.Sprintf("a sparse file of %d bytes, not read", o.entry.Size))
		return err
	}
	return w.hashOpen(ctx, f, o)
}

func (w *hashWorker) hashOpen(ctx context.Context, f *os.File, o *object) error {
	sum := sha256.New()
	for {
		n, err := f.Read(w.buf)
		sum.Write(w.buf[:n])
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return fmt.Errorf("read upper layer: %w", err)
		}
	}
	after, err := workspace.StatFile(f)
	if err == nil && !o.entry.Unchanged(after) {
		err = &fs.PathError{Op: "hash", Path: string(o.entry.Path), Err: errors.New("changed while it was read")}
	}
	if err != nil {
		return fmt.Errorf("read upper layer: %w", err)
	}
	sum.Sum(o.entry.Hash[:0])
	return nil
}

func isHollow(f *os.File, e workspace.Entry) (bool, error) {
	if e.Size < sparseSize {
		return false, nil
	}
	var stat unix.Stat_t
	if err := unix.Fstat(int(f.Fd()), &stat); err != nil {
		return false, fmt.Errorf("read upper layer: %w", &fs.PathError{Op: "stat", Path: string(e.Path), Err: err})
	}
	return stat.Blocks*512 < e.Size/sparseRatio, nil
}
