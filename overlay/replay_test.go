package overlay

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"cofferdam/change"
	"cofferdam/workspace"

	"golang.org/x/sys/unix"
)

// copyTree copies a tree, FIFOs included, with directories that can be written to, and returns the modes they ought to have.
func copyTree(t testing.TB, from, to string) map[string]os.FileMode {
	t.Helper()
	modes := map[string]os.FileMode{}
	err := filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(from, path)
		info, err := d.Info()
		if err != nil {
			return err
		}
		if d.IsDir() {
			modes[name] = info.Mode()
			if err := os.MkdirAll(filepath.Join(to, name), 0o700); err != nil {
				return err
			}
			return os.Chmod(filepath.Join(to, name), 0o700)
		}
		return copyLeaf(path, filepath.Join(to, name), info.Mode())
	})
	if err != nil {
		t.Fatal(err)
	}
	return modes
}

func copyLeaf(from, to string, mode os.FileMode) error {
	switch mode.Type() {
	case os.ModeSymlink:
		target, err := os.Readlink(from)
		if err != nil {
			return err
		}
		return os.Symlink(target, to)
	case os.ModeNamedPipe:
		if err := unix.Mkfifo(to, 0o600); err != nil {
			return err
		}
	default:
		content, err := os.ReadFile(from)
		if err != nil {
			return err
		}
		if err := os.WriteFile(to, content, 0o600); err != nil {
			return err
		}
	}
	return os.Chmod(to, mode)
}

// applySet makes in dir what the set says, literally: it removes no directory that is not empty, so every path in a
// deleted one has to be listed, and it takes contents from the upper layer only where the hash is that of the set.
func applySet(t testing.TB, set *change.Set, upper, dir string, modes map[string]os.FileMode) {
	t.Helper()
	for _, c := range slices.Backward(set.Changes) {
		if c.Old.Type != workspace.None && c.Old.Type != c.New.Type {
			if err := os.Remove(filepath.Join(dir, string(c.Path))); err != nil {
				t.Fatalf("%s %q: %v", c.Kind, c.Path, err)
			}
			delete(modes, string(c.Path))
		}
	}
	for _, c := range set.Changes {
		if err := applyNew(c, filepath.Join(upper, string(c.Path)), filepath.Join(dir, string(c.Path))); err != nil {
			t.Fatalf("%s %q: %v", c.Kind, c.Path, err)
		}
		if c.New.Type == workspace.Dir {
			modes[string(c.Path)] = fileMode(c.New.Mode)
		}
	}
	for path, mode := range modes {
		defer os.Chmod(filepath.Join(dir, path), mode.Perm()|mode&(os.ModeSetuid|os.ModeSetgid|os.ModeSticky))
	}
}

func fileMode(mode uint32) os.FileMode {
	m := os.FileMode(mode & 0o777)
	for bit, flag := range map[uint32]os.FileMode{unix.S_ISUID: os.ModeSetuid, unix.S_ISGID: os.ModeSetgid, unix.S_ISVTX: os.ModeSticky} {
		if mode&bit != 0 {
			m |= flag
		}
	}
	return m
}

func applyNew(c change.Change, upper, to string) error {
	switch c.New.Type {
	case workspace.Dir:
		if c.Old.Type == workspace.Dir {
			return nil
		}
		return os.Mkdir(to, 0o700)
	case workspace.Symlink:
		if c.Old.Type == workspace.Symlink {
			if err := os.Remove(to); err != nil {
				return err
			}
		}
		return os.Symlink(c.New.Target, to)
	case workspace.FIFO:
		_ = os.Remove(to)
		return errorsOf(unix.Mkfifo(to, 0o600), os.Chmod(to, fileMode(c.New.Mode)))
	case workspace.File:
		content, err := os.ReadFile(upper)
		if err != nil {
			return err
		}
		if sum := workspace.Hash(sha256.Sum256(content)); sum != c.New.Hash || int64(len(content)) != c.New.Size {
			return fmt.Errorf("content is %d bytes %s, want %d bytes %s", len(content), sum, c.New.Size, c.New.Hash)
		}
		_ = os.Remove(to)
		return errorsOf(os.WriteFile(to, content, 0o600), os.Chmod(to, fileMode(c.New.Mode)))
	}
	return nil
}

func errorsOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
