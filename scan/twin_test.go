package scan

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"cofferdam/rules"
	"cofferdam/scan/detect"
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

func (e *blindEngine) pathClass(p workspace.Path) (string, bool) { return path.Ext(string(p)), true }

// secretiveEngine does not tell what it makes of paths.
type secretiveEngine struct{ blindEngine }

func (*secretiveEngine) pathClass(workspace.Path) (string, bool) { return "", false }

func TestTwinsAreReadOnce(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a.txt", "secret")
	write(t, dir, "alone.txt", "secret")
	for _, name := range []string{"b.txt", "sub/c.txt", "sub/d.txt", "e.go"} {
		link(t, dir, "a.txt", name)
	}
	for _, workers := range []int{1, 4} {
		e, secretive := &blindEngine{}, &secretiveEngine{}
		r := scanWith(t, open(t, dir), Options{Workers: workers, Hash: true}, e)
		if n := e.calls.Load(); n != 3 || r.Bytes != 18 {
			t.Errorf("%d workers: %d texts searched, %d bytes read; want a.txt, alone.txt and e.go, or their twins", workers, n, r.Bytes)
		}
		var found []string
		for _, f := range r.Findings {
			found = append(found, string(f.Path))
		}
		if got := strings.Join(found, " "); got != "a.txt alone.txt b.txt e.go sub/c.txt sub/d.txt" {
			t.Errorf("%d workers: found in %q", workers, got)
		}
		for _, l := range r.Ledger {
			if l.Type == workspace.File && (l.State != Scanned || !l.Hash.Known() || l.Nlink == 0) {
				t.Errorf("%d workers: line %+v", workers, l)
			}
		}
		scanWith(t, open(t, dir), Options{Workers: workers}, secretive)
		if n := secretive.calls.Load(); n != 6 {
			t.Errorf("%d workers: %d texts searched by an engine that does not tell, want 6", workers, n)
		}
	}
}

// failingEngine fails at one path.
type failingEngine struct {
	blindEngine
	on string
}

func (e *failingEngine) find(ctx context.Context, p workspace.Path, text string) ([]match, error) {
	list, err := e.blindEngine.find(ctx, p, text)
	if string(p) == e.on {
		err = errTooMany
	}
	return list, err
}

// What went wrong under one name says nothing of the others.
func TestTwinOfAFailureIsReadItself(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a.txt", "secret")
	link(t, dir, "a.txt", "b.txt")
	e := &failingEngine{on: "a.txt"}
	r := scanWith(t, open(t, dir), Options{Workers: 1}, e)
	second := &failingEngine{on: "b.txt"}
	q := scanWith(t, open(t, dir), Options{Workers: 1}, second)
	// Which name comes first is the file system's to say: in one of the two scans it is the one that fails.
	if got := len(r.Incomplete) + len(q.Incomplete); got != 1 || e.calls.Load()+second.calls.Load() != 3 {
		t.Errorf("%d failures, %d texts searched, want 1 and 3", got, e.calls.Load()+second.calls.Load())
	}
}

// wholeEngine says that all paths are alike, and looks at the front of the paths of members all the same.
type wholeEngine struct{ blindEngine }

func (e *wholeEngine) find(ctx context.Context, p workspace.Path, text string) ([]match, error) {
	if strings.Contains(string(p), "!") && strings.HasPrefix(string(p), "b/") {
		return nil, nil
	}
	return e.blindEngine.find(ctx, p, text)
}

func (*wholeEngine) pathClass(workspace.Path) (string, bool) { return "", true }

// The path of a member begins with the archive's, in which rules may see more than they do in that alone.
func TestTwinsThatAreUnpackedAreEachRead(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a/x.zip", zipped(t, "inner.txt", "secret"))
	link(t, dir, "a/x.zip", "b/x.zip")
	r := scanWith(t, open(t, dir), Options{Workers: 1}, &wholeEngine{})
	if len(r.FindingsIn("a/x.zip")) != 1 || len(r.FindingsIn("b/x.zip")) != 0 || r.Reused != 0 {
		t.Errorf("findings %+v, %d not read again", r.Findings, r.Reused)
	}
}

// What a name says of a content is of that name alone.
func TestTwinsOfOtherVerdictsAreEachRead(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "notes", "password: hunter2\n")
	link(t, dir, "notes", "words")
	link(t, dir, "notes", "x/words")
	config, err := rules.DecodeConfig("c", []byte("[[path]]\npattern='notes'\naction='inspect'\n"))
	must(t, err)
	policy, err := rules.NewPolicy(nil, config)
	must(t, err)
	set := rules.NewSet(nil, policy)
	r := scanBy(t, open(t, dir), Options{Workers: 1}, func(s *scanner) {
		s.set, s.judge = set, set.Credential
		s.engine = func() (engine, error) { return &wholeEngine{}, nil }
	})
	if r.Find("notes").Credential == "" || r.Find("words").Credential != "" || r.Find("x/words").Credential != "" || r.Reused != 1 {
		t.Errorf("ledger %+v, %d not read again", r.Ledger, r.Reused)
	}
}

func link(t *testing.T, dir, from, to string) {
	t.Helper()
	to = filepath.Join(dir, to)
	must(t, os.MkdirAll(filepath.Dir(to), 0o700))
	must(t, os.Link(filepath.Join(dir, from), to))
}

// Law: a tree of links has the report of the same tree of copies.
func TestLinksAreReportedLikeCopies(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	texts := classTexts(t)
	random.Shuffle(len(texts), func(i, j int) { texts[i], texts[j] = texts[j], texts[i] })
	texts = append(texts[:24], zipped(t, "conf/.env", strings.Join(texts[:3], "\n")), gzipped(t, texts[4]), "7z\xbc\xaf\x27\x1c\x00\x04", "password: hunter2\n", "")
	linked, copied := t.TempDir(), t.TempDir()
	for i, text := range texts {
		first := ""
		names := []string{classPath(random), classPath(random), classPath(random)}
		for n := range 6 {
			name := path.Join(fmt.Sprintf("%d-%d", n, i), names[random.IntN(len(names))])
			write(t, copied, name, text)
			if first == "" {
				first = name
				write(t, linked, name, text)
			} else {
				link(t, linked, first, name)
			}
		}
	}
	for _, o := range []Options{{}, {Workers: 8, Hash: true}, {Detector: detect.Gitleaks()}} {
		want, err := Scan(t.Context(), open(t, copied), nil, o)
		must(t, err)
		got, err := Scan(t.Context(), open(t, linked), nil, o)
		must(t, err)
		if len(want.Findings) < 10 || o.Detector == nil && got.Reused < 20 || got.Bytes >= want.Bytes {
			t.Errorf("%d findings, %d files not read again, %d of %d bytes read", len(want.Findings), got.Reused, got.Bytes, want.Bytes)
		}
		diff := cmp.Diff(want, got, cmp.AllowUnexported(Finding{}), cmpopts.IgnoreUnexported(Line{}), cmpopts.IgnoreTypes(workspace.Stat{}),
			cmpopts.IgnoreFields(Report{}, "Root", "Bytes", "Reused"), cmpopts.EquateEmpty())
		if diff != "" {
			t.Errorf("links and copies (-copies +links):\n%s", diff)
		}
	}
}
