package cache

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

func TestOnlyOnesOwnFileCounts(t *testing.T) {
	cases := map[string]struct {
		change func(t *testing.T, dir, path string)
		reason string
		writes bool // that a new cache can be written
	}{
		"untouched":       {func(*testing.T, string, string) {}, "", true},
		"file group read": {func(t *testing.T, _, path string) { chmod(t, path, 0o640) }, "is open to others", true},
		"file all write":  {func(t *testing.T, _, path string) { chmod(t, path, 0o602) }, "is open to others", true},
		"dir group write": {func(t *testing.T, dir, _ string) { chmod(t, dir, 0o770) }, "its directory is open", false},
		"dir sticky":      {func(t *testing.T, dir, _ string) { chmod(t, dir, 0o777|os.ModeSticky) }, "its directory is open", false},
		"symlink":         {func(t *testing.T, dir, path string) { link(t, path, filepath.Join(t.TempDir(), "moved")) }, "symbolic link", true},
		"dir symlink":     {func(t *testing.T, dir, _ string) { link(t, dir, filepath.Join(t.TempDir(), "moved")) }, "not a directory", false},
		"fifo":            {func(t *testing.T, _, path string) { replaceBy(t, path, unix.S_IFIFO) }, "no regular file", true},
		"directory":       {func(t *testing.T, _, path string) { replaceBy(t, path, unix.S_IFDIR) }, "no regular file", false},
		"other owner":     {func(t *testing.T, _, path string) { chown(t, path) }, "belongs to user", true},
		"dir other owner": {func(t *testing.T, dir, _ string) { chown(t, dir) }, "belongs to user", false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "scan")
			fill(t, dir, 3)
			c.change(t, dir, cachePath(t, dir))
			opened := openCache(t, dir, testRules)
			if got := opened.Reason(); !strings.Contains(got, c.reason) || (got == "") != (c.reason == "") {
				t.Errorf("Reason = %q, want %q", got, c.reason)
			}
			if (opened.Len() == 3) != (c.reason == "") {
				t.Errorf("%d results", opened.Len())
			}
			opened.Add(opened.Key(file(9)), Content{}, result(9))
			if err := opened.Write(Part); (err == nil) != c.writes {
				t.Fatalf("Write = %v, want success %v", err, c.writes)
			}
			if again := openCache(t, dir, testRules); (again.Reason() == "") != c.writes {
				t.Errorf("after Write: %q", again.Reason())
			}
		})
	}
}

func chmod(t *testing.T, path string, mode os.FileMode) {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

// link moves what is at path, and leaves a symlink to it.
func link(t *testing.T, path, moved string) {
	t.Helper()
	if err := os.Rename(path, moved); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(moved, path); err != nil {
		t.Fatal(err)
	}
}

func replaceBy(t *testing.T, path string, kind uint32) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	err := os.Mkdir(path, 0o700)
	if kind == unix.S_IFIFO {
		os.Remove(path)
		err = unix.Mkfifo(path, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func chown(t *testing.T, path string) {
	t.Helper()
	if err := os.Chown(path, 65534, 65534); err != nil {
		t.Skipf("a file for another user: %v", err)
	}
}
