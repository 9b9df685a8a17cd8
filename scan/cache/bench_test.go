package cache

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"cofferdam/workspace"
)

// benchFiles is a large project's number of files, one in a hundred with findings.
const benchFiles = 100_000

type benchFile struct {
	path   workspace.Path
	stat   workspace.Stat
	result Result
}

func benchProject() []benchFile {
	files := make([]benchFile, benchFiles)
	for i := range files {
		f := &files[i]
		f.path, f.stat = file(i)
		f.result = Result{ReadAt: readAt}
		if i%100 == 0 {
			f.result = result(i/100*15 + 4)
		}
	}
	return files
}

func benchCache(b *testing.B, files []benchFile) (dir string) {
	b.Helper()
	dir = b.TempDir()
	c := openCache(b, dir, testRules)
	add(c, files)
	if err := c.Write(Whole); err != nil {
		b.Fatal(err)
	}
	return dir
}

func add(c *Cache, files []benchFile) {
	for i := range files {
		f := &files[i]
		c.Add(c.Key(f.path, f.stat), Content{byte(i), byte(i >> 8), byte(i >> 16), 3, 4, 5, byte(i), byte(i >> 8)}, f.result)
	}
}

// BenchmarkOpen is opening a cache of 100,000 files: until Open returns, until the content is there, and just reading
// the same bytes.
func BenchmarkOpen(b *testing.B) {
	dir := benchCache(b, benchProject())
	path := cachePath(b, dir)
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("loaded", func(b *testing.B) {
		b.SetBytes(info.Size())
		var returned time.Duration
		for b.Loop() {
			start := time.Now()
			c := openCache(b, dir, testRules)
			returned += time.Since(start)
			if c.Len() != benchFiles {
				b.Fatal(c.Len(), c.Reason())
			}
		}
		b.ReportMetric(float64(returned.Nanoseconds())/float64(b.N), "ns/return")
	})
	b.Run("os.ReadFile", func(b *testing.B) {
		b.SetBytes(info.Size())
		for b.Loop() {
			if raw, err := os.ReadFile(path); err != nil || len(raw) == 0 {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkFind looks up one of 100,000 files, in the order of a walk and in none, and in a Go map.
func BenchmarkFind(b *testing.B) {
	files := benchProject()
	c := openCache(b, benchCache(b, files), testRules)
	known := map[Key]int{}
	for i, f := range files {
		known[c.Key(f.path, f.stat)] = i
	}
	for name, step := range map[string]int{"walk": 1, "random": 7919} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i += step {
				f := &files[i%benchFiles]
				if _, ok := c.Find(c.Key(f.path, f.stat), later); !ok {
					b.Fatal(i)
				}
			}
		})
	}
	b.Run("map, walk", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			f := &files[i%benchFiles]
			if _, ok := known[c.Key(f.path, f.stat)]; !ok {
				b.Fatal(i)
			}
		}
	})
}

// BenchmarkWrite writes the results of 100,000 files: adding them, all of them new, one in a hundred, none, and
// just writing the same bytes.
func BenchmarkWrite(b *testing.B) {
	files := benchProject()
	dir := benchCache(b, files)
	raw, err := os.ReadFile(cachePath(b, dir))
	if err != nil {
		b.Fatal(err)
	}
	found := func(b *testing.B, n int) *Cache {
		c := openCache(b, dir, testRules)
		for _, f := range files[:n] {
			if _, ok := c.Find(c.Key(f.path, f.stat), later); !ok {
				b.Fatal("not found")
			}
		}
		return c
	}
	b.Run("add", func(b *testing.B) {
		for b.Loop() {
			add(openCache(b, b.TempDir(), testRules), files)
		}
	})
	fresh := openCache(b, b.TempDir(), testRules)
	add(fresh, files)
	some := found(b, benchFiles)
	for i := range benchFiles / 100 {
		some.Add(some.Key("new", files[i].stat), Content{}, files[i].result)
	}
	for name, c := range map[string]*Cache{"new": fresh, "some new": some, "unchanged": found(b, benchFiles)} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := c.Write(Whole); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("os.WriteFile", func(b *testing.B) {
		path := filepath.Join(b.TempDir(), "plain")
		for b.Loop() {
			os.Remove(path)
			if err := os.WriteFile(path, raw, 0o600); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkContent hashes a file of 64 KiB.
func BenchmarkContent(b *testing.B) {
	c := openCache(b, b.TempDir(), testRules)
	text := make([]byte, 64<<10)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		c.Content(text, "some/path.go")
	}
}
