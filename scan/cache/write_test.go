package cache

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// has says which of the first n files Find knows.
func has(t *testing.T, dir string, n int) (known []int) {
	t.Helper()
	c := openCache(t, dir, testRules)
	for i := range n {
		if _, ok := c.Find(c.Key(file(i)), later); ok {
			known = append(known, i)
		}
	}
	return known
}

func TestCoverage(t *testing.T) {
	for coverage, want := range map[Coverage]string{Whole: "[1 3 5 10]", Part: "[0 1 2 3 4 5 10]"} {
		dir := t.TempDir()
		fill(t, dir, 6)
		c := openCache(t, dir, testRules)
		for _, i := range []int{1, 3, 5} {
			c.Find(c.Key(file(i)), later)
		}
		c.Add(c.Key(file(10)), Content{}, result(10))
		if err := c.Write(coverage); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(has(t, dir, 12)); got != want {
			t.Errorf("Write(%v) keeps %v, want %v", coverage, got, want)
		}
	}
}

func TestWholeWithNothingRemovesTheFile(t *testing.T) {
	dir := t.TempDir()
	fill(t, dir, 6)
	if err := openCache(t, dir, testRules).Write(Whole); err != nil {
		t.Fatal(err)
	}
	if names, _ := os.ReadDir(dir); len(names) != 0 {
		t.Errorf("%d files in the directory, want none", len(names))
	}
}

// What was added last is what counts, over what was there and what was added before.
func TestLastResultCounts(t *testing.T) {
	dir := t.TempDir()
	fill(t, dir, 3)
	c := openCache(t, dir, testRules)
	c.Find(c.Key(file(2)), later)
	for _, why := range []string{"one", "two", "three"} {
		c.Add(c.Key(file(2)), c.Content(text(2), ""), Result{ReadAt: readAt, Credential: why})
	}
	if err := c.Write(Part); err != nil {
		t.Fatal(err)
	}
	c = openCache(t, dir, testRules)
	byKey, _ := c.Find(c.Key(file(2)), later)
	byContent, _ := c.FindContent(c.Content(text(2), ""))
	if byKey.Credential != "three" || byContent.Credential != "three" || c.Len() != 3 {
		t.Errorf("%q and %q among %d, want three among 3", byKey.Credential, byContent.Credential, c.Len())
	}
}

func TestUnchangedIsNotWritten(t *testing.T) {
	dir := t.TempDir()
	fill(t, dir, 70)
	inode := func() uint64 {
		var stat unix.Stat_t
		if err := unix.Stat(cachePath(t, dir), &stat); err != nil {
			t.Fatal(err)
		}
		return stat.Ino
	}
	age := func(d time.Duration) {
		if err := os.Chtimes(cachePath(t, dir), time.Time{}, time.Now().Add(-d)); err != nil {
			t.Fatal(err)
		}
	}
	scan := func() {
		c := openCache(t, dir, testRules)
		for i := range 70 {
			c.Find(c.Key(file(i)), later)
		}
		if err := c.Write(Whole); err != nil {
			t.Fatal(err)
		}
	}
	old := inode()
	age(time.Hour)
	scan()
	if inode() != old || modified(t, cachePath(t, dir)) < 50*time.Minute {
		t.Error("the file was touched though it is young")
	}
	age(48 * time.Hour)
	scan()
	if inode() != old {
		t.Error("the file was replaced")
	}
	if since := modified(t, cachePath(t, dir)); since > time.Minute {
		t.Errorf("a file in use looks %v old", since)
	}
}

// modified is how long ago the file was.
func modified(t *testing.T, path string) time.Duration {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return time.Since(info.ModTime())
}

// What has changed is written when there is enough of it.
func TestFewChangesAreLeftToTheNextScan(t *testing.T) {
	const n = 3 * rewriteRatio
	for name, c := range map[string]struct {
		added, lost int
		size        int64
		written     bool
	}{
		"none":      {0, 0, 0, false},
		"two new":   {2, 0, 1, false},
		"two lost":  {0, 2, 0, false},
		"one each":  {1, 1, 1, false},
		"three new": {3, 0, 1, true},
		"a mix":     {1, 2, 1, true},
		"one large": {1, 0, rewriteSize, true},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			fill(t, dir, n)
			opened := openCache(t, dir, testRules)
			for i := range n - c.lost {
				opened.Find(opened.Key(file(i)), later)
			}
			for i := range c.added {
				path, stat := file(n + i)
				stat.Size = c.size
				opened.Add(opened.Key(path, stat), Content{}, result(1))
			}
			if err := opened.Write(Whole); err != nil {
				t.Fatal(err)
			}
			want := n
			if c.written {
				want += c.added - c.lost
			}
			if got := openCache(t, dir, testRules).Len(); got != want {
				t.Errorf("%d results, want %d", got, want)
			}
		})
	}
}

func TestLargeResultIsNotKept(t *testing.T) {
	dir := t.TempDir()
	c := openCache(t, dir, testRules)
	large := Result{ReadAt: readAt, Findings: make([]Finding, maxResult/10)}
	c.Add(c.Key(file(1)), Content{}, large)
	c.Add(c.Key(file(2)), Content{}, result(2))
	if err := c.Write(Whole); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(has(t, dir, 4)); got != "[2]" {
		t.Errorf("known: %v, want [2]", got)
	}
}

// However much is added, the file stays within its bound, and can be read.
func TestFileIsBounded(t *testing.T) {
	dir := t.TempDir()
	c := openCache(t, dir, testRules)
	long := Result{ReadAt: readAt, Findings: []Finding{{Rule: strings.Repeat("r", maxResult-100)}}}
	for i := range 200 {
		c.Add(c.Key(file(i)), Content{}, long)
	}
	if err := c.Write(Whole); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(cachePath(t, dir))
	if err != nil || info.Size() > maxFile || info.Size() < maxFile/2 {
		t.Fatalf("%d bytes, %v; want at most %d", info.Size(), err, maxFile)
	}
	first := has(t, dir, 200)
	if len(first) < 50 || len(first) == 200 {
		t.Fatalf("%d results are known", len(first))
	}
	c = openCache(t, dir, testRules)
	for i := 300; i < 350; i++ {
		c.Add(c.Key(file(i)), Content{}, long)
	}
	if err := c.Write(Part); err != nil {
		t.Fatal(err)
	}
	if got := has(t, dir, 350); len(got) != len(first) || got[len(got)-1] != 349 {
		t.Errorf("%d results are known, the last of %d; want as many as before, with the new ones", len(got), got[len(got)-1])
	}
}

func TestFailedWriteLeavesTheOldFile(t *testing.T) {
	dir := t.TempDir()
	fill(t, dir, 5)
	c := openCache(t, dir, testRules)
	c.Add(c.Key(file(9)), Content{}, result(9))
	e := c.collect(Part)
	full := errors.New("no space")
	for n := range e.head.fileLen() {
		if err := e.writeFile(&failing{n, full}); !errors.Is(err, full) {
			t.Fatalf("writeFile with room for %d bytes = %v, want %v", n, err, full)
		}
	}
	if got := fmt.Sprint(has(t, dir, 10)); got != "[0 1 2 3 4]" {
		t.Errorf("known: %v", got)
	}
}

// failing is a writer with room for so many bytes.
type failing struct {
	room int
	err  error
}

func (w *failing) Write(b []byte) (int, error) {
	if w.room -= len(b); w.room < 0 {
		return 0, w.err
	}
	return len(b), nil
}
