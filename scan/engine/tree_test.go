package engine

import (
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// A tree given in COFFERDAM_SCAN_TREE is compared file by file, at the depth in COFFERDAM_SCAN_DEPTH; it takes as long
// as gitleaks does.
func TestEngineEqualsDetectorOnTree(t *testing.T) {
	tree := os.Getenv("COFFERDAM_SCAN_TREE")
	if tree == "" {
		t.Skip("COFFERDAM_SCAN_TREE names no tree")
	}
	depth, _ := strconv.Atoi(os.Getenv("COFFERDAM_SCAN_DEPTH"))
	cfg, err := defaultConfig()
	if err != nil {
		t.Fatal(err)
	}
	p := newPair(t, cfg.ReadAll())
	files, matches := 0, 0
	err = filepath.WalkDir(tree, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(name)
		if err == nil {
			path, _ := filepath.Rel(tree, name)
			matches += p.compare(t, path, string(text), depth)
			files++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d findings in %d files", matches, files)
}
