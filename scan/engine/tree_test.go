package engine

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"io/fs"
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
			c.run(len(files), func(_, i int) (path, text string) { return files[i].path, files[i].read(t, tree) })
		})
	}
}

// Gitleaks takes time by the square of a text: minutes for one of some megabytes. One over maxWhole bytes is compared in
// pieces, each a text of its own.
const (
	maxWhole  = 1 << 20
	pieceSize = 256 << 10
)

// treeText is a regular file, or a piece of one.
type treeText struct {
	path     string
	at, size int64
}

func (x treeText) read(t *testing.T, tree string) string {
	f, err := os.Open(filepath.Join(tree, x.path))
	if err != nil {
		t.Error(err)
		return ""
	}
	defer f.Close()
	content := make([]byte, x.size)
	if _, err := f.ReadAt(content, x.at); err != nil {
		t.Error(err)
	}
	return string(content)
}

// regularFiles is all regular files below tree, the smallest first: a run that is stopped should have seen most of them.
func regularFiles(t *testing.T, tree string) (texts []treeText) {
	t.Helper()
	err := filepath.WalkDir(tree, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		path, err := filepath.Rel(tree, name)
		whole := treeText{path, 0, info.Size()}
		if whole.size <= maxWhole {
			texts = append(texts, whole)
			return err
		}
		for at := int64(0); at < whole.size; at += pieceSize {
			texts = append(texts, treeText{path, at, min(pieceSize, whole.size-at)})
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(texts, func(a, b treeText) int {
		return cmp.Or(cmp.Compare(a.size, b.size), cmp.Compare(a.path, b.path), cmp.Compare(a.at, b.at))
	})
	return texts
}
