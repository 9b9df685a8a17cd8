package gitview

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"cofferdam/workspace"
)

// copying is a rule of a view that is a copy.
type copying struct {
	*rule   // of the copy
	project *workspace.Root
	origins map[workspace.Path]workspace.Stat
}

func (c *copying) File(path workspace.Path) File {
	f := c.rule.File(path)
	if e, err := c.root.Lookup(path); err == nil && f.Showing == Pass {
		f.Judged, f.Origin = e.Stat, c.origins[path]
	}
	return f
}

// copied copies p, and is what a view that is the copy shows.
func copied(t *testing.T, p *project) *copying {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "copy")
	if out, err := exec.Command("cp", "-a", p.dir, dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	c := &copying{origins: map[workspace.Path]workspace.Stat{}}
	roots := map[string]*workspace.Root{p.dir: nil, dir: nil}
	for at := range roots {
		root, err := workspace.Open(at)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { root.Close() })
		roots[at] = root
	}
	c.project, c.rule = roots[p.dir], &rule{roots[dir], hiddenNames, map[workspace.Path]workspace.Stat{}}
	entries, _, err := workspace.List(t.Context(), roots[p.dir], nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		c.origins[e.Path] = e.Stat
	}
	return c
}

// build is what a Build of the copy makes, and the directory that it made that in.
func (c *copying) build(t *testing.T, o Options) (made, dir string) {
	t.Helper()
	repo, err := Open(c.project, workspace.Dot)
	if err != nil {
		t.Fatal(err)
	}
	defer repo.Close()
	dir, o.Copy = t.TempDir(), c.root
	if _, err := repo.Build(t.Context(), dir, c, o); err != nil {
		t.Fatal(err)
	}
	at := &project{t, dir}
	at.git("fsck", "--strict", "--full")
	return at.git("cat-file", "--batch-all-objects", "--batch-check") + at.git("ls-files", "--stage", "--debug"), dir
}

// linkedPacks is how many packs of a repository are those of the shelf.
func linkedPacks(t *testing.T, dir string, shelved map[string]os.FileInfo) (linked int) {
	t.Helper()
	for name, stat := range shelved {
		if in, err := os.Stat(filepath.Join(dir, "objects/pack", name)); err == nil && os.SameFile(in, stat) {
			linked++
		}
	}
	return linked
}

// TestShelfOfCopies: copies of a project share a shelf with its other views, and what is made does not depend on it.
func TestShelfOfCopies(t *testing.T) {
	p, shelf := many(t), filepath.Join(t.TempDir(), "shelf")
	settle()
	first := copied(t, p)
	want, _ := first.build(t, Options{})
	for _, o := range []Options{{Shelf: shelf}, {Shelf: shelf}, {Shelf: shelf, Copied: time.Now()}} {
		before := packsOf(t, shelf)
		got, dir := first.build(t, o)
		if got != want {
			t.Error("with a shelf something else is made")
		}
		if linked := linkedPacks(t, dir, before); linked > 0 {
			t.Errorf("%d packs of a copy of unknown age were taken", linked)
		}
	}
	shelved := packsOf(t, shelf)
	_, again := copied(t, p).build(t, Options{Shelf: shelf})
	overlay := t.TempDir()
	buildAt(t, p, overlay, Options{Shelf: shelf})
	for name, dir := range map[string]string{"copy": again, "overlay": overlay} {
		if linked := linkedPacks(t, dir, shelved); linked != len(shelved) {
			t.Errorf("%s: %d of %d packs are those of the shelf", name, linked, len(shelved))
		}
	}

	p.write(manyName(3), "edited since")
	p.git("add", "-A")
	second := copied(t, p)
	want, _ = second.build(t, Options{})
	if got, _ := second.build(t, Options{Shelf: shelf, Copied: time.Now()}); got != want {
		t.Error("after an edit something else is made with the shelf")
	}
	p.write(manyName(4), "edited after the copy was made")
	if got, _ := second.build(t, Options{Shelf: shelf, Copied: time.Now()}); got != want {
		t.Error("an edit of the project shows in a copy that was made before")
	}
}

// TestSnapshotOfCopy: what a project without a repository has become since a copy was made does not matter to the copy.
func TestSnapshotOfCopy(t *testing.T) {
	p := newProject(t)
	p.remove(".git")
	for _, name := range []string{"a.txt", "b.txt", "c.txt", "x.o"} {
		p.write(name, "one\n")
	}
	p.write(".gitignore", "*.o\n")
	c := copied(t, p)
	p.remove("a.txt")
	p.write("b.txt", "two\n")
	p.write(".gitignore", "*.txt\n")
	dir := filepath.Join(c.root.Path(), ".git")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	paths := []workspace.Path{".gitignore", "a.txt", "b.txt", "c.txt", "x.o"}
	if _, err := Snapshot(t.Context(), c.project, dir, c, paths, Options{Copy: c.root}); err != nil {
		t.Fatal(err)
	}
	at := &project{t, c.root.Path()}
	at.git("fsck", "--strict")
	if got := at.git("ls-files"); got != ".gitignore\na.txt\nb.txt\nc.txt" {
		t.Errorf("files:\n%s", got)
	}
	if got := at.git("diff-files", "--name-only"); got != "" {
		t.Errorf("git would look into %q, want nothing", got)
	}
}
