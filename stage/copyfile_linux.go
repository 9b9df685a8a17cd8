package stage

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"

	"cofferdam/workspace"

	"golang.org/x/sys/unix"
)

// copyFiles copies files on all processors.
func (c *copier) copyFiles(ctx context.Context, files []workspace.Entry) (moved []workspace.Path, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	var group sync.WaitGroup
	failed := make([]bool, len(files))
	for range max(2, runtime.GOMAXPROCS(0)) {
		group.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1) - 1)
				if i >= len(files) {
					return
				}
				err := c.copyFile(ctx, files[i])
				var gone sourceError
				switch {
				case errors.As(err, &gone):
					failed[i] = true
				case err != nil:
					cancel(fmt.Errorf("copy %q: %w", files[i].Path, err))
				}
			}
		})
	}
	group.Wait()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	for i, e := range files {
		if failed[i] {
			moved = append(moved, e.Path)
		} else {
			c.done[e.Path] = e
		}
	}
	return moved, nil
}

// copyFile copies one file that is as e says before and after; a sourceError says that it is not.
func (c *copier) copyFile(ctx context.Context, e workspace.Entry) error {
	src, err := c.src.OpenFile(e.Path)
	if err != nil {
		return sourceError{err}
	}
	defer src.Close()
	as := e
	if text := c.redacted[e.Path]; text != nil {
		as.Stat = text.stat
	}
	if err := stillIs(src, as); err != nil {
		return err
	}
	fd, err := unix.Openat(c.dst.Fd(), string(e.Path), unix.O_RDWR|unix.O_CREAT|unix.O_EXCL|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0o600)
	if err != nil {
		return err
	}
	dst := os.NewFile(uintptr(fd), string(e.Path))
	if text := c.redacted[e.Path]; text != nil && text.hash == e.Hash {
		_, err = dst.Write(text.Text)
	} else {
		err = c.content.copy(ctx, dst, src, e.Size)
	}
	if err == nil {
		err = stillIs(src, as)
	}
	if err == nil {
		err = c.setAttributes(fd, e)
	}
	if err = errors.Join(err, dst.Close()); err != nil {
		return errors.Join(err, unix.Unlinkat(c.dst.Fd(), string(e.Path), 0))
	}
	return nil
}

func stillIs(f *os.File, e workspace.Entry) error {
	stat, err := workspace.StatFile(f)
	if err == nil && !stat.Unchanged(e.Stat) {
		err = errChanged
	}
	if err != nil {
		return sourceError{err}
	}
	return nil
}
