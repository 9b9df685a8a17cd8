package apply

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"sync"

	"golang.org/x/sys/unix"

	"cofferdam/change"
)

// errChanged says that a source is not any more what the plan was made from.
var errChanged = errors.New("its content is not what was reviewed")

const copyBuffer = 128 << 10

var buffers = sync.Pool{New: func() any { return new([copyBuffer]byte) }}

// cloneFrom is the size from which a reflink is tried: below, reading and writing costs no more.
const cloneFrom = 64 << 10

// copyContent fills dst with what src holds and checks that this is want.
func copyContent(ctx context.Context, dst, src *os.File, want change.Side, c calls) error {
	if want.Size >= cloneFrom {
		err := c.clone(dst, src)
		if err == nil {
			return checkContent(dst, want)
		}
		if !errors.Is(err, unix.EOPNOTSUPP) && !errors.Is(err, unix.EXDEV) && !errors.Is(err, unix.EINVAL) && !errors.Is(err, unix.ENOTTY) {
			return fmt.Errorf("clone: %w", err)
		}
	}
	sum := sha256.New()
	n, err := copyThrough(ctx, dst, src, sum, want.Size, c)
	if err != nil {
		return err
	}
	return matches(n, sum, want)
}

// copyThrough copies at most a byte more than limit, so that a file that grows meanwhile has an end.
func copyThrough(ctx context.Context, dst, src *os.File, sum hash.Hash, limit int64, c calls) (n int64, err error) {
	buf := buffers.Get().(*[copyBuffer]byte)
	defer buffers.Put(buf)
	for n <= limit {
		if err := ctx.Err(); err != nil {
			return n, err
		}
		k, err := src.Read(buf[:])
		if k > 0 {
			sum.Write(buf[:k])
			if _, err := c.write(dst, buf[:k]); err != nil {
				return n, fmt.Errorf("write: %w", err)
			}
			n += int64(k)
		}
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return n, fmt.Errorf("read: %w", err)
		}
	}
	return n, nil
}

// checkContent reads a clone.
func checkContent(f *os.File, want change.Side) error {
	sum := sha256.New()
	n, err := io.Copy(sum, io.NewSectionReader(f, 0, want.Size+1))
	if err != nil {
		return fmt.Errorf("read: %w", err)
	}
	return matches(n, sum, want)
}

func matches(n int64, sum hash.Hash, want change.Side) error {
	var got [sha256.Size]byte
	sum.Sum(got[:0])
	if n != want.Size || got != want.Hash {
		return errChanged
	}
	return nil
}
