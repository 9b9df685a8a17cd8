package gitview

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"cofferdam/workspace"
)

// passing is a Shown that shows everything, at the price of a look at the file.
type passing struct{ rule }

func (*passing) File(workspace.Path) File { return File{Showing: Pass} }

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
	b.Run("Build", func(b *testing.B) {
		for b.Loop() {
			dir := fresh()
			if err := os.Mkdir(dir, 0o755); err != nil {
				b.Fatal(err)
			}
			repo, err := Open(root, workspace.Dot)
			if err != nil {
				b.Fatal(err)
			}
			built, err := repo.Build(b.Context(), dir, &passing{}, Options{})
			if err != nil {
				b.Fatal(err)
			}
			repo.Close()
			b.ReportMetric(float64(built.Bytes)/1e6, "MB")
		}
	})
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
