package stage

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
	"sync/atomic"

	"cofferdam/workspace"

	"golang.org/x/sys/unix"
)

// A file of which the disk holds next to nothing takes a command no time to make and a reader hours to hash.
const (
	sparseSize  = 16 << 30 // bytes; smaller files are read whatever they are
	sparseRatio = 16       // apparent size to what the disk holds
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
	o.refuse = joinReasons(o.refuse, why)
	return err
}

func (r *copyReader) readFile(ctx context.Context, o *object, buf []byte) error {
	f, err := r.tree.OpenFile(o.now.Path)
	if why := refuseUnreadable(o.now, err); why != "" {
		o.refuse = joinReasons(o.refuse, why)
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
	o.refuse = joinReasons(o.refuse, why)
	if hollow, err := isHollow(f, o.now); err != nil || hollow {
		o.refuse = joinReasons(o.refuse, fmt.Sprintf("a sparse file of %d bytes, not read", o.now.Size))
		return err
	}
	return hashOpen(ctx, f, &o.now, buf)
}

func isHollow(f *os.File, e workspace.Entry) (bool, error) {
	if e.Size < sparseSize {
		return false, nil
	}
	var stat unix.Stat_t
	if err := unix.Fstat(int(f.Fd()), &stat); err != nil {
		return false, &fs.PathError{Op: "stat", Path: string(e.Path), Err: err}
	}
	return stat.Blocks*512 < e.Size/sparseRatio, nil
}

// hashOpen fills in the hash of e, which is open as f and as e says.
func hashOpen(ctx context.Context, f *os.File, e *workspace.Entry, buf []byte) error {
	sum := sha256.New()
	for {
		n, err := f.Read(buf)
		sum.Write(buf[:n])
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
	}
	after, err := workspace.StatFile(f)
	if err == nil && !e.Unchanged(after) {
		err = &fs.PathError{Op: "hash", Path: string(e.Path), Err: errChanged}
	}
	if err == nil {
		sum.Sum(e.Hash[:0])
	}
	return err
}
