package stage

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cofferdam/change"
	"cofferdam/internal/need"
	"cofferdam/overlay"
	"cofferdam/workspace"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/sys/unix"
)

// operations is what commands do to a tree, each as a function of a random choice, so that the same seed does the
// same in every view. Their errors are part of it: a view may not let them succeed in one kind and fail in another.
var operations = []func(r *rand.Rand, dir, name, other string) error{
	func(r *rand.Rand, dir, name, other string) error {
		return overwrite(filepath.Join(dir, name), fmt.Appendf(nil, "new %d", r.IntN(5)))
	},
	func(r *rand.Rand, dir, name, other string) error {
		f, err := os.OpenFile(filepath.Join(dir, name), os.O_APPEND|os.O_WRONLY|unix.O_NONBLOCK, 0)
		if err != nil {
			return err
		}
		defer f.Close()
		_, err = f.WriteString("appended")
		return err
	},
	func(r *rand.Rand, dir, name, other string) error { // the same content once more
		content, err := readRegular(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		return overwrite(filepath.Join(dir, name), content)
	},
	func(r *rand.Rand, dir, name, other string) error { // another content of the same size and time
		stat, err := os.Lstat(filepath.Join(dir, name))
		if err != nil || !stat.Mode().IsRegular() {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(strings.Repeat("#", int(stat.Size()))), 0o644); err != nil {
			return err
		}
		return os.Chtimes(filepath.Join(dir, name), stat.ModTime(), stat.ModTime())
	},
	func(r *rand.Rand, dir, name, other string) error {
		modes := []os.FileMode{0o600, 0o755, 0o777, 0o700, 0o755 | os.ModeSetuid, 0o755 | os.ModeSetgid}
		if stat, err := os.Lstat(filepath.Join(dir, name)); err != nil || stat.Mode().Type() == os.ModeSymlink {
			return err
		}
		return os.Chmod(filepath.Join(dir, name), modes[r.IntN(len(modes))])
	},
	func(r *rand.Rand, dir, name, other string) error { return os.Mkdir(filepath.Join(dir, name), 0o755) },
	func(r *rand.Rand, dir, name, other string) error { return removeAll(filepath.Join(dir, name)) },
	func(r *rand.Rand, dir, name, other string) error {
		if stat, err := os.Lstat(filepath.Join(dir, name)); err != nil || stat.IsDir() {
			return err // A directory of the lower layer cannot be renamed in an overlay.
		}
		return os.Rename(filepath.Join(dir, name), filepath.Join(dir, other))
	},
	func(r *rand.Rand, dir, name, other string) error {
		return os.Symlink([]string{"a.txt", "d", "/etc/hosts", "nowhere"}[r.IntN(4)], filepath.Join(dir, name))
	},
	func(r *rand.Rand, dir, name, other string) error { return unix.Mkfifo(filepath.Join(dir, name), 0o600) },
	func(r *rand.Rand, dir, name, other string) error {
		if err := removeAll(filepath.Join(dir, name)); err != nil {
			return err
		}
		if err := os.Mkdir(filepath.Join(dir, name), 0o755); err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, name, "inner"), []byte("x"), 0o600)
	},
}

// overwrite does not wait for the reader of a FIFO.
func overwrite(path string, content []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC|unix.O_NONBLOCK, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Close())
}

// removeAll is os.RemoveAll, which waits for a writer where a FIFO stands in the place of the directory around path.
func removeAll(path string) error {
	if stat, err := os.Lstat(filepath.Dir(path)); err != nil || !stat.IsDir() {
		return err
	}
	return os.RemoveAll(path)
}

func readRegular(path string) ([]byte, error) {
	if stat, err := os.Lstat(path); err != nil || !stat.Mode().IsRegular() {
		return nil, fmt.Errorf("not regular: %w", err)
	}
	return os.ReadFile(path)
}

func operate(seed uint64, dir string) (log []string) {
	r := rand.New(rand.NewPCG(seed, 3))
	names := []string{"a.txt", "d", "d/b", "d/c", "d/e", "d/e/f", "d/e/g", ".env", "conf", "conf/.env", "conf/x", ".git", ".git/config",
		"new", "new/n", "l", "bad\xff", "d/new\nline", "empty", "ro/file", "ro"}
	for range 25 {
		i, name, other := r.IntN(len(operations)), names[r.IntN(len(names))], names[r.IntN(len(names))]
		err := operations[i](r, dir, name, other)
		log = append(log, fmt.Sprintf("%d %q %q: %v", i, name, other, err != nil))
	}
	return log
}

