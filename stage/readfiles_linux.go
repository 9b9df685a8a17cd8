package stage

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"cofferdam/change"
	"cofferdam/workspace"
)

// readFiles fills in the hashes of files and looks at the attributes of what was touched, on all processors.
func (r *copyReader) readFiles(ctx context.Context, objects []object) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	var group sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			buf := make([]byte, 128<<10)
			for ctx.Err() == nil {
				i := int(next.Add(1) - 1)
				if i >= len(objects) {
					return
				}
				if err := r.read(ctx, &objects[i], buf); err != nil {
					cancel(err)
				}
			}
		})
	}
	group.Wait()
	return context.Cause(ctx)
}

func (r *copyReader) read(ctx context.Context, o *object, buf []byte) error {
	switch {
	case !o.touched():
		o.now.Hash = o.was.Hash
		return nil
	case o.now.Type == workspace.Dir && r.unreadable[o.now.Path] == nil:
		return r.readDir(o, buf)
	case o.now.Type == workspace.File:
		return r.readFile(ctx, o, buf)
	}
	return nil
}

func (r *copyReader) readDir(o *object, buf []byte) error {
	dir, err := r.tree.OpenDir(o.now.Path)
	if err != nil {
		return err
	}
	defer dir.Close()
	why, err := refuseAttributes(dir, buf)
	o.refuse = change.JoinReasons(o.refuse, why)
	return err
}

func (r *copyReader) readFile(ctx context.Context, o *object, buf []byte) error {
	f, err := r.tree.OpenFile(o.now.Path)
	if why := change.RefuseUnreadable(o.now, err); why != "" {
		o.refuse = change.JoinReasons(o.refuse, why)
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	why, err := refuseAttributes(f, buf)
	if err != nil {
		return err
	}
	o.refuse = change.JoinReasons(o.refuse, why)
	if hollow, err := o.now.Hollow(f); err != nil || hollow {
		o.refuse = change.JoinReasons(o.refuse, fmt.Sprintf("a sparse file of %d bytes, not read", o.now.Size))
		return err
	}
	return o.now.HashOpen(ctx, f, buf)
}
