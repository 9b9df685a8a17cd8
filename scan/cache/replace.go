package cache

import (
	"bufio"
	"crypto/rand"
	"errors"
	"io"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

const (
	suffix          = ".scan"
	temporarySuffix = ".new"
)

// replace puts a file with these entries in the place of the old one, or none where there are none. It does not wait
// for the disk: a file that did not get there has a wrong checksum.
func (c *Cache) replace(e *entries) error {
	if err := os.MkdirAll(c.dir, 0o700); err != nil {
		return err
	}
	dir, err := openDir(c.dir)
	if err != nil {
		return err
	}
	defer dir.Close()
	if len(e.numbers) == 0 {
		return remove(dir, c.name)
	}
	f, err := createTemporary(dir)
	if err != nil {
		return err
	}
	err = errors.Join(e.writeFile(f), f.Close())
	if err == nil {
		err = unix.Renameat(int(dir.Fd()), f.Name(), int(dir.Fd()), c.name)
	}
	if err != nil {
		return errors.Join(err, remove(dir, f.Name()))
	}
	return prune(dir, c.name, time.Now())
}

// createTemporary makes an empty file of a new name, which is its Name.
func createTemporary(dir *os.File) (*os.File, error) {
	name := rand.Text() + temporarySuffix
	fd, err := retry(func() (int, error) {
		return unix.Openat(int(dir.Fd()), name, unix.O_WRONLY|unix.O_CREAT|unix.O_EXCL|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0o600)
	})
	if err != nil {
		return nil, &os.PathError{Op: "create", Path: name, Err: err}
	}
	return os.NewFile(uintptr(fd), name), nil
}

func (e *entries) writeFile(f io.Writer) error {
	digest := newDigest(e.head.key)
	w := bufio.NewWriterSize(io.MultiWriter(digest, f), pieceLen)
	e.writeTo(w)
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := f.Write(digest.Sum(nil))
	return err
}

// remove removes a file that may be gone already.
func remove(dir *os.File, name string) error {
	if err := unix.Unlinkat(int(dir.Fd()), name, 0); err != nil && err != unix.ENOENT {
		return &os.PathError{Op: "remove", Path: name, Err: err}
	}
	return nil
}
