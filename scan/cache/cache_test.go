package cache

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cofferdam/workspace"
)

const (
	second = int64(1e9)
	then   = 1_700_000_000*second + 123_456_789 // when the files of these tests were changed
	readAt = then + 10*second
	later  = readAt + 10*second
)

var testRules = [32]byte{1, 2, 3}

// openCache is the cache of a project in dir.
func openCache(t testing.TB, dir string, rules [32]byte) *Cache {
	t.Helper()
	return Open(dir, "/home/someone/project", rules)
}

// file is what the kernel says of file number n.
func file(n int) (workspace.Path, workspace.Stat) {
	return workspace.Path(fmt.Sprintf("some/directory/file-%d.go", n)), workspace.Stat{
		Type: workspace.File, Mode: 0o644, Size: int64(n), Mtime: then, Ctime: then + int64(n%7), Dev: 65024, Ino: uint64(1000 + n), Nlink: 1,
	}
}

func text(n int) []byte { return fmt.Appendf(nil, "the text of file %d", n) }

// result is one with everything in it for some n, and with nothing for others.
func result(n int) Result {
	r := Result{ReadAt: readAt}
	if n%2 == 1 {
		r.Hash = workspace.Hash{byte(n), 1}
	}
	if n%3 == 1 {
		r.Credential = `a value for "password"`
		r.Problems = []Problem{{Member: "a.zip!b.txt", Reason: "it is encrypted"}, {Reason: "nested too deep"}}
	}
	for i := range n % 5 {
		f := Finding{Rule: "some-rule", Line: n, Column: i + 1, EndLine: n, EndColumn: i + 21, Offset: int64(n) << 20, Length: 20, Fingerprint: "0123abcd", Entropy: 3.5}
		if i%2 == 1 {
			f.Severity, f.Why, f.Member, f.Decoded = "low", "a word near it", "a.zip!c.txt", []string{"base64", "hex"}
		}
		r.Findings = append(r.Findings, f)
	}
	return r
}

// fill puts n results into the cache in dir.
func fill(t testing.TB, dir string, n int) {
	t.Helper()
	c := openCache(t, dir, testRules)
	for i := range n {
		c.Add(c.Key(file(i)), c.Content(text(i), ""), result(i))
	}
	if err := c.Write(Whole); err != nil {
		t.Fatal(err)
	}
}

// cachePath is where the cache in dir is.
func cachePath(t testing.TB, dir string) string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*"+suffix))
	if err != nil || len(names) != 1 {
		t.Fatalf("caches in the directory: %v, %v; want one", names, err)
	}
	return names[0]
}

func TestRoundTrip(t *testing.T) {
	for _, n := range []int{0, 1, 2, 7, 100, 3000} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "cofferdam", "scan")
			fill(t, dir, n)
			c := openCache(t, dir, testRules)
			if n > 0 && c.Reason() != "" || c.Len() != n {
				t.Fatalf("Open = %d results, %q; want %d", c.Len(), c.Reason(), n)
			}
			for i := range n {
				if got, ok := c.Find(c.Key(file(i)), later); !ok || !cmp.Equal(got, result(i)) {
					t.Fatalf("Find(%d) = %v, %s", i, ok, cmp.Diff(result(i), got))
				}
				if got, ok := c.FindContent(c.Content(text(i), "")); !ok || !cmp.Equal(got, result(i)) {
					t.Fatalf("FindContent(%d) = %v, %s", i, ok, cmp.Diff(result(i), got))
				}
			}
			if _, ok := c.Find(c.Key(file(n)), later); ok {
				t.Error("Find found a file that was never added")
			}
			if _, ok := c.FindContent(c.Content(text(n), "")); ok {
				t.Error("FindContent found a content that was never added")
			}
			if _, ok := c.FindContent(Content{}); ok {
				t.Error("FindContent found the content that names nothing")
			}
		})
	}
}

// A result is of one path, inode, size and time; any other is another file.
func TestEveryPartOfTheIdentityCounts(t *testing.T) {
	dir := t.TempDir()
	fill(t, dir, 20)
	c := openCache(t, dir, testRules)
	path, stat := file(4)
	for name, change := range map[string]func(){
		"nothing": func() {},
		"path":    func() { path += "x" },
		"dev":     func() { stat.Dev++ },
		"ino":     func() { stat.Ino += 1 << 40 },
		"size":    func() { stat.Size++ },
		"mtime":   func() { stat.Mtime-- },
		"ctime":   func() { stat.Ctime-- },
	} {
		path, stat = file(4)
		change()
		if _, ok := c.Find(c.Key(path, stat), later); ok != (name == "nothing") {
			t.Errorf("Find after a change of %s = %v", name, ok)
		}
	}
}

