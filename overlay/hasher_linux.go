package overlay

import (
	"context"
	"fmt"
	"runtime"
	"sync"

	"cofferdam/change"
	"cofferdam/workspace"
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
	if why := change.RefuseUnreadable(o.entry, err); why != "" {
		o.refuse = change.JoinReasons(o.refuse, why)
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
	case m.refuse != "":
		o.refuse = change.JoinReasons(o.refuse, m.refuse)
	}
	hollow, err := o.entry.Hollow(f)
	switch {
	case hollow:
		o.refuse = change.JoinReasons(o.refuse, fmt.Sprintf("a sparse file of %d bytes, not read", o.entry.Size))
	case err == nil:
		err = o.entry.HashOpen(ctx, f, w.buf)
	}
	if err != nil {
		return fmt.Errorf("read upper layer: %w", err)
	}
	return nil
}
