package gitview

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"cofferdam/workspace"
)

// passing is a Shown that shows everything.
type passing struct {
	rule
	stats map[workspace.Path]workspace.Stat
}

func (p *passing) File(path workspace.Path) File { return File{Showing: Pass, Judged: p.stats[path]} }

// newPassing has the fingerprints of the files of p, as the walk of a scan has them.
func newPassing(p *project, root *workspace.Root) *passing {
	all := &passing{stats: map[workspace.Path]workspace.Stat{}}
	for name := range strings.SplitSeq(p.git("ls-files", "-z"), "\x00") {
		if e, err := root.Lookup(workspace.Path(name)); err == nil {
			all.stats[e.Path] = e.Stat
		}
	}
	return all
}

// BenchmarkBuild measures Build on the tree that COFFERDAM_BENCH_TREE names, copied and committed, beside what one would
// do without it: git add of all files into a new repository, and a shallow clone without a working tree.
func BenchmarkBuild(b *testing.B) {
	source := os.Getenv("COFFERDAM_BENCH_TREE")
	if source == "" {
		b.Skip("COFFERDAM_BENCH_TREE names no tree")
	}
	p := newProject(b)
	if out, err := exec.Command("cp", "-r", "--no-preserve=mode", source+"/.", p.dir).CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	p.commit("all")
	p.git("gc", "-q")
	root, err := workspace.Open(p.dir)
	if err != nil {
		b.Fatal(err)
	}
	defer root.Close()
	fresh := func() string { return filepath.Join(b.TempDir(), "git") }
	shown := newPassing(p, root)
	settle()
	build := func(b *testing.B, o Options) {
		for b.Loop() {
			dir := fresh()
			if err := os.Mkdir(dir, 0o755); err != nil {
				b.Fatal(err)
			}
			repo, err := Open(root, workspace.Dot)
			if err != nil {
				b.Fatal(err)
			}
			built, err := repo.Build(b.Context(), dir, shown, o)
			if err != nil {
				b.Fatal(err)
			}
			repo.Close()
			b.ReportMetric(float64(built.Objects), "objects")
		}
	}
	b.Run("Build", func(b *testing.B) { build(b, Options{}) })
	shelf := filepath.Join(b.TempDir(), "shelf")
	if repo, err := Open(root, workspace.Dot); err == nil {
		if _, err := repo.Build(b.Context(), b.TempDir(), shown, Options{Shelf: shelf}); err != nil {
			b.Fatal(err)
		}
		repo.Close()
	}
	b.Run("BuildAgain", func(b *testing.B) { build(b, Options{Shelf: shelf}) })
	b.Run("GitAdd", func(b *testing.B) {
		for b.Loop() {
			dir := fresh()
			p.git("init", "-q", "--bare", dir)
			p.git("--git-dir="+dir, "--work-tree=.", "add", "-A")
		}
	})
	b.Run("ShallowClone", func(b *testing.B) {
		for b.Loop() {
			p.git("clone", "-q", "--bare", "--depth=1", "file://"+p.dir, fresh())
		}
	})
}