func TestOtherRulesSeeNothing(t *testing.T) {
	dir := t.TempDir()
	fill(t, dir, 10)
	other := openCache(t, dir, [32]byte{9})
	if other.Len() != 0 || other.Reason() != errRules.Error() {
		t.Fatalf("Open with other rules = %d results, %q", other.Len(), other.Reason())
	}
	if _, ok := other.Find(other.Key(file(1)), later); ok {
		t.Error("Find served a result of other rules")
	}
	other.Add(other.Key(file(2)), Content{}, result(2))
	if err := other.Write(Part); err != nil {
		t.Fatal(err)
	}
	if c := openCache(t, dir, testRules); c.Len() != 0 {
		t.Errorf("the old rules' cache still has %d results", c.Len())
	}
	if c := openCache(t, dir, [32]byte{9}); c.Len() != 1 {
		t.Errorf("the new rules' cache has %d results, want 1", c.Len())
	}
}

func TestProjectsAreApart(t *testing.T) {
	dir := t.TempDir()
	fill(t, dir, 3)
	if c := Open(dir, "/home/someone/other", testRules); c.Len() != 0 {
		t.Errorf("another project's cache has %d results", c.Len())
	}
}

// No text, no path, no name of the project: only places, identifiers and hashes.
func TestFileHoldsNoText(t *testing.T) {
	dir := t.TempDir()
	canary := strings.Join([]string{"canary", "value", "7f3a"}, "-")
	c := Open(dir, "/home/"+canary, testRules)
	path, stat := file(1)
	c.Add(c.Key(workspace.Path(canary)+"/"+path, stat), c.Content([]byte("password = "+canary), canary), result(4))
	if err := c.Write(Whole); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(cachePath(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(raw, []byte("some-rule")) {
		t.Fatal("the file does not hold the finding")
	}
	for _, part := range []string{canary, "canary", "7f3a", "someone", "directory", ".go"} {
		if bytes.Contains(raw, []byte(part)) || strings.Contains(cachePath(t, dir), part) {
			t.Errorf("the cache has %q in it", part)
		}
	}
}

func TestNoDirectory(t *testing.T) {
	c := Open("", "/p", testRules)
	c.Add(c.Key(file(1)), c.Content(text(1), ""), result(1))
	if err := c.Write(Whole); err != nil || c.Len() != 0 || c.Reason() == "" {
		t.Errorf("without a directory: %v, %d results, %q", err, c.Len(), c.Reason())
	}
}

func TestManyAtOnce(t *testing.T) {
	dir := t.TempDir()
	fill(t, dir, 500)
	c := openCache(t, dir, testRules)
	var workers sync.WaitGroup
	for w := range 4 {
		workers.Go(func() {
			for i := range 500 {
				if got, ok := c.Find(c.Key(file(i)), later); !ok || len(got.Findings) != i%5 {
					t.Errorf("Find(%d) = %v, %v", i, got, ok)
				}
				n := 1000 + 500*w + i
				c.Add(c.Key(file(n)), c.Content(text(n), ""), result(n))
			}
		})
	}
	workers.Wait()
	if err := c.Write(Whole); err != nil {
		t.Fatal(err)
	}
	if c := openCache(t, dir, testRules); c.Len() != 2500 {
		t.Errorf("%d results, want 2500", c.Len())
	}
}

// Scans that run at once each leave a whole file; the last one wins.
func TestWritersAtOnce(t *testing.T) {
	dir := t.TempDir()
	fill(t, dir, 50)
	var writers sync.WaitGroup
	stop := time.Now().Add(200 * time.Millisecond)
	for w := range 3 {
		writers.Go(func() {
			for n := 100 * (w + 1); time.Now().Before(stop); n += 1000 {
				c := openCache(t, dir, testRules)
				if c.Reason() != "" || c.Len() != 50 && c.Len() != 51 {
					t.Errorf("Open = %d results, %q", c.Len(), c.Reason())
				}
				for i := range 50 {
					if _, ok := c.Find(c.Key(file(i)), later); !ok {
						t.Errorf("Find(%d) found nothing", i)
					}
				}
				c.Add(c.Key(file(n)), Content{}, result(n))
				if err := c.Write(Whole); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	if names, _ := os.ReadDir(dir); len(names) != 1 {
		t.Errorf("%d files in the directory, want 1", len(names))
	}
}
