package decode

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/zricethezav/gitleaks/v8/detect/codec"
)

// benchBytes is enough text to be of every sort, and little enough for the oracle.
const benchBytes = 64 << 20

// texts is the text files below the directory that COFFERDAM_BENCH_TREE names, or below the Go toolchain's sources.
func texts(b *testing.B) (all []string) {
	root := os.Getenv("COFFERDAM_BENCH_TREE")
	if root == "" {
		root = filepath.Join(os.Getenv("GOROOT"), "src")
		if _, err := os.Stat(root); err != nil {
			b.Skip("COFFERDAM_BENCH_TREE names no tree to read")
		}
	}
	left := benchBytes
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || left <= 0 {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if text := string(data); utf8.ValidString(text) {
			all = append(all, text)
			left -= len(text)
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return all
}

// BenchmarkTree compares one pass with reading the same bytes once and with the oracle.
func BenchmarkTree(b *testing.B) {
	all := texts(b)
	size := int64(0)
	for _, text := range all {
		size += int64(len(text))
	}
	run := func(name string, read func(text string)) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(size)
			b.ReportAllocs()
			for b.Loop() {
				for _, text := range all {
					read(text)
				}
			}
		})
	}
	run("read", func(text string) { strings.Count(text, "\x00") })
	run("may", func(text string) { May(text) })
	run("pass", func(text string) { Pass(text, nil) })
	run("passes", func(text string) {
		var segs []Segment
		for range passes {
			if text, segs = Pass(text, segs); len(segs) == 0 {
				break
			}
		}
	})
	run("oracle", func(text string) { codec.NewDecoder().Decode(text, nil) })
}
