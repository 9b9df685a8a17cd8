package engine

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
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

// regularFiles is the paths below tree of all its regular files.
func regularFiles(t *testing.T, tree string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(tree, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		path, err := filepath.Rel(tree, name)
		files = append(files, path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
