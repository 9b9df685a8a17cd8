package workspace

import (
	"crypto/sha256"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// tree makes a directory: "name/" is a directory, "name -> target" a symlink, "name | " a FIFO, anything else a file
// that holds its own name.
func tree(t *testing.T, names ...string) *Root {
	t.Helper()
	dir := t.TempDir()
	for _, name := range names {
		link, target, isLink := strings.Cut(name, " -> ")
		fifo, isFIFO := strings.CutSuffix(name, " | ")
		path := filepath.Join(dir, name)
		var err error
		switch {
		case isLink:
			err = os.Symlink(target, filepath.Join(dir, link))
		case isFIFO:
			err = unix.Mkfifo(filepath.Join(dir, fifo), 0o600)
		case strings.HasSuffix(name, "/"):
			err = os.MkdirAll(path, 0o755)
		default:
			err = errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(name), 0o644))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	root, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return root
}

func TestOpenFileStaysBeneath(t *testing.T) {
	root := tree(t, "dir/file", "inner -> dir", "outer -> /etc", "link -> dir/file", "fifo | ")
	if err := os.WriteFile(filepath.Join(filepath.Dir(root.Path()), "outside"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		path Path
		want error
	}{
		{"dir/file", nil},
		{"missing", unix.ENOENT},
		{"link", unix.ELOOP},
		{"inner/file", unix.ELOOP},
		{"outer/passwd", unix.ELOOP},
		{"../outside", unix.EXDEV},
		{"/etc/passwd", unix.EXDEV},
		{"dir/file/x", unix.ENOTDIR},
		{"dir", ErrNotRegular},
		{"fifo", ErrNotRegular},
	}
	for _, tt := range tests {
		done := make(chan error, 1)
		go func() {
			f, err := root.OpenFile(tt.path)
			if err == nil {
				f.Close()
			}
			done <- err
		}()
		select {
		case err := <-done:
			if !errors.Is(err, tt.want) {
				t.Errorf("OpenFile(%q) = %v, want %v", tt.path, err, tt.want)
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("OpenFile(%q) hangs", tt.path)
		}
	}
}

func TestLookup(t *testing.T) {
	root := tree(t, "dir/file", "link -> dir/file", "fifo | ")
	tests := []struct {
		path   Path
		want   Type
		target string
		err    error
	}{
		{Dot, Dir, "", nil},
		{"dir", Dir, "", nil},
		{"dir/file", File, "", nil},
		{"link", Symlink, "dir/file", nil},
		{"fifo", FIFO, "", nil},
		{"no", None, "", fs.ErrNotExist},
		{"dir/file/below", None, "", fs.ErrNotExist},
		{"link/below", None, "", fs.ErrNotExist},
	}
	for _, tt := range tests {
		e, err := root.Lookup(tt.path)
		if e.Type != tt.want || e.Target != tt.target || !errors.Is(err, tt.err) {
			t.Errorf("Lookup(%q) = %v %q, %v; want %v %q, %v", tt.path, e.Type, e.Target, err, tt.want, tt.target, tt.err)
		}
	}
}

func TestLookupLongSymlink(t *testing.T) {
	target := strings.Repeat("x/", 2000)
	root := tree(t, "long -> "+target)
	if e, err := root.Lookup("long"); err != nil || e.Target != target {
		t.Errorf("Lookup = %d bytes, %v; want %d", len(e.Target), err, len(target))
	}
}

func TestRootOutlivesRename(t *testing.T) {
	root := tree(t, "file")
	moved := root.Path() + ".moved"
	if err := errors.Join(os.Rename(root.Path(), moved), os.Symlink("/etc", root.Path())); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Remove(root.Path()); os.Rename(moved, root.Path()) })
	if _, err := root.Lookup("file"); err != nil {
		t.Errorf("after the root was renamed and replaced by a link: %v", err)
	}
}

func TestHashFile(t *testing.T) {
	root := tree(t, "file")
	hash, stat, err := root.HashFile("file")
	if err != nil || hash != sha256.Sum256([]byte("file")) || stat.Size != 4 {
		t.Errorf("HashFile = %v, %+v, %v", hash, stat, err)
	}
}

// A process can set a file's mtime back; its ctime gives the edit away.
func TestUnchangedSeesRestoredMtime(t *testing.T) {
	root := tree(t, "file")
	before, err := root.Lookup("file")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(root.Path(), "file")
	mtime := time.Unix(0, before.Mtime)
	for now := before; now.Ctime == before.Ctime; { // a coarse clock may not have ticked yet
		if err := errors.Join(os.WriteFile(path, []byte("FILE"), 0o644), os.Chtimes(path, mtime, mtime)); err != nil {
			t.Fatal(err)
		}
		if now, err = root.Lookup("file"); err != nil {
			t.Fatal(err)
		}
	}
	after, err := root.Lookup("file")
	if err != nil || after.Mtime != before.Mtime || after.Size != before.Size {
		t.Fatalf("the test did not restore mtime and size: %+v, %v", after, err)
	}
	if before.Unchanged(after.Stat) {
		t.Error("Unchanged = true for an edited file with the same size and mtime")
	}
}
