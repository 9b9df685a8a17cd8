package engine

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// The trees that COFFERDAM_SCAN_TREE lists are compared file by file. The first time that takes as long as gitleaks does;
// COFFERDAM_SCAN_ORACLE names a directory that keeps its answers for the next time.
func TestEngineEqualsDetectorOnTree(t *testing.T) {
	trees := filepath.SplitList(os.Getenv("COFFERDAM_SCAN_TREE"))
	if len(trees) == 0 {
		t.Skip("COFFERDAM_SCAN_TREE names no tree")
	}
	cfg, err := defaultConfig()
	if err != nil {
		t.Fatal(err)
	}
	for _, tree := range trees {
		t.Run(filepath.Base(tree), func(t *testing.T) {
			files := regularFiles(t, tree)
			c := newComparison(t, fmt.Sprintf("%s-%.4x", filepath.Base(tree), sha256.Sum256([]byte(tree))), cfg.ReadAll())
			c.run(len(files), func(_, i int) (path, text string) {
				content, err := os.ReadFile(filepath.Join(tree, files[i]))
				if err != nil {
					t.Error(err)
				}
				return files[i], string(content)
			})
		})
	}
}

// regularFiles is the paths below tree of all its regular files, the smallest first: gitleaks takes minutes for one of some
// megabytes, and a run that is stopped should have seen most files.
func regularFiles(t *testing.T, tree string) (files []string) {
	t.Helper()
	sizes := map[string]int64{}
	err := filepath.WalkDir(tree, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		path, err := filepath.Rel(tree, name)
		sizes[path] = info.Size()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return slices.SortedFunc(maps.Keys(sizes), func(a, b string) int {
		return cmp.Or(cmp.Compare(sizes[a], sizes[b]), cmp.Compare(a, b))
	})
}
