package stage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"

	"golang.org/x/sys/unix"
)

// duplicator copies the content of files in the cheapest way that both file systems know: a reflink, a copy inside
// the kernel, reading and writing. It is safe for concurrent use.
type duplicator struct {
	noReflink, noKernelCopy atomic.Bool
}

// sourceError is an error of the file that is read, which its owner may have caused meanwhile; all others are of
// the place that is written to.
type sourceError struct{ error }

func (e sourceError) Unwrap() error { return e.error }

// copy copies the first size bytes of src into the empty file dst. Holes stay holes.
func (d *duplicator) copy(ctx context.Context, dst, src *os.File, size int64) error {
	if size == 0 {
		return nil
	}
	if !d.noReflink.Load() {
		if unix.IoctlFileClone(int(dst.Fd()), int(src.Fd())) == nil {
			return dst.Truncate(size) // It may have grown since.
		}
		d.noReflink.Store(true)
	}
	sparse, err := isSparse(src, size)
	if err != nil {
		return err
	}
	if !sparse {
		return d.copyRange(ctx, dst, src, 0, size)
	}
	if err := d.copyData(ctx, dst, src, size); err != nil {
		return err
	}
	return dst.Truncate(size)
}

func isSparse(f *os.File, size int64) (bool, error) {
	var stat unix.Stat_t
	if err := unix.Fstat(int(f.Fd()), &stat); err != nil {
		return false, sourceError{err}
	}
	return stat.Blocks*512 < size && size > 1<<16, nil
}

// copyData copies what is between the holes.
func (d *duplicator) copyData(ctx context.Context, dst, src *os.File, size int64) error {
	for at := int64(0); at < size; {
		from, err := unix.Seek(int(src.Fd()), at, unix.SEEK_DATA)
		if err == unix.ENXIO { // nothing but a hole is left
			return nil
		}
		if err != nil {
			return sourceError{err}
		}
		to, err := unix.Seek(int(src.Fd()), from, unix.SEEK_HOLE)
		if err != nil {
			return sourceError{err}
		}
		if at = min(to, size); from >= at {
			return nil
		}
		if err := d.copyRange(ctx, dst, src, from, at); err != nil {
			return err
		}
	}
	return nil
}

func (d *duplicator) copyRange(ctx context.Context, dst, src *os.File, from, to int64) error {
	for from < to && !d.noKernelCopy.Load() {
		if err := ctx.Err(); err != nil {
			return err
		}
		in, out := from, from
		n, err := unix.CopyFileRange(int(src.Fd()), &in, int(dst.Fd()), &out, int(min(to-from, 64<<20)), 0)
		switch {
		case err == unix.EINTR:
		case err == unix.ENOSPC || err == unix.EDQUOT || err == unix.EFBIG:
			return fmt.Errorf("copy %s: %w", src.Name(), err)
		case err != nil: // Another file system (EXDEV), or one that does not know how.
			d.noKernelCopy.Store(err == unix.EXDEV || err == unix.ENOSYS || err == unix.EOPNOTSUPP)
			return copyBytes(ctx, dst, src, from, to)
		case n == 0: // The end, or a file of /proc that says nothing of its size.
			return copyBytes(ctx, dst, src, from, to)
		default:
			from += int64(n)
		}
	}
	return copyBytes(ctx, dst, src, from, to)
}

func copyBytes(ctx context.Context, dst, src *os.File, from, to int64) error {
	buf := make([]byte, min(to-from, 128<<10))
	for from < to {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := src.ReadAt(buf[:min(to-from, int64(len(buf)))], from)
		if _, err := dst.WriteAt(buf[:n], from); err != nil {
			return err
		}
		from += int64(n)
		if errors.Is(err, io.EOF) {
			return nil // It shrank; its fingerprint tells.
		}
		if err != nil {
			return sourceError{err}
		}
	}
	return nil
}
