package overlay

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cofferdam/internal/need"
	"cofferdam/workspace"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

// TestMaskShowsTheRestAsItIs: merged is the workspace without what is hidden, to the modes and times of directories.
func TestMaskShowsTheRestAsItIs(t *testing.T) {
	need.Namespace(t, "one", func(t *testing.T) {
		f := newFixture(t)
		past := time.Unix(1_600_000_000, 123_456_789)
		odd := strings.Repeat("n", 255)
		for _, path := range []string{"a/b/.env", "a/b/keep", "-rf/-rf", "-rf/x", "new\nline/\xff/id", "new\nline/\xff/y", odd + "/" + odd, "whole/of/it", "locked/key", "locked/z", ".git/config", "sub/.git/config"} {
			write(t, filepath.Join(f.base, path), "made up")
		}
		hidden := pathsOf("a/b/.env", "-rf/-rf", "new\nline/\xff/id", odd+"/"+odd, "whole", "locked/key")
		empty := pathsOf(".git", "sub/.git")
		if err := filepath.WalkDir(f.base, func(path string, _ os.DirEntry, err error) error {
			return errors.Join(err, os.Chtimes(path, past, past))
		}); err != nil {
			t.Fatal(err)
		}
		chmod(t, f.base+"/a/b", 0o750)
		chmod(t, f.base+"/locked", 0o555)
		chmod(t, f.base+"/sub/.git", 0o700)
		chmod(t, f.base, 0o711)
		buildMask(t, f, hidden, empty)
		f.mount(t, true)
		if diff := cmp.Diff(manifestSnapshot(manifest(t, f.base, hidden, empty)), snapshot(t, f.merged)); diff != "" {
			t.Errorf("merged (-want +got):\n%s", diff)
		}
		for path := range snapshot(t, f.merged) {
			if info, err := os.Lstat(filepath.Join(f.merged, path)); err != nil || !info.ModTime().Equal(past) {
				t.Errorf("mtime of %q: %v, %v, want %v", path, info.ModTime(), err, past)
			}
		}
	})
}

func TestMaskPlaces(t *testing.T) {
	newMask := func(t *testing.T) (*Mask, string) {
		base, dir := t.TempDir(), scratch(t)
		write(t, base+"/dir/sub/file", "real")
		write(t, base+"/plain", "real")
		if err := os.Symlink("dir", base+"/link"); err != nil {
			t.Fatal(err)
		}
		m, err := NewMask(dir, openRoot(t, base))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { m.Close() })
		return m, dir
	}
	is := func(t *testing.T, dir, path string, kind workspace.Type) {
		t.Helper()
		var st unix.Stat_t
		err := unix.Lstat(filepath.Join(dir, path), &st)
		if got := workspace.TypeOf(st.Mode); got != kind || err != nil && kind != workspace.None {
			t.Errorf("%q is a %s, %v, want a %s", path, got, err, kind)
		}
	}
	t.Run("twice", func(t *testing.T) {
		m, dir := newMask(t)
		if err := errors.Join(m.Hide("dir/sub/file"), m.Hide("dir/sub/file"), m.Finish()); err != nil {
			t.Fatal(err)
		}
		is(t, dir, "dir/sub/file", workspace.CharDevice)
	})
	t.Run("around", func(t *testing.T) {
		m, dir := newMask(t)
		if err := errors.Join(m.Hide("dir/sub/file"), m.Hide("dir"), m.Hide("dir/sub/file"), m.Finish()); err != nil {
			t.Fatal(err)
		}
		is(t, dir, "dir", workspace.CharDevice)
	})
	t.Run("in an empty one", func(t *testing.T) {
		m, dir := newMask(t)
		if err := errors.Join(m.Empty("dir"), m.Hide("dir/sub/file"), m.Empty("dir/sub"), m.Finish()); err != nil {
			t.Fatal(err)
		}
		is(t, dir, "dir", workspace.Dir)
		is(t, dir, "dir/sub", workspace.None)
	})
	t.Run("extended", func(t *testing.T) {
		m, dir := newMask(t)
		if err := errors.Join(m.Hide("dir/sub/file"), m.Empty("new"), m.Finish()); err != nil {
			t.Fatal(err)
		}
		again, err := NewMask(dir, m.base)
		if err == nil {
			err = errors.Join(again.Hide("dir/sub/file"), again.Hide("plain"), again.Finish())
		}
		if err != nil {
			t.Fatal(err)
		}
		is(t, dir, "plain", workspace.CharDevice)
	})
	t.Run("file", func(t *testing.T) {
		m, dir := newMask(t)
		if err := errors.Join(m.File("dir/sub/file", strings.NewReader("placeholder"), 0o640), m.Finish()); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(dir + "/dir/sub/file")
		if content, _ := os.ReadFile(dir + "/dir/sub/file"); err != nil || string(content) != "placeholder" || info.Mode() != 0o640 {
			t.Errorf("placeholder %q, %v, %v", content, info.Mode(), err)
		}
	})
	for _, path := range pathsOf("link/sub/file", "plain/file", "none/file", ".") {
		t.Run("not "+string(path), func(t *testing.T) {
			m, dir := newMask(t)
			if err := m.Hide(path); err == nil {
				t.Errorf("Hide(%q) = nil, want an error", path)
			}
			entries, err := os.ReadDir(dir)
			if err != nil || path == "." && len(entries) > 0 {
				t.Errorf("it left %v, %v", entries, err)
			}
		})
	}
}

// A link that stands in the mask's directory is not followed.
func TestMaskFollowsNoLink(t *testing.T) {
	base, dir, outside := t.TempDir(), scratch(t), t.TempDir()
	write(t, base+"/dir/file", "real")
	if err := os.Symlink(outside, dir+"/dir"); err != nil {
		t.Fatal(err)
	}
	m, err := NewMask(dir, openRoot(t, base))
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	if err := m.Hide("dir/file"); err == nil {
		t.Error("Hide through a link = nil, want an error")
	}
	if _, err := os.Lstat(outside + "/file"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("outside: %v", err)
	}
}

func TestAttributesTakeTheOwner(t *testing.T) {
	need.Root(t)
	base, mask, upper := t.TempDir(), scratch(t), scratch(t)
	write(t, base+"/dir/.env", "made up")
	for path, id := range map[string]int{base: 4242, base + "/dir": 4243} {
		if err := errors.Join(os.Chown(path, id, id), os.Chmod(path, 0o2750|os.ModeSetgid)); err != nil {
			t.Fatal(err)
		}
	}
	m, err := NewMask(mask, openRoot(t, base))
	if err == nil {
		err = errors.Join(m.Hide("dir/.env"), m.Finish(), PrepareUpper(upper, openRoot(t, base)))
	}
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{mask: "4242:4242 2750", mask + "/dir": "4243:4243 2750", upper: "4242:4242 2750"} {
		var st unix.Stat_t
		if err := unix.Lstat(path, &st); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprintf("%d:%d %04o", st.Uid, st.Gid, st.Mode&0o7777); got != want {
			t.Errorf("%s has %s, want %s", path, got, want)
		}
	}
}
