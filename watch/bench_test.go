package watch

import (
	"context"
	"fmt"
	"os"
	"testing"

	"cofferdam/workspace"
)

// tree is the directory that COFFERDAM_BENCH_TREE names, or one with 1,000 directories of 10 files.
func tree(b *testing.B) *workspace.Root {
	b.Helper()
	if dir := os.Getenv("COFFERDAM_BENCH_TREE"); dir != "" {
		return open(b, dir)
	}
	dir := b.TempDir()
	for i := range 1000 {
		for j := range 10 {
			write(b, dir, fmt.Sprintf("d%d/e%d/f%d", i/100, i%100, j), "x\n")
		}
	}
	return open(b, dir)
}

// BenchmarkSetUp is all watches and the look at everything; its measure is BenchmarkList.
func BenchmarkSetUp(b *testing.B) {
	root := tree(b)
	o := knownAs(b, root)
	for b.Loop() {
		w := newWatcher(root, o)
		must(b, w.begin())
		w.look(workspace.Dot)
		b.ReportMetric(float64(len(w.paths)), "watches")
		close(w.done)
		b.StopTimer()
		must(b, w.Close())
		b.StartTimer()
	}
}

func BenchmarkList(b *testing.B) {
	root := tree(b)
	for b.Loop() {
		_, _, err := workspace.List(context.Background(), root, nil)
		must(b, err)
	}
}
