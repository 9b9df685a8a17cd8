package watch

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"cofferdam/workspace"
)

// patience is how long a test waits for what has to come.
const patience = 10 * time.Second

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func write(t testing.TB, dir, name, text string) {
	t.Helper()
	must(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755))
	must(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
}

// knownAs is what a tree holds now.
func knownAs(t testing.TB, root *workspace.Root) Options {
	t.Helper()
	entries, _, err := workspace.List(t.Context(), root, nil)
	must(t, err)
	m := &workspace.Manifest{Visible: entries}
	return Options{
		Skip: func(p workspace.Path) bool { return p == "skipped" || p.Within("skipped") },
		Known: func(e workspace.Entry) bool {
			old := m.Find(e.Path)
			return old != nil && old.Unchanged(e.Stat)
		},
	}
}

func open(t testing.TB, dir string) *workspace.Root {
	t.Helper()
	root, err := workspace.Open(dir)
	must(t, err)
	t.Cleanup(func() { root.Close() })
	return root
}

// watched begins to watch a tree in which nothing has changed, and waits until the watches stand.
func watched(t *testing.T, dir string) *Watcher {
	t.Helper()
	root := open(t, dir)
	o := knownAs(t, root)
	write(t, dir, "standing", "")
	w := New(root, o)
	t.Cleanup(func() { w.Close() })
	expect(t, w, "standing")
	for { // It may be told of twice: by the look and by the kernel.
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		_, err := w.Next(ctx)
		cancel()
		if err != nil {
			return w
		}
	}
}

// expect waits until all of paths have been told of, and returns their last events.
func expect(t *testing.T, w *Watcher, paths ...workspace.Path) map[workspace.Path]Event {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	got := map[workspace.Path]Event{}
	for {
		missing := slices.DeleteFunc(slices.Clone(paths), func(p workspace.Path) bool { _, ok := got[p]; return ok })
		if len(missing) == 0 {
			return got
		}
		e, err := w.Next(ctx)
		if err != nil {
			t.Fatalf("Next: %v; not told of %q, but of %d others", err, missing, len(got))
		}
		got[e.Path] = e
	}
}

// remaining is all that is told of until the end.
func remaining(t *testing.T, w *Watcher) []workspace.Path {
	t.Helper()
	w.Finish()
	var paths []workspace.Path
	for {
		e, err := w.Next(t.Context())
		if errors.Is(err, io.EOF) {
			return paths
		}
		must(t, err)
		paths = append(paths, e.Path)
	}
}

func TestEvents(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   func(t *testing.T, dir string)
		want []workspace.Path
	}{
		{"created", func(t *testing.T, dir string) { write(t, dir, "a/new", "x") }, []workspace.Path{"a/new"}},
		{"written", func(t *testing.T, dir string) { write(t, dir, "a/old", "x") }, []workspace.Path{"a/old"}},
		{"moved in", func(t *testing.T, dir string) {
			out := t.TempDir()
			write(t, out, "f", "x")
			must(t, os.Rename(filepath.Join(out, "f"), filepath.Join(dir, "a", "in")))
		}, []workspace.Path{"a/in"}},
		{"renamed", func(t *testing.T, dir string) {
			must(t, os.Rename(filepath.Join(dir, "a", "old"), filepath.Join(dir, "b")))
		}, []workspace.Path{"b"}},
		{"linked", func(t *testing.T, dir string) {
			must(t, os.Link(filepath.Join(dir, "a", "old"), filepath.Join(dir, "b")))
		}, []workspace.Path{"b"}},
		{"symlink", func(t *testing.T, dir string) { must(t, os.Symlink("old", filepath.Join(dir, "a", "link"))) }, []workspace.Path{"a/link"}},
		{"made readable", func(t *testing.T, dir string) { must(t, os.Chmod(filepath.Join(dir, "a", "old"), 0o444)) }, []workspace.Path{"a/old"}},
		{"in new directories", func(t *testing.T, dir string) { write(t, dir, "n/e/w/f", "x") }, []workspace.Path{"n/e/w/f"}},
		{"in a directory moved in", func(t *testing.T, dir string) {
			out := t.TempDir()
			write(t, out, "d/e/f", "x")
			must(t, os.Rename(filepath.Join(out, "d"), filepath.Join(dir, "a", "d")))
		}, []workspace.Path{"a/d/e/f"}},
		{"later in a directory moved in", func(t *testing.T, dir string) {
			out := t.TempDir()
			write(t, out, "d/e/f", "x")
			must(t, os.Rename(filepath.Join(out, "d"), filepath.Join(dir, "a", "d")))
			write(t, dir, "a/d/e/g", "x")
		}, []workspace.Path{"a/d/e/f", "a/d/e/g"}},
		{"odd names", func(t *testing.T, dir string) { write(t, dir, "a/\xff\n-rf", "x") }, []workspace.Path{"a/\xff\n-rf"}},
		{"a repository", func(t *testing.T, dir string) { write(t, dir, "n/.git/config", "x") }, []workspace.Path{"n/.git"}},
		{"a fifo", func(t *testing.T, dir string) { must(t, unix.Mkfifo(filepath.Join(dir, "a", "p"), 0o600)) }, []workspace.Path{"a/p"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, "a/old", "")
			w := watched(t, dir)
			tt.do(t, dir)
			for path, e := range expect(t, w, tt.want...) {
				if e.Since.After(time.Now()) {
					t.Errorf("%q is of the future: %v", path, e.Since)
				}
			}
		})
	}
}

