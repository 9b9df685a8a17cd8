package scan

import (
	"context"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"cofferdam/workspace"
)

// blindEngine looks at the extensions of paths alone, and counts what it is given.
type blindEngine struct{ calls atomic.Int64 }

func (e *blindEngine) find(_ context.Context, _ workspace.Path, text string) ([]match, error) {
	e.calls.Add(1)
	if at := strings.Index(text, "secret"); at >= 0 {
		return []match{{rule: "r", start: at, end: at + 6}}, nil
	}
	return nil, nil
}

func (e *blindEngine) pathClass(p workspace.Path) string { return path.Ext(string(p)) }

func TestTwinsAreReadOnce(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a.txt", "secret")
	write(t, dir, "alone.txt", "secret")
	for _, name := range []string{"b.txt", "c.txt", "d.txt", "e.go"} {
		must(t, os.Link(filepath.Join(dir, "a.txt"), filepath.Join(dir, name)))
	}
	for _, workers := range []int{1, 4} {
		e := &blindEngine{}
		r := scanWith(t, open(t, dir), Options{Workers: workers, Hash: true}, e)
		if n := e.calls.Load(); n != 3 {
			t.Errorf("%d workers: %d texts searched, want a.txt, alone.txt and e.go or their twins", workers, n)
		}
		var found []string
		for _, f := range r.Findings {
			found = append(found, string(f.Path))
		}
		if got := strings.Join(found, " "); got != "a.txt alone.txt b.txt c.txt d.txt e.go" {
			t.Errorf("%d workers: found in %q", workers, got)
		}
		for _, l := range r.Ledger {
			if l.State != Scanned || !l.Hash.Known() || l.Nlink == 0 {
				t.Errorf("%d workers: line %+v", workers, l)
			}
		}
	}
}
