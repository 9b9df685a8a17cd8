package gitview

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// ShelfKey is a key to make Known.Digest with, the same for each Build that has the shelf dir. Nobody else can read it.
func ShelfKey(dir string) ([]byte, error) {
	if dir == "" {
		return nil, errors.New("there is no shelf")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	if !own(dir) {
		return nil, fmt.Errorf("%s is open to others", dir)
	}
	name := filepath.Join(dir, "key")
	key, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		key = make([]byte, 32)
		_, _ = rand.Read(key) // It never fails.
		err = writeNew(name, key)
	}
	if err == nil && len(key) != 32 {
		err = errors.Join(fmt.Errorf("%s is no key", name), os.Remove(name))
	}
	return key, err
}

// writeNew writes a file that is not there yet.
func writeNew(name string, content []byte) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	return errors.Join(err, file.Close())
}