// The same operations in a copy and in an overlay are the same changes.
func TestCopyAndOverlayReadAlike(t *testing.T) {
	need.Namespace(t, "one", func(t *testing.T) {
		for seed := range uint64(80) {
			t.Run(fmt.Sprint(seed), func(t *testing.T) { checkAlike(t, seed) })
		}
	})
}

func checkAlike(t *testing.T, seed uint64) {
	b := newTestbed(t, "a.txt: a", "d", "d/b: b", "d/c -> b", "d/e", "d/e/f: f", "d/e/g: g", ".env: x", "conf", "conf/.env: x", "conf/x: x",
		".git", ".git/config: x", "l -> a.txt", "bad\xff: x", "d/new\nline: x", "empty", "ro", "ro/file: x")
	report := b.scan(t)
	over, dup := b.build(t, Overlay, report), b.build(t, Copy, report)
	log := operate(seed, show(t, over))
	if diff := cmp.Diff(log, operate(seed, dup.Copy)); diff != "" {
		t.Fatalf("the views behave differently (-overlay +copy):\n%s", diff)
	}
	want, err := overlay.Read(context.Background(), openRoot(t, over.Upper), over.Manifest)
	if err != nil {
		t.Fatal(err)
	}
	for _, copied := range []*workspace.Manifest{dup.Copied, nil} {
		got, err := ReadCopy(context.Background(), openRoot(t, dup.Copy), dup.Manifest, copied)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("(-overlay +copy):\n%s\n%s", diff, strings.Join(log, "\n"))
		}
	}
}

func TestReadCopyOfNothing(t *testing.T) {
	b := newOddTestbed(t)
	view := b.build(t, Copy, b.scan(t))
	for _, copied := range []*workspace.Manifest{view.Copied, nil} {
		set, err := ReadCopy(context.Background(), openRoot(t, view.Copy), view.Manifest, copied)
		if err != nil || len(set.Changes) > 0 {
			t.Errorf("ReadCopy of an untouched copy = %v, %v, want no changes", set, err)
		}
	}
}

// An edit that puts size and mtime back is found: its ctime cannot be put back.
func TestReadCopySeesThroughTimes(t *testing.T) {
	b := newTestbed(t, "a.txt: aaaa", "d", "d/x: x")
	view := b.build(t, Copy, b.scan(t))
	path := filepath.Join(view.Copy, "a.txt")
	stat, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(10 * time.Millisecond) // file system time goes in ticks
	put(t, view.Copy, "a.txt: bbbb")
	if err := os.Chtimes(path, stat.ModTime(), stat.ModTime()); err != nil {
		t.Fatal(err)
	}
	set, err := ReadCopy(context.Background(), openRoot(t, view.Copy), view.Manifest, view.Copied)
	if err != nil {
		t.Fatal(err)
	}
	if c := set.Find("a.txt"); len(set.Changes) != 1 || c == nil || c.Kind != change.Modify {
		t.Errorf("ReadCopy = %v, want a.txt modified", set.Changes)
	}
}

func TestReadCopyOfUnreadable(t *testing.T) {
	b := newTestbed(t, "d", "d/x: x", "f: f")
	view := b.build(t, Copy, b.scan(t))
	for _, name := range []string{"d", "f"} {
		if err := os.Chmod(filepath.Join(view.Copy, name), 0); err != nil {
			t.Fatal(err)
		}
	}
	set, err := ReadCopy(context.Background(), openRoot(t, view.Copy), view.Manifest, view.Copied)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []workspace.Path{"d", "f"} {
		c := set.Find(path)
		if c == nil || c.Kind != change.Modify || c.New.Mode != 0 {
			t.Errorf("change of %s = %v, want its mode", path, c)
		} else if os.Geteuid() != 0 && c.Refused == "" {
			t.Errorf("change of %s is not refused", path)
		}
	}
	if set.Find("d/x") != nil {
		t.Error("d/x counts as deleted, want it left alone in a directory that cannot be read")
	}
}
