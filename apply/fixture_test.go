package apply

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"cofferdam/change"
	"cofferdam/workspace"
)

// bench is a project, the tree as the agent left it, and the journals between them.
type bench struct {
	project, agent, journals string
	root, content            *workspace.Root
	base                     *workspace.Manifest
	options                  PlanOptions
}

// tempDir is t.TempDir for trees that hold directories without permission.
func tempDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "apply")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { removeTree(t, dir) })
	return dir
}

func removeTree(t testing.TB, dir string) {
	t.Helper()
	filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if d != nil && d.IsDir() && err == nil {
			os.Chmod(path, 0o700)
		}
		return nil
	})
	if err := os.RemoveAll(dir); err != nil {
		t.Error(err)
	}
}

// newBench makes a project, takes its manifest with hidden left out of the view, and lets agent loose on a copy of
// the view.
func newBench(t testing.TB, hidden []string, project, agent func(at tree)) *bench {
	t.Helper()
	return newBenchIn(t, tempDir(t), hidden, project, agent)
}

func newBenchIn(t testing.TB, dir string, hidden []string, project, agent func(at tree)) *bench {
	t.Helper()
	b := &bench{project: dir + "/project", agent: dir + "/agent", journals: dir + "/journals"}
	at := tree{t, b.project}
	at.must(os.Mkdir(b.project, 0o755))
	at.must(os.Mkdir(b.journals, 0o700))
	project(at)
	b.open(t, hidden)
	copyTree(t, b.project, b.agent)
	for _, path := range hidden {
		at.must(os.RemoveAll(filepath.Join(b.agent, path)))
	}
	if agent != nil {
		agent(tree{t, b.agent})
	}
	b.content = openRoot(t, b.agent)
	return b
}

func (b *bench) open(t testing.TB, hidden []string) {
	b.root = openRoot(t, b.project)
	b.base = manifestOf(t, b.root, hidden)
}

