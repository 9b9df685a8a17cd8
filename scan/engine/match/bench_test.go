package match

import (
	"bytes"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// treeTexts is the files of the tree that COFFERDAM_SCAN_TREE names, or texts like source code.
var treeTexts = sync.OnceValues(func() ([]string, error) {
	tree := os.Getenv("COFFERDAM_SCAN_TREE")
	if tree == "" {
		return madeUp(), nil
	}
	var texts []string
	err := filepath.WalkDir(tree, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(name)
		texts = append(texts, string(text))
		return err
	})
	return texts, err
})

func madeUp() (texts []string) {
	random := rand.New(rand.NewPCG(11, 12))
	words := strings.Fields("func return if err != nil { } for range := = == key value token string int ( ) , . : \" // the of to a is name path " +
		"config context secret access import package type struct interface map test api client server request response error")
	for range 64 {
		var b strings.Builder
		for b.Len() < 16<<10 {
			b.WriteString(words[random.IntN(len(words))])
			b.WriteByte(" \n\t. "[random.IntN(5)])
		}
		texts = append(texts, b.String())
	}
	return texts
}

// benchTexts calls use with each text, over and over. Besides the mean it reports the sum of the least time that each
// text took, as other work on a machine stretches the rest.
func benchTexts(b *testing.B, use func(text string)) {
	texts, err := treeTexts()
	if err != nil {
		b.Fatal(err)
	}
	size := 0
	for _, text := range texts {
		size += len(text)
	}
	best := make([]time.Duration, len(texts))
	b.SetBytes(int64(size))
	b.ReportAllocs()
	b.ResetTimer()
	for b.Loop() {
		for i, text := range texts {
			start := time.Now()
			use(text)
			if took := time.Since(start); best[i] == 0 || took < best[i] {
				best[i] = took
			}
		}
	}
	var sum time.Duration
	for _, took := range best {
		sum += took
	}
	b.ReportMetric(float64(size)/float64(sum), "best-GB/s")
	b.ReportMetric(sum.Seconds()*1000, "best-ms")
}

var sink int

// Reading the same bytes is what FindAll is to be compared with.
func BenchmarkCount(b *testing.B) {
	benchTexts(b, func(text string) { sink += bytes.Count(bytesOf(text), []byte("\n")) })
}

func BenchmarkCopy(b *testing.B) {
	buffer := make([]byte, 64<<20)
	benchTexts(b, func(text string) { sink += copy(buffer, text) })
}

func BenchmarkFilter(b *testing.B) {
	set := gitleaksOracle().set
	list := new(places)
	benchTexts(b, func(text string) {
		for base := 0; base < len(text); base += blockSize {
			n, _ := set.plain.find(bytesOf(text[base:min(base+blockSize+reach-stride, len(text))]), list)
			sink += int(n)
		}
	})
}

func BenchmarkSift(b *testing.B) {
	set := gitleaksOracle().set
	list := new(places)
	benchTexts(b, func(text string) {
		for base := 0; base < len(text); base += blockSize {
			n, _ := set.plain.find(bytesOf(text[base:min(base+blockSize+reach-stride, len(text))]), list)
			sink += int(set.plain.sift(bytesOf(text), base, list, n))
		}
	})
}

func BenchmarkFindAll(b *testing.B) {
	set := gitleaksOracle().set
	benchTexts(b, func(text string) { set.FindAll(text, func(rule, start, end int) { sink++ }) })
}

func BenchmarkFindAllWithExtra(b *testing.B) {
	set, err := New(append(extraExprs(), gitleaksExprs()...))
	if err != nil {
		b.Fatal(err)
	}
	benchTexts(b, func(text string) { set.FindAll(text, func(rule, start, end int) { sink++ }) })
}

// The first time, the automata are made too.
func BenchmarkFindAllFirst(b *testing.B) {
	exprs := gitleaksExprs()
	tables, err := Derive(exprs)
	if err != nil {
		b.Fatal(err)
	}
	var set *Set
	texts, _ := treeTexts()
	first := texts[0]
	benchTexts(b, func(text string) {
		if text == first {
			set = Load(exprs, tables)
		}
		set.FindAll(text, func(rule, start, end int) { sink++ })
	})
}

func BenchmarkLoad(b *testing.B) {
	exprs := gitleaksExprs()
	tables, err := Derive(exprs)
	if err != nil {
		b.Fatal(err)
	}
	best := time.Hour
	for b.Loop() {
		start := time.Now()
		Load(exprs, tables)
		best = min(best, time.Since(start))
	}
	b.ReportMetric(best.Seconds()*1e6, "best-\u00b5s")
}

func BenchmarkDerive(b *testing.B) {
	for b.Loop() {
		if _, err := Derive(gitleaksExprs()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRegexp(b *testing.B) {
	o := gitleaksOracle()
	texts, err := treeTexts()
	if err != nil {
		b.Fatal(err)
	}
	text := texts[len(texts)/2]
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		for _, re := range o.regexps {
			sink += len(re.FindAllStringIndex(text, -1))
		}
	}
}
