package stage

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cofferdam/overlay"
	"cofferdam/rules"
	"cofferdam/scan"
	"cofferdam/workspace"

	"golang.org/x/sys/unix"
)

// scratch is a directory that is removed whatever modes its content has.
func scratch(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	t.Cleanup(func() {
		if err := clearDir(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func subdir(t testing.TB, dir, name string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func openRoot(t testing.TB, dir string) *workspace.Root {
	t.Helper()
	root, err := workspace.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return root
}

// put makes what names say below dir: "d/", "link -> target", "new = first" (a hard link), "pipe |", and files with
// "name: content".
func put(t testing.TB, dir string, names ...string) {
	t.Helper()
	for _, text := range names {
		at := func(name string) string { return filepath.Join(dir, name) }
		var err error
		if name, content, ok := strings.Cut(text, ": "); ok {
			err = os.WriteFile(at(name), []byte(content), 0o644)
		} else if name, target, ok := strings.Cut(text, " -> "); ok {
			err = os.Symlink(target, at(name))
		} else if name, first, ok := strings.Cut(text, " = "); ok {
			err = os.Link(at(first), at(name))
		} else if name, ok := strings.CutSuffix(text, " |"); ok {
			err = unix.Mkfifo(at(name), 0o600)
		} else {
			err = os.MkdirAll(at(text), 0o755)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// token looks like a provider's token. It is put together here so that this file holds none.
func token() string { return "ghp" + "_" + "x7Kq2mVt9LwPz4RcYb8NfHs3JdGa6TeUo1Xi" }

// testbed is a workspace with what is needed to stage it.
type testbed struct {
	dir, project string
	root         *workspace.Root
	set          *rules.Set
	staged       int
}

func newTestbed(t testing.TB, names ...string) *testbed {
	t.Helper()
	b := &testbed{dir: scratch(t), set: newSet(t, hideRules, "")}
	b.project = subdir(t, b.dir, "project")
	put(t, b.project, names...)
	b.root = openRoot(t, b.project)
	return b
}

func (b *testbed) scan(t testing.TB) *scan.Report {
	t.Helper()
	report, err := scan.Scan(context.Background(), b.root, b.set, scan.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func (b *testbed) plan(t testing.TB, kind Kind, report *scan.Report) *Plan {
	t.Helper()
	plan, err := NewPlan(report, Options{Kind: kind, Set: b.set})
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// dirs makes the directories for another view.
func (b *testbed) dirs(t testing.TB) Dirs {
	t.Helper()
	b.staged++
	dir := subdir(t, b.dir, fmt.Sprintf("session%d", b.staged))
	return Dirs{Mask: subdir(t, dir, "mask"), Upper: subdir(t, dir, "upper"), Work: subdir(t, dir, "work"), Copy: subdir(t, dir, "copy")}
}

func (b *testbed) build(t testing.TB, kind Kind, report *scan.Report) *View {
	t.Helper()
	view, err := b.plan(t, kind, report).Build(context.Background(), b.root, b.set, report, b.dirs(t))
	if err != nil {
		t.Fatal(err)
	}
	return view
}

// show is a directory in which the view can be seen. What is not a copy has to be called in a namespace.
func show(t testing.TB, view *View) string {
	t.Helper()
	if view.Kind == Copy {
		return view.Copy
	}
	fd, err := overlay.Mount(overlay.Layers{Lower: view.Lower, Upper: view.Upper, Work: view.Work})
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	merged := filepath.Join(filepath.Dir(view.Lower[0]), "merged")
	if err := os.Mkdir(merged, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := unix.MoveMount(fd, "", unix.AT_FDCWD, merged, unix.MOVE_MOUNT_F_EMPTY_PATH); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unix.Unmount(merged, unix.MNT_DETACH) })
	return merged
}

// snapshot is a tree by means of its own: path to type, mode, mtime, and content or target.
func snapshot(t testing.TB, dir string) map[string]string {
	t.Helper()
	tree := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		var st unix.Stat_t
		if err := unix.Lstat(path, &st); err != nil {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		detail := ""
		switch st.Mode & unix.S_IFMT {
		case unix.S_IFLNK:
			if detail, err = os.Readlink(path); err != nil {
				return err
			}
			st.Mode = unix.S_IFLNK | 0o777
		case unix.S_IFREG:
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			detail = workspace.Hash(sha256.Sum256(content)).String()
		}
		tree[name] = fmt.Sprintf("%s %04o %d %s", workspace.TypeOf(st.Mode), st.Mode&0o7777, st.Mtim.Nano(), detail)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// shown is what a manifest says of a tree, in the words of snapshot.
func shown(m *workspace.Manifest) map[string]string {
	tree := map[string]string{}
	for _, e := range m.Visible {
		detail := e.Target
		if e.Type == workspace.File {
			detail = e.Hash.String()
		}
		if e.Type == workspace.Symlink {
			e.Mode = 0o777
		}
		tree[string(e.Path)] = fmt.Sprintf("%s %04o %d %s", e.Type, e.Mode, e.Mtime, detail)
	}
	return tree
}
