package workspace

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// ErrChanged says that a file changed while it was read.
var ErrChanged = errors.New("changed while it was read")

// HashOpen fills in the hash of e, the regular file that is open as f, reading through buf. It is ErrChanged where the
// file is not, after the last byte, what e says.
func (e *Entry) HashOpen(ctx context.Context, f *os.File, buf []byte) error {
	sum := sha256.New()
	for total := int64(0); ; {
		n, err := f.Read(buf)
		sum.Write(buf[:n])
		// One that grows as fast as it is read would never end.
		if total += int64(n); total > e.Size {
			return &fs.PathError{Op: "hash", Path: string(e.Path), Err: ErrChanged}
		}
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
	after, err := StatFile(f)
	if err == nil && !e.Unchanged(after) {
		err = &fs.PathError{Op: "hash", Path: string(e.Path), Err: ErrChanged}
	}
	if err == nil {
		sum.Sum(e.Hash[:0])
	}
	return err
}

// A hollow file can be made in no time and takes hours to read.
const (
	hollowSize  = 16 << 30 // from here on, in bytes
	hollowRatio = 16       // of what the file claims, the disk holds less than one part in so many
)

// Hollow reports whether the file e, open as f, is so large and so sparse that nobody should read it.
func (e *Entry) Hollow(f *os.File) (bool, error) {
	if e.Size < hollowSize {
		return false, nil
	}
	var stat unix.Stat_t
	if err := unix.Fstat(int(f.Fd()), &stat); err != nil {
		return false, &fs.PathError{Op: "stat", Path: string(e.Path), Err: err}
	}
	return isHollow(&stat), nil
}

func isHollow(stat *unix.Stat_t) bool {
	return stat.Size >= hollowSize && stat.Blocks*512 < stat.Size/hollowRatio
}