// Who holds a file open is looked at nonetheless.
func TestWriterThatHoldsOn(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "log", "")
	w := watched(t, dir)
	f, err := os.OpenFile(filepath.Join(dir, "log"), os.O_WRONLY, 0)
	must(t, err)
	defer f.Close()
	for range 3 {
		_, err = f.WriteString("x")
		must(t, err)
		expect(t, w, "log")
	}
}

func TestNothingElseIsTold(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a/old", "")
	write(t, dir, "skipped/x/y", "")
	w := watched(t, dir)
	write(t, dir, "skipped/x/y", "new")
	write(t, dir, "skipped/z", "new")
	write(t, dir, ".git/config", "x")
	expect(t, w, ".git")
	write(t, dir, ".git/objects/x", "x")
	_, err := os.ReadFile(filepath.Join(dir, "a/old"))
	must(t, err)
	must(t, os.Remove(filepath.Join(dir, "a/old")))
	got := slices.DeleteFunc(remaining(t, w), func(p workspace.Path) bool { return p == ".git" })
	if len(got) > 0 {
		t.Errorf("told of %q", got)
	}
}

// For every change after the tree was known, before or after New: it is told of.
func TestNoGapAtTheBeginning(t *testing.T) {
	dir := t.TempDir()
	for i := range 200 {
		write(t, dir, fmt.Sprintf("d%d/e/old", i), "")
	}
	root := open(t, dir)
	o := knownAs(t, root)
	write(t, dir, "d7/e/before", "")
	write(t, dir, "d8/e/old", "changed before")
	w := New(root, o)
	defer w.Close()
	want := []workspace.Path{"d7/e/before", "d8/e/old"}
	for i := range 200 {
		write(t, dir, fmt.Sprintf("d%d/e/new/f", 199-i), "")
		want = append(want, workspace.Path(fmt.Sprintf("d%d/e/new/f", 199-i)))
	}
	got := remaining(t, w)
	for _, path := range want {
		if !slices.Contains(got, path) {
			t.Errorf("not told of %q", path)
		}
	}
	if slices.Contains(got, "d9/e/old") {
		t.Error("told of what has not changed")
	}
}

// A file that is made in a directory as soon as that is there is told of, by the watch or by the look.
func TestFilesInNewDirectories(t *testing.T) {
	dir := t.TempDir()
	w := watched(t, dir)
	var want []workspace.Path
	for i := range 300 {
		name := fmt.Sprintf("n%d/m/f", i)
		write(t, dir, name, "")
		want = append(want, workspace.Path(name))
	}
	expect(t, w, want...)
}

