package history

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cofferdam/scan"
	"cofferdam/workspace"
)

// counted says which texts were searched.
type counted struct {
	mu       sync.Mutex
	searched []string // paths
	fail     workspace.Path
}

func (c *counted) Search(ctx context.Context, path workspace.Path, raw []byte) ([]scan.Finding, []scan.Incomplete, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if path == c.fail {
		return nil, nil, errors.New("stopped")
	}
	c.searched = append(c.searched, string(path))
	found, _, err := words{}.Search(ctx, path, raw)
	if path == "half" {
		return found, []scan.Incomplete{{Path: path, Reason: "half of it"}}, err
	}
	return found, nil, err
}

// memory is a Cache that never forgets.
type memory struct {
	mu    sync.Mutex
	known map[memoryKey]scan.Report
}

type memoryKey struct {
	id   string
	size int64
	path workspace.Path
}

func (m *memory) Find(id string, size int64, path workspace.Path) ([]scan.Finding, []scan.Incomplete, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, ok := m.known[memoryKey{id, size, path}]
	return slices.Clone(r.Findings), r.Incomplete, ok
}

func (m *memory) Add(id string, size int64, path workspace.Path, findings []scan.Finding, incomplete []scan.Incomplete) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.known[memoryKey{id, size, path}] = scan.Report{Findings: slices.Clone(findings), Incomplete: incomplete}
}

func (p *project) remembering(c *counted, m *memory, o Options) *scan.Report {
	p.t.Helper()
	c.searched = nil
	o.Cache = m
	r, err := Search(p.t.Context(), p.open(), c, o)
	if err != nil {
		p.t.Fatal(err)
	}
	slices.Sort(c.searched)
	return r
}

// Law: what is known of objects changes no answer; only new ones are searched.
func TestHistoryOfKnownObjects(t *testing.T) {
	p := newProject(t)
	p.write(".env", "A=1\nSECRET1\n")
	p.write("half", "SECRET2\n")
	p.commit("first has SECRETmessage")
	p.write(".env", "A=2\nSECRET1\nSECRET3\n")
	p.commit("second")
	c, m := &counted{}, &memory{known: map[memoryKey]scan.Report{}}
	first := p.remembering(c, m, Options{})
	if diff := cmp.Diff([]string{"(commit message)", "(commit message)", ".env", ".env", "half"}, c.searched); diff != "" {
		t.Errorf("first: searched (-want +got):\n%s", diff)
	}
	if first.Texts != 5 || first.Reused != 0 || len(first.Incomplete) != 1 {
		t.Errorf("first: %d texts, %d reused, incomplete %v", first.Texts, first.Reused, first.Incomplete)
	}
	second := p.remembering(c, m, Options{})
	if len(c.searched) != 0 || second.Reused != 5 {
		t.Errorf("second: searched %v, reused %d, want nothing and 5", c.searched, second.Reused)
	}
	second.Reused = 0
	if diff := cmp.Diff(first, second, cmp.AllowUnexported(scan.Finding{})); diff != "" {
		t.Errorf("report (-first +second):\n%s", diff)
	}

	p.write("new", "SECRET4\n")
	p.git("mv", "half", "other") // the same blob, which is known where it came in
	p.commit("third")
	p.git("gc", "-q")
	third := p.remembering(c, m, Options{Workers: 1})
	if diff := cmp.Diff([]string{"(commit message)", "new"}, c.searched); diff != "" || third.Texts != 7 || third.Reused != 5 {
		t.Errorf("third: %d texts, %d reused; searched (-want +got):\n%s", third.Texts, third.Reused, diff)
	}
	expect(t, lines(third), p.history(Options{})...)
	part := p.remembering(c, m, Options{Range: []string{"HEAD~1..HEAD"}})
	// In the range the blob came in under another name, for which other rules may hold.
	if diff := cmp.Diff([]string{"other"}, c.searched); diff != "" {
		t.Errorf("a part: searched (-want +got):\n%s", diff)
	}
	expect(t, lines(part), p.history(Options{Range: []string{"HEAD~1..HEAD"}})...)
}

// A search that fails is not remembered as one that found nothing.
func TestHistoryDoesNotRememberFailures(t *testing.T) {
	p := newProject(t)
	p.write("a", "SECRET1\n")
	p.write("b", "SECRET2\n")
	p.commit("both")
	c, m := &counted{fail: "b"}, &memory{known: map[memoryKey]scan.Report{}}
	if _, err := Search(t.Context(), p.open(), c, Options{Cache: m}); err == nil {
		t.Fatal("Search hides the error")
	}
	c.fail = ""
	r := p.remembering(c, m, Options{})
	if !slices.Contains(c.searched, "b") {
		t.Errorf("searched %v, want b among them", c.searched)
	}
	expect(t, lines(r), "both by Ann: a:1 SECRET1", "both by Ann: b:1 SECRET2")
}
