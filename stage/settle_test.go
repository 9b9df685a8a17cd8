package stage

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"cofferdam/internal/need"
	"cofferdam/rules"
	"cofferdam/workspace"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

// What changes between the scan and the view is scanned before the view shows it.
func TestBuildSeesWhatChanged(t *testing.T) {
	edit := func(name, content string) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) { put(t, dir, name+": "+content) }
	}
	tests := map[string]struct {
		change  func(t *testing.T, dir string)
		hidden  []workspace.Path
		visible []workspace.Path
	}{
		"nothing":              {change: func(*testing.T, string) {}, visible: []workspace.Path{"a.txt", "d/b.txt"}},
		"a new credential":     {edit("d/.env", "PASSWORD=hunter2"), []workspace.Path{"d/.env"}, []workspace.Path{"d/b.txt"}},
		"a file gets a secret": {edit("a.txt", "token = "+token()), nil, []workspace.Path{"a.txt", "d/b.txt"}},
		"a new link to a hidden file": {func(t *testing.T, dir string) { put(t, dir, "d/x = .env", "y -> d/x") },
			[]workspace.Path{"d/x", "y"}, []workspace.Path{"a.txt"}},
		"a hidden link goes elsewhere": {func(t *testing.T, dir string) {
			if err := os.Remove(filepath.Join(dir, "l/.env")); err != nil {
				t.Fatal(err)
			}
			put(t, dir, "l/.env -> ../d/b.txt")
		}, []workspace.Path{"d/b.txt", "l/.env"}, []workspace.Path{"a.txt"}},
		"a directory of hidden files goes": {func(t *testing.T, dir string) {
			if err := os.RemoveAll(filepath.Join(dir, "only")); err != nil {
				t.Fatal(err)
			}
		}, []workspace.Path{"only/.env", "only"}, []workspace.Path{"a.txt"}},
		"a directory becomes a file": {func(t *testing.T, dir string) {
			if err := os.RemoveAll(filepath.Join(dir, "only")); err != nil {
				t.Fatal(err)
			}
			put(t, dir, "only: now a file")
		}, []workspace.Path{"only/.env"}, []workspace.Path{"only"}},
	}
	need.Namespace(t, "one", func(t *testing.T) {
		for name, test := range tests {
			for _, kind := range []Kind{Overlay, Copy} {
				t.Run(name+"/"+string(kind), func(t *testing.T) {
					b := newTestbed(t, "a.txt: a", ".env: PASSWORD=hunter2", "d", "d/b.txt: b", "l", "l/.env -> ../a2.txt", "a2.txt: x", "only", "only/.env: x")
					report := b.scan(t)
					test.change(t, b.project)
					view := b.build(t, kind, report)
					dir := show(t, view)
					got := snapshot(t, dir)
					if kind == Overlay {
						if diff := cmp.Diff(shown(view.Manifest), got); diff != "" {
							t.Errorf("view (-manifest +got):\n%s", diff)
						}
					}
					checkNoToken(t, filepath.Join(dir, "a.txt"))
					for _, path := range test.hidden {
						if _, ok := got[string(path)]; ok {
							t.Errorf("the view shows %q", path)
						}
					}
					for _, path := range test.visible {
						if _, ok := got[string(path)]; !ok && kind == Overlay {
							t.Errorf("the view does not show %q", path)
						}
					}
				})
			}
		}
	})
}

// checkNoToken holds that the file has no token of a provider.
func checkNoToken(t *testing.T, name string) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil || strings.Contains(string(text), token()) {
		t.Errorf("%s can be read with its token: %v", name, err)
	}
}