func openRoot(t testing.TB, dir string) *workspace.Root {
	t.Helper()
	r, err := workspace.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

func manifestOf(t testing.TB, r *workspace.Root, hidden []string) *workspace.Manifest {
	t.Helper()
	entries, failures, err := workspace.List(context.Background(), r, nil)
	if err != nil || len(failures) > 0 {
		t.Fatal(err, failures)
	}
	m := &workspace.Manifest{}
	for _, e := range entries {
		isHidden := func(h string) bool { return e.Path == workspace.Path(h) }
		inHidden := func(h string) bool { return e.Path.Within(workspace.Path(h)) }
		switch {
		case slices.ContainsFunc(hidden, inHidden):
		case slices.ContainsFunc(hidden, isHidden):
			m.Hidden = append(m.Hidden, e)
		default:
			if e.Type == workspace.File {
				if e.Hash, e.Stat, err = r.HashFile(e.Path); err != nil {
					t.Fatal(err)
				}
			}
			m.Visible = append(m.Visible, e)
		}
	}
	return m
}

// set compares the agent's tree with the manifest, which is the slow and sure way to find changes.
func (b *bench) set(t testing.TB) *change.Set {
	t.Helper()
	now := manifestOf(t, b.content, nil)
	set := &change.Set{}
	add := func(path workspace.Path, old, new *workspace.Entry) {
		var sides [2]change.Side
		for i, e := range []*workspace.Entry{old, new} {
			if e != nil {
				sides[i] = change.SideOf(*e)
			}
		}
		if c, ok := change.New(path, sides[0], sides[1]); ok {
			c.Collides = old == nil && b.base.Covers(path)
			set.Changes = append(set.Changes, c)
		}
	}
	for i := range b.base.Visible {
		e := &b.base.Visible[i]
		add(e.Path, e, now.Find(e.Path))
	}
	for i := range now.Visible {
		if e := &now.Visible[i]; b.base.Find(e.Path) == nil {
			add(e.Path, nil, e)
		}
	}
	set.Sort()
	return set
}

func (b *bench) plan(t testing.TB) *Plan {
	t.Helper()
	p, err := NewPlan(context.Background(), b.root, b.base, b.set(t), b.options)
	if err != nil {
		t.Fatalf("NewPlan: %v", err)
	}
	return p
}

func (b *bench) journal(n int) string { return fmt.Sprintf("%s/%d", b.journals, n) }

func (b *bench) apply(t testing.TB, o Options) (*Result, error) {
	t.Helper()
	return Apply(context.Background(), b.root, b.content, b.plan(t), b.journal(1), o)
}

func (b *bench) undo(o Options) (*Result, error) {
	o.Secrets = b.options.Secrets
	return Undo(context.Background(), b.root, b.journal(1), o)
}

// tree is a directory that a test fills.
type tree struct {
	testing.TB
	dir string
}

func (t tree) must(err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (t tree) path(name string) string { return t.dir + "/" + name }

func (t tree) file(name, content string, mode os.FileMode) {
	t.Helper()
	t.must(os.MkdirAll(filepath.Dir(t.path(name)), 0o755))
	t.must(os.WriteFile(t.path(name), []byte(content), 0o600))
	t.chmod(name, mode)
}

// edit replaces old in a file.
func (t tree) edit(name, old, now string) {
	t.Helper()
	text, err := os.ReadFile(t.path(name))
	t.must(err)
	if !strings.Contains(string(text), old) {
		t.Fatalf("%s has no %q", name, old)
	}
	t.must(os.WriteFile(t.path(name), []byte(strings.ReplaceAll(string(text), old, now)), 0o600))
}

func (t tree) dirs(names ...string) {
	t.Helper()
	for _, name := range names {
		t.must(os.MkdirAll(t.path(name), 0o755))
	}
}

func (t tree) link(name, target string) {
	t.Helper()
	t.must(os.MkdirAll(filepath.Dir(t.path(name)), 0o755))
	t.must(os.Symlink(target, t.path(name)))
}

func (t tree) chmod(name string, mode os.FileMode) { t.Helper(); t.must(os.Chmod(t.path(name), mode)) }

func (t tree) remove(names ...string) {
	t.Helper()
	for _, name := range names {
		t.must(os.RemoveAll(t.path(name)))
	}
}

// within makes a directory writable for as long as f runs.
func (t tree) within(name string, f func()) {
	t.Helper()
	info, err := os.Stat(t.path(name))
	t.must(err)
	t.chmod(name, 0o700)
	f()
	t.chmod(name, info.Mode().Perm())
}

func copyTree(t testing.TB, from, to string) {
	t.Helper()
	err := filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		target := to + strings.TrimPrefix(path, from)
		info, err := d.Info()
		if err != nil {
			return err
		}
		switch {
		case d.IsDir():
			return os.Mkdir(target, 0o700)
		case info.Mode()&fs.ModeSymlink != 0:
			text, err := os.Readlink(path)
			if err != nil {
				return err
			}
			return os.Symlink(text, target)
		case !info.Mode().IsRegular():
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if err := os.WriteFile(target, content, 0o600); err != nil {
			return err
		}
		return os.Chmod(target, info.Mode())
	})
	if err != nil {
		t.Fatal(err)
	}
	copyDirModes(t, from, to)
}

func copyDirModes(t testing.TB, from, to string) {
	var dirs []string
	filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			dirs = append(dirs, path)
		}
		return err
	})
	slices.SortFunc(dirs, func(a, b string) int { return cmp.Compare(b, a) })
	for _, dir := range dirs {
		info, err := os.Lstat(dir)
		if err == nil {
			err = os.Chmod(to+strings.TrimPrefix(dir, from), info.Mode())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// snapshot describes a tree, a line a path: type, mode, content or target; exact adds the inode, and the mtime of
// files and links.
func snapshot(t testing.TB, dir string, exact bool) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := os.Lstat(path)
		if err != nil {
			return err
		}
		line := info.Mode().String()
		stat := info.Sys().(*syscall.Stat_t)
		switch {
		case info.Mode().IsRegular():
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			line += fmt.Sprintf(" %d %.16x", len(content), sha256.Sum256(content))
		case info.Mode()&fs.ModeSymlink != 0:
			text, _ := os.Readlink(path)
			line += " -> " + text
		}
		if exact {
			line += fmt.Sprintf(" ino %d", stat.Ino)
			if !info.IsDir() {
				line += fmt.Sprintf(" mtime %d nlink %d", info.ModTime().UnixNano(), stat.Nlink)
			}
		}
		found[strings.TrimPrefix(path, dir)] = line
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func diffSnapshots(want, got map[string]string) string { return gocmp.Diff(want, got) }

// everything is a project that knows every kind of file, and everythingDone every kind of change to it.
func everything(at tree) {
	for _, name := range []string{"keep.txt", "edit.txt", "exec.sh", "both.txt", "gone.txt", "dir/in.txt", "old/a", "old/sub/b",
		"f2d", "d2l/z", "d2f/q/w", "f2l", "ro/e.txt", "ro/keep", "ro2/a", "ro2/b/c", "unlock/a", "lockdown/a", "conf/x",
		"conf/.env", "new\nline", "\xff\xfe", "-rf", "linkA", "hl1", "hm1", "mid/deep/er/x"} {
		at.file(name, "old content of "+name, 0o644)
	}
	at.link("l2d", "keep.txt")
	at.link("l2l", "keep.txt")
	at.link("l2f", "/etc/hostname")
	at.link("old/link", "a")
	at.must(os.Link(at.path("linkA"), at.path("linkB")))
	at.must(os.Link(at.path("hl1"), at.path("hl2")))
	at.must(os.Link(at.path("hm1"), at.path("hm2")))
	at.dirs("old/empty")
	at.chmod("ro", 0o555)
	at.chmod("ro2/b", 0o555)
	at.chmod("ro2", 0o555)
	at.chmod("unlock", 0o555)
}

func everythingDone(at tree) {
	at.file("edit.txt", "new content", 0o644)
	at.chmod("exec.sh", 0o755)
	at.file("both.txt", "new content", 0o600)
	at.file("dir/in.txt", "new content", 0o644)
	at.chmod("dir", 0o700)
	at.within("ro", func() { at.file("ro/e.txt", "new content", 0o644) })
	at.chmod("ro2", 0o700)
	at.chmod("ro2/b", 0o700)
	at.chmod("unlock", 0o755)
	at.file("unlock/n", "new", 0o644)
	at.file("lockdown/n", "new", 0o644)
	at.chmod("lockdown", 0o555)
	at.file("linkA", "new content", 0o644)
	at.chmod("hm1", 0o755)
	at.file("mid/deep/er/y", "new", 0o640)
	at.remove("gone.txt", "old", "f2d", "d2l", "d2f", "l2d", "l2l", "l2f", "f2l", "ro2", "conf", "hl1", "hl2", "-rf")
	at.file("f2d/x", "new", 0o644)
	at.file("f2d/sub/y", "new", 0o644)
	at.link("d2l", "keep.txt")
	at.file("d2f", "new", 0o644)
	at.file("l2d/m", "new", 0o644)
	at.link("l2l", "edit.txt")
	at.file("l2f", "new", 0o644)
	at.link("f2l", "nowhere")
	at.file("new.txt", "new", 0o644)
	at.file("new/deep/n.txt", "new", 0o644)
	at.link("newlink", "../outside")
	at.dirs("newempty")
	at.file("newro/n", "new", 0o444)
	at.chmod("newro", 0o555)
	at.file("\xff\xfe", "new content", 0o644)
	at.file("new\nline", "new content", 0o644)
	at.file(strings.Repeat("n", 255), "new", 0o644)
}

func newEverything(t testing.TB) *bench {
	return newBench(t, []string{"conf/.env"}, everything, everythingDone)
}

// wanted is the snapshot of the agent's tree with what was hidden from it.
func (b *bench) wanted(t testing.TB, hidden ...string) map[string]string {
	want := snapshot(t, b.agent, false)
	now := snapshot(t, b.project, false)
	for _, path := range hidden {
		for p := path; p != "."; p = filepath.Dir(p) {
			want["/"+p] = now["/"+p]
		}
	}
	return want
}
