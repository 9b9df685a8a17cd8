package stage

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// clearDir removes what dir holds. It is for directories that this package filled: nobody else writes there.
func clearDir(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := removeTree(filepath.Join(dir, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

// removeTree removes a tree, also where its directories do not let their owner write.
func removeTree(path string) error {
	err := os.RemoveAll(path)
	if !errors.Is(err, fs.ErrPermission) {
		return err
	}
	walkErr := filepath.WalkDir(path, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			err = os.Chmod(path, 0o700) // before WalkDir reads it
		}
		return err
	})
	if err := os.RemoveAll(path); err != nil {
		return errors.Join(walkErr, err)
	}
	return nil
}
