package patch

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// BenchmarkWrite writes the patch of 10,000 edited files of 4 KiB; BenchmarkRead only reads the same files.
func BenchmarkWrite(b *testing.B) {
	p := manyFiles(b)
	for b.Loop() {
		if err := Write(b.Context(), io.Discard, p.set, p.trees, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	p := manyFiles(b)
	for b.Loop() {
		for _, c := range p.set.Changes {
			for _, side := range []string{p.before, p.after} {
				if _, err := os.ReadFile(filepath.Join(side, string(c.Path))); err != nil {
					b.Fatal(err)
				}
			}
		}
	}
}

func manyFiles(b *testing.B) *pair {
	before, after := tree{}, tree{}
	for i := range 100 {
		one, other := tree{}, tree{}
		for j := range 100 {
			var text strings.Builder
			for line := range 200 {
				fmt.Fprintf(&text, "line %d of file %d\n", line, i*100+j)
			}
			one[fmt.Sprint(j)] = file(text.String())
			other[fmt.Sprint(j)] = file(strings.Replace(text.String(), "line 100", "edited", 1))
		}
		before[fmt.Sprint(i)], after[fmt.Sprint(i)] = dir(one), dir(other)
	}
	return newPair(b, before, after)
}
