package overlay

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cofferdam/internal/need"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

func TestUnchangedCopyUpDropsOut(t *testing.T) {
	need.Namespace(t, "one", func(t *testing.T) {
		f := newFixture(t)
		content := strings.Repeat("line\n", 10_000)
		write(t, f.base+"/dir/file", content)
		write(t, f.base+"/opened", content)
		f.mount(t, false)
		file := f.merged + "/dir/file"
		if err := errors.Join(os.Chmod(file, 0o755), os.Chmod(filepath.Dir(file), 0o700)); err != nil {
			t.Fatal(err)
		}
		writeRegular(f.merged+"/opened", 0, nil)
		if got, _ := os.ReadFile(f.upper + "/dir/file"); string(got) != content {
			t.Errorf("chmod copied %d bytes up, want %d", len(got), len(content))
		}
		base := manifest(t, f.base, nil, nil)
		want := []string{"modify dir 0755>0700", "modify dir/file 0644>0755"}
		if diff := cmp.Diff(want, describe(readSet(t, f.upper, base))); diff != "" {
			t.Errorf("after chmod (-want +got):\n%s", diff)
		}
		if err := errors.Join(os.Chmod(file, 0o644), os.Chmod(filepath.Dir(file), 0o755)); err != nil {
			t.Fatal(err)
		}
		if got := describe(readSet(t, f.upper, base)); len(got) > 0 {
			t.Errorf("after chmod back: %q", got)
		}
	})
}

// An edit that keeps size and mtime is a change.
func TestEditWithSizeAndMtimeKept(t *testing.T) {
	need.Namespace(t, "one", func(t *testing.T) {
		f := newFixture(t)
		write(t, f.base+"/file", "one")
		f.mount(t, false)
		before, err := os.Stat(f.merged + "/file")
		if err != nil {
			t.Fatal(err)
		}
		write(t, f.merged+"/file", "two")
		if err := os.Chtimes(f.merged+"/file", before.ModTime(), before.ModTime()); err != nil {
			t.Fatal(err)
		}
		if got := describe(readSet(t, f.upper, manifest(t, f.base, nil, nil))); !cmp.Equal(got, []string{"modify file"}) {
			t.Errorf("set: %q", got)
		}
	})
}

func TestHardLinkEditedThroughOneName(t *testing.T) {
	need.Namespace(t, "one", func(t *testing.T) {
		f := newFixture(t)
		write(t, f.base+"/a", "old")
		if err := os.Link(f.base+"/a", f.base+"/b"); err != nil {
			t.Fatal(err)
		}
		f.mount(t, false)
		write(t, f.merged+"/a", "new")
		if got, _ := os.ReadFile(f.merged + "/b"); string(got) != "old" {
			t.Errorf("the other name reads %q, want %q", got, "old")
		}
		if got := describe(readSet(t, f.upper, manifest(t, f.base, nil, nil))); !cmp.Equal(got, []string{"modify a"}) {
			t.Errorf("set: %q", got)
		}
	})
}

func TestFIFOBlocksNothing(t *testing.T) {
	need.Namespace(t, "one", func(t *testing.T) {
		f := newFixture(t)
		if err := unix.Mkfifo(f.base+"/old", 0o600); err != nil {
			t.Fatal(err)
		}
		f.mount(t, false)
		if err := errors.Join(os.Chmod(f.merged+"/old", 0o644), unix.Mkfifo(f.merged+"/new", 0o600)); err != nil {
			t.Fatal(err)
		}
		want := []string{"add new refused: it is a fifo", "modify old 0600>0644 refused: it is a fifo"}
		if diff := cmp.Diff(want, describe(readSet(t, f.upper, manifest(t, f.base, nil, nil)))); diff != "" {
			t.Errorf("set (-want +got):\n%s", diff)
		}
	})
}

// Hidden files survive the removal of the directory around them, and the set says nothing of them.
func TestHiddenIsNeverDeleted(t *testing.T) {
	need.Namespace(t, "one", func(t *testing.T) {
		f := newFixture(t)
		write(t, f.base+"/conf/.env", "made up")
		write(t, f.base+"/conf/app.toml", "x")
		write(t, f.base+"/keys/id", "made up")
		write(t, f.base+"/.git/config", "made up")
		hidden, empty := pathsOf("conf/.env", "keys"), pathsOf(".git")
		buildMask(t, f, hidden, empty)
		f.mount(t, true)
		if err := os.RemoveAll(f.merged + "/conf"); err != nil {
			t.Fatal(err)
		}
		write(t, f.merged+"/conf", "a file now")
		write(t, f.merged+"/keys/id", "over a hidden name")
		write(t, f.merged+"/.git/config", "forged")
		want := []string{
			"add .git/config collides",
			"modify conf directory>file",
			"delete conf/app.toml",
			"add keys collides",
			"add keys/id collides",
		}
		if diff := cmp.Diff(want, describe(readSet(t, f.upper, manifest(t, f.base, hidden, empty)))); diff != "" {
			t.Errorf("set (-want +got):\n%s", diff)
		}
	})
}