// A file that is written to all the time does not keep a view from being built; it is not in it.
func TestRestlessFile(t *testing.T) {
	for _, kind := range []Kind{Overlay, Copy} {
		t.Run(string(kind), func(t *testing.T) {
			b := newTestbed(t, "a.txt: a", "log: x")
			report := b.scan(t)
			grow := func() {
				f, err := os.OpenFile(filepath.Join(b.project, "log"), os.O_APPEND|os.O_WRONLY, 0)
				if err == nil {
					f.WriteString("x")
					f.Close()
				}
			}
			grow()
			view, err := b.plan(t, kind, report).Build(hookContext{context.Background(), grow}, b.root, b.set, report, b.dirs(t))
			if err != nil {
				t.Fatal(err)
			}
			if view.Manifest.Find("a.txt") == nil || view.Manifest.Find("log") != nil {
				t.Errorf("the view shows %v, want a.txt without the log", view.Manifest.Visible)
			}
			if d := view.Plan.Decision("log"); d.Action != rules.Hide || d.Source != FromCoverage {
				t.Errorf("Decision(log) = %+v, want it hidden with the reason", d)
			}
		})
	}
}

// A workspace in which new names come all the time is an error that names one.
func TestRestlessWorkspace(t *testing.T) {
	b := newTestbed(t, "a.txt: a", "new0: x")
	report := b.scan(t)
	var mu sync.Mutex
	n := 0
	grow := func() {
		mu.Lock()
		defer mu.Unlock()
		from := filepath.Join(b.project, fmt.Sprintf("new%d", n))
		n++
		if err := os.Rename(from, filepath.Join(b.project, fmt.Sprintf("new%d", n))); err != nil {
			t.Error(err)
		}
	}
	grow()
	_, err := b.plan(t, Overlay, report).Build(hookContext{context.Background(), grow}, b.root, b.set, report, b.dirs(t))
	var unsettled *UnsettledError
	if !errors.As(err, &unsettled) || !strings.HasPrefix(string(unsettled.Path), "new") {
		t.Errorf("Build = %v, want an *UnsettledError that names a new file", err)
	}
}

// hookContext calls hook whenever it is asked whether it ended.
type hookContext struct {
	context.Context
	hook func()
}

func (c hookContext) Err() error {
	c.hook()
	return c.Context.Err()
}

// What cannot be read is hidden, and keeps no view from being built.
func TestUnreadableIsHidden(t *testing.T) {
	need.User(t)
	b := newTestbed(t, "a: a", "file: x", "d", "d/x: x", "listed", "listed/x: x")
	for name, mode := range map[string]os.FileMode{"file": 0, "d": 0, "listed": 0o400} {
		if err := os.Chmod(filepath.Join(b.project, name), mode); err != nil {
			t.Fatal(err)
		}
	}
	report := b.scan(t)
	for _, kind := range []Kind{Overlay, Bind, Copy} {
		view := b.build(t, kind, report)
		for _, path := range []workspace.Path{"file", "d/x", "listed/x"} {
			if !view.Manifest.Covers(path) || view.Manifest.Find(path) != nil {
				t.Errorf("%s: %q is not hidden", kind, path)
			}
		}
		if view.Manifest.Find("a") == nil {
			t.Errorf("%s: a is not in the view", kind)
		}
	}
}

// Paths longer than the kernel takes can exist; what lies behind them is hidden.
func TestTooDeepIsHidden(t *testing.T) {
	b := newTestbed(t, "a: a")
	name := strings.Repeat("d", 200)
	at, err := unix.Open(b.project, unix.O_RDONLY|unix.O_DIRECTORY, 0)
	if err != nil {
		t.Fatal(err)
	}
	for range 30 {
		if err := unix.Mkdirat(at, name, 0o755); err != nil {
			t.Fatal(err)
		}
		next, err := unix.Openat(at, name, unix.O_RDONLY|unix.O_DIRECTORY, 0)
		if err != nil {
			t.Fatal(err)
		}
		unix.Close(at)
		at = next
	}
	unix.Close(at)
	report := b.scan(t)
	for _, kind := range []Kind{Overlay, Copy} {
		view := b.build(t, kind, report)
		if len(view.Manifest.Hidden) == 0 || view.Manifest.Find(workspace.Path(name)) == nil {
			t.Errorf("%s: hidden %d, want the deep end hidden and the rest shown", kind, len(view.Manifest.Hidden))
		}
	}
}
