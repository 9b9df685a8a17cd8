package scan

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/zricethezav/gitleaks/v8/config"
	"github.com/zricethezav/gitleaks/v8/detect"

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

// BenchmarkStock is what a Scan is to be held against: reading each file and giving it to the detector of gitleaks, one
// after the other and with the same depth of decoding.
func BenchmarkStock(b *testing.B) {
	d, err := stock()
	if err != nil {
		b.Fatal(err)
	}
	tree := benchTree(b)
	for b.Loop() {
		err := filepath.WalkDir(tree, func(name string, e fs.DirEntry, err error) error {
			if err != nil || !e.Type().IsRegular() {
				return err
			}
			raw, err := os.ReadFile(name)
			//lint:ignore SA1019 v8 has no other type that DetectContext takes
			d.DetectContext(b.Context(), detect.Fragment{Raw: string(raw), FilePath: name, StartLine: 1})
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkEngineStart is what the first file of a process waits for.
func BenchmarkEngineStart(b *testing.B) {
	for b.Loop() {
		if _, err := newDefaultEngine(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkEngineDerive is what that would be without a digest made beforehand.
func BenchmarkEngineDerive(b *testing.B) {
	for b.Loop() {
		if _, err := newLeaksEngine(config.DefaultConfig); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkFirstFind has the generic rule made, and a finding of it.
func BenchmarkFirstFind(b *testing.B) {
	for b.Loop() {
		e, err := newDefaultEngine()
		if err != nil {
			b.Fatal(err)
		}
		matches, err := e.find(b.Context(), "a.txt", "api_key = \""+"aB3dE5fG7hJ9kL1mN3pQ"+"\"\n")
		if err != nil || len(matches) != 1 {
			b.Fatal(matches, err)
		}
	}
}
