package scan

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"cofferdam/workspace"
)

// maxFile bounds what is read of one file, in bytes.
const maxFile = 64 << 20

// readAttempts is how often a file that changes while it is read is read anew.
const readAttempts = 4

var (
	errChanging = errors.New("it kept changing while it was read")
	errTooLarge = fmt.Errorf("over the limit of %d MiB", maxFile>>20)
)

// content is a file as it was at one moment.
type content struct {
	raw    []byte
	stat   workspace.Stat
	hash   workspace.Hash
	readAt int64
}

// read reads the file at path whole. The fingerprint before the first and after the last byte is the same.
func read(ctx context.Context, root *workspace.Root, path workspace.Path) (content, error) {
	for attempt := range readAttempts {
		if err := pause(ctx, time.Duration(attempt)*10*time.Millisecond); err != nil {
			return content{}, err
		}
		c, err := readOnce(root, path)
		if !errors.Is(err, errChanging) {
			return c, err
		}
	}
	return content{}, errChanging
}

func readOnce(root *workspace.Root, path workspace.Path) (content, error) {
	f, err := root.OpenFile(path)
	if err != nil {
		return content{}, err
	}
	defer f.Close()
	c := content{readAt: time.Now().UnixNano()}
	before, err := workspace.StatFile(f)
	if err != nil {
		return content{}, err
	}
	if before.Size > maxFile {
		return content{}, errTooLarge
	}
	if c.raw, err = readLimited(f, before.Size); err != nil {
		return content{}, err
	}
	if c.stat, err = workspace.StatFile(f); err != nil {
		return content{}, err
	}
	if !before.Unchanged(c.stat) {
		return content{}, errChanging
	}
	c.hash = sha256.Sum256(c.raw)
	return c, nil
}

// readLimited reads to the end of f, which should come after size bytes, but a file in /proc or on FUSE may say else.
func readLimited(f *os.File, size int64) ([]byte, error) {
	raw := make([]byte, 0, size+1)
	for {
		n, err := f.Read(raw[len(raw):cap(raw)])
		raw = raw[:len(raw)+n]
		switch {
		case err == io.EOF:
			return raw, nil
		case err != nil:
			return nil, err
		case len(raw) > maxFile:
			return nil, errTooLarge
		case len(raw) == cap(raw):
			raw = append(raw, 0)[:len(raw)]
		}
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
