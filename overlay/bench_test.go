package overlay

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// BenchmarkRead reads an upper layer of 10,000 changed files; BenchmarkReadAndHash, to compare, does no more than read
// and hash them one by one.
func BenchmarkRead(b *testing.B) {
	base, upper := benchmarkLayers(b)
	m := manifest(b, base, nil, nil)
	root := openRoot(b, upper)
	for b.Loop() {
		set, err := Read(context.Background(), root, m)
		if err != nil || len(set.Changes) != 10_000 {
			b.Fatal(len(set.Changes), err)
		}
	}
}

func BenchmarkReadAndHash(b *testing.B) {
	_, upper := benchmarkLayers(b)
	for b.Loop() {
		err := filepath.WalkDir(upper, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			content, err := os.ReadFile(path)
			_ = sha256.Sum256(content)
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func benchmarkLayers(b *testing.B) (base, upper string) {
	base, upper = b.TempDir(), b.TempDir()
	content := strings.Repeat("a line of a source file\n", 300)
	for i := range 10_000 {
		name := fmt.Sprintf("d%d/e%d/f%d.go", i%10, i%100, i)
		write(b, filepath.Join(base, name), content)
		write(b, filepath.Join(upper, name), content+"more\n")
	}
	return base, upper
}
