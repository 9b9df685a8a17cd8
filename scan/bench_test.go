package scan

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"cofferdam/workspace"
)

// benchTree is COFFERDAM_SCAN_TREE, or a made-up tree.
func benchTree(b *testing.B) string {
	if tree := os.Getenv("COFFERDAM_SCAN_TREE"); tree != "" {
		return tree
	}
	dir := b.TempDir()
	for i := range 400 {
		text := ""
		for line := range 300 {
			text += fmt.Sprintf("\tif err := s.client%d.Get(ctx, key, &token); err != nil { return fmt.Errorf(\"get %d: %%w\", err) }\n", i, line)
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("f%d.go", i)), []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	return dir
}

func benchRoot(b *testing.B) *workspace.Root {
	root, err := workspace.Open(benchTree(b))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { root.Close() })
	return root
}

func BenchmarkScan(b *testing.B) {
	root := benchRoot(b)
	for b.Loop() {
		r, err := Scan(b.Context(), root, nil, Options{})
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(r.Bytes)
	}
}

func BenchmarkRescan(b *testing.B) {
	root := benchRoot(b)
	prior, err := Scan(b.Context(), root, nil, Options{})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := Rescan(b.Context(), root, nil, Options{}, prior); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkWalk is what a Rescan is to be held against.
func BenchmarkWalk(b *testing.B) {
	root := benchRoot(b)
	for b.Loop() {
		if _, _, err := workspace.List(b.Context(), root, nil); err != nil {
			b.Fatal(err)
		}
	}
}