// An overflow of the kernel's queue, which takes thousands of events, is handed to a watcher that is not running.
func TestOverflow(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a/old", "")
	root := open(t, dir)
	w := newWatcher(root, knownAs(t, root))
	must(t, w.begin())
	w.look(workspace.Dot)
	write(t, dir, "a/new", "x")
	write(t, dir, "b/c/new", "x")
	if n := len(w.queue.heap); n != 0 {
		t.Fatalf("%d events before the overflow", n)
	}
	event := make([]byte, unix.SizeofInotifyEvent)
	binary.NativeEndian.PutUint32(event, ^uint32(0))
	binary.NativeEndian.PutUint32(event[4:], unix.IN_Q_OVERFLOW)
	w.take(event)
	close(w.done)
	defer w.Close()
	expect(t, w, "a/new", "b/c/new")
	if _, ok := w.watches["b/c"]; !ok {
		t.Error("what was found is not watched")
	}
}

// What cannot be watched is told of at the end, and in words.
func TestUnwatched(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a/old", "")
	root := open(t, dir)
	w := newWatcher(root, knownAs(t, root))
	w.lack("a", limitOf(unix.ENOSPC))
	go w.work()
	defer w.Close()
	expectNothing := remaining(t, w)
	if len(expectNothing) > 0 {
		t.Errorf("told of %q", expectNothing)
	}
	got := w.Unwatched()
	if got == nil || got.First != "a" || got.Count != 1 || !errors.Is(got.Why, unix.ENOSPC) || !strings.Contains(got.Why.Error(), "max_user_watches") {
		t.Errorf("Unwatched = %+v", got)
	}
}

// A directory that cannot be read is told of; it can when its mode says so.
func TestUnreadableDirectory(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root reads everything")
	}
	dir := t.TempDir()
	write(t, dir, "d/e/old", "")
	must(t, os.Chmod(filepath.Join(dir, "d"), 0))
	t.Cleanup(func() { os.Chmod(filepath.Join(dir, "d"), 0o700) })
	w := watched(t, dir)
	must(t, os.Chmod(filepath.Join(dir, "d"), 0o700))
	expect(t, w, "d/e/old")
}

// What comes into a directory after it was renamed has the names that it would have had, too.
func TestFormerNames(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a/b/old", "")
	w := watched(t, dir)
	must(t, os.Rename(filepath.Join(dir, "a"), filepath.Join(dir, "c")))
	expect(t, w, "c/b/old")
	must(t, os.Rename(filepath.Join(dir, "c"), filepath.Join(dir, "d")))
	expect(t, w, "d/b/old")
	write(t, dir, "d/b/new", "")
	e := expect(t, w, "d/b/new")["d/b/new"]
	if want := []workspace.Path{"c/b/new", "a/b/new"}; !slices.Equal(e.Former, want) {
		t.Errorf("Former = %q, want %q", e.Former, want)
	}
}

// Where the end comes before the watches, one look tells of everything.
func TestFinishBeforeTheWatches(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a/old", "")
	root := open(t, dir)
	o := knownAs(t, root)
	o.After = time.Hour
	write(t, dir, "b/new", "")
	w := New(root, o)
	if got := remaining(t, w); !slices.Equal(got, []workspace.Path{"b/new"}) {
		t.Errorf("told of %q", got)
	}
	if must(t, w.Close()); w.file != nil || w.Unwatched() != nil {
		t.Errorf("file %v, unwatched %v", w.file, w.Unwatched())
	}
}

func TestFirst(t *testing.T) {
	dir := t.TempDir()
	root := open(t, dir)
	o := knownAs(t, root)
	o.First = func(p workspace.Path) bool { return p.Base() == "first" }
	for _, name := range []string{"a/x", "b/first", "c/x"} {
		write(t, dir, name, "")
	}
	w := newWatcher(root, o)
	w.look(workspace.Dot)
	if e, err := w.Next(t.Context()); err != nil || e.Path != "b/first" {
		t.Errorf("Next = %+v, %v", e, err)
	}
}

func TestCloseWhileWaiting(t *testing.T) {
	w := watched(t, t.TempDir())
	done := make(chan error)
	go func() {
		_, err := w.Next(context.Background())
		done <- err
	}()
	must(t, w.Close())
	if err := <-done; !errors.Is(err, io.EOF) {
		t.Errorf("Next = %v, want EOF", err)
	}
}
