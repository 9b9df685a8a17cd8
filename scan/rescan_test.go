package scan

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"cofferdam/workspace"
)

// Law: a scan after another reads what has changed since and nothing else, whether it is given the report or the cache.
func TestOnlyWhatChangedIsRead(t *testing.T) {
	const files = 60
	for _, given := range []string{"report", "cache"} {
		for _, changed := range []int{0, 1, 7, files} {
			t.Run(fmt.Sprintf("%s, %d changed", given, changed), func(t *testing.T) {
				dir, caches := t.TempDir(), t.TempDir()
				name := func(i int) string { return fmt.Sprintf("d%d/f%d.txt", i%7, i) }
				for i := range files {
					write(t, dir, name(i), fmt.Sprintf("%d %s\n", i, token))
				}
				time.Sleep(2 * clockStep)
				prior, _ := scanRemembering(t, dir, caches, Options{}, nil)
				want := int64(0)
				for i := range changed {
					text := fmt.Sprintf("%d changed, and longer than %d bytes\n", i, len(token))
					write(t, dir, name(i), text)
					want += int64(len(text))
				}
				o := Options{Prior: prior}
				if given == "cache" {
					o.Prior = nil
				} else {
					caches = ""
				}
				r, searched := scanRemembering(t, dir, caches, o, nil)
				if r.Bytes != want || searched != changed || r.Reused != files-changed || len(r.Findings) != files-changed {
					t.Errorf("%d bytes read, %d texts searched, %d known, %d findings; want %d, %d, %d and as many", r.Bytes, searched, r.Reused, len(r.Findings), want, changed, files-changed)
				}
			})
		}
	}
}

// benchCopy is the tree of the benchmarks to write to, and its files.
func benchCopy(b *testing.B) (root *workspace.Root, files []string) {
	b.Helper()
	dir := filepath.Join(b.TempDir(), "project")
	if err := os.CopyFS(dir, os.DirFS(benchTree(b))); err != nil {
		b.Fatal(err)
	}
	err := filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			files = append(files, name)
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	if root, err = workspace.Open(dir); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { root.Close() })
	return root, files
}

// BenchmarkAgain is a scan after another with no file changed, one in a hundred, one in ten, all of them touched, and all
// of them new, by the cache of an earlier process. The walk is what it is to be held against: what asks about every path,
// and no more.
func BenchmarkAgain(b *testing.B) {
	root, files := benchCopy(b)
	time.Sleep(2 * clockStep)
	o := Options{CacheDir: b.TempDir()}
	scan := func(b *testing.B) *Report {
		r, err := Scan(b.Context(), root, nil, o)
		if err != nil {
			b.Fatal(err)
		}
		return r
	}
	scan(b)
	run := func(name string, each int, change func(name string) error) {
		b.Run(name, func(b *testing.B) {
			busy, bytes := startCPU(), int64(0)
			for b.Loop() {
				b.StopTimer()
				for i := 0; each > 0 && i < len(files); i += each {
					if err := change(files[i]); err != nil {
						b.Fatal(err)
					}
				}
				b.StartTimer()
				bytes = scan(b).Bytes
			}
			busy.report(b)
			b.ReportMetric(float64(bytes)/1e6, "MB-read")
		})
	}
	n := 0
	touch := func(name string) error {
		n++
		return os.Chtimes(name, time.Unix(int64(n), 1), time.Unix(int64(n), 1))
	}
	grow := func(name string) error {
		f, err := os.OpenFile(name, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		defer f.Close()
		_, err = f.WriteString("\n")
		return err
	}
	b.Run("walk", func(b *testing.B) {
		busy := startCPU()
		for b.Loop() {
			if _, _, err := workspace.List(b.Context(), root, nil); err != nil {
				b.Fatal(err)
			}
		}
		busy.report(b)
	})
	run("unchanged", 0, nil)
	run("hundredth changed", 100, grow)
	run("tenth changed", 10, grow)
	run("all touched", 1, touch)
	run("all changed", 1, grow)
}
