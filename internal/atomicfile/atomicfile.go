// Package atomicfile replaces small state files whole: a reader, and a machine that lost power, see the old content
// or the new, never a part.
package atomicfile

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"
)

// Write puts what data writes at path, durably: when it returns nil, the content and the name are on disk. When it
// returns an error, path may be the old file or the new one, but is whole.
func Write(path string, perm fs.FileMode, data func(io.Writer) error) error {
	dir := filepath.Dir(path)
	// The temporary file must be on the same file system; renameio's own choice could be $TMPDIR.
	f, err := renameio.NewPendingFile(path, renameio.WithTempDir(dir), renameio.WithStaticPermissions(perm))
	if err != nil {
		return fmt.Errorf("create %s: %w", path, err)
	}
	defer f.Cleanup()
	if err := data(f); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := f.CloseAtomicallyReplace(); err != nil {
		return fmt.Errorf("replace %s: %w", path, err)
	}
	return SyncDir(dir)
}

// SyncDir makes the names in dir durable: a rename is on disk only when its directory is.
func SyncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync directory: %w", err)
	}
	defer f.Close()
	if err := f.Sync(); err != nil {
		return fmt.Errorf("sync directory: %w", err)
	}
	return nil
}
