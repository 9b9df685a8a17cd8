package scan

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"cofferdam/rules"
	"cofferdam/workspace"
)

// countingEngine counts the texts that an engine is given.
type countingEngine struct {
	detector
	calls atomic.Int64
}

func (e *countingEngine) find(ctx context.Context, path workspace.Path, text string) ([]match, error) {
	e.calls.Add(1)
	return e.detector.find(ctx, path, text)
}

// scanRemembering scans with a cache in caches and says how many texts were searched.
func scanRemembering(t *testing.T, dir, caches string, o Options, set *rules.Set) (r *Report, searched int) {
	t.Helper()
	o.CacheDir, o.Workers = caches, 2
	e := &countingEngine{detector: engineForTest()}
	r = scanBy(t, open(t, dir), o, func(s *scanner) {
		s.engine = func() (engine, error) { return e, nil }
		if set != nil {
			s.set, s.judge = set, set.Credential
		}
	})
	return r, int(e.calls.Load())
}

// rememberedTree is files of which there is something to remember, and caches for it. All of it is older than a clock step.
func rememberedTree(t *testing.T) (dir, caches string, files int) {
	t.Helper()
	dir, caches = filepath.Join(t.TempDir(), "project"), t.TempDir()
	tree := map[string]string{
		"a.txt":         "x = " + token + "\n",
		"src/b.go":      "package b\n",
		"empty":         "",
		"notes":         "password: hunter2\n",
		".env":          "PASSWORD=hunter2hunter2\nkey: " + token + "\n",
		"conf/key.json": `{"private_key_id": "x", "password": "swordfish-9"}`,
		"c.7z":          "7z\xbc\xaf\x27\x1c\x00\x04",
		"d.zip":         zipped(t, "inner/.env", "key: "+token+"\n"),
		"utf16.txt":     "\xff\xfe" + strings.Join(strings.Split("key = "+token, ""), "\x00") + "\x00",
	}
	for name, text := range tree {
		write(t, dir, name, text)
	}
	time.Sleep(2 * clockStep)
	return dir, caches, len(tree)
}

func sameReport(t *testing.T, want, got *Report) {
	t.Helper()
	diff := cmp.Diff(want, got, cmp.AllowUnexported(Finding{}), cmpopts.IgnoreUnexported(Line{}), cmpopts.IgnoreTypes(workspace.Stat{}),
		cmpopts.IgnoreFields(Report{}, "Bytes", "Reused"), cmpopts.EquateEmpty())
	if diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
}

// touch gives every file below dir new times.
func touch(t *testing.T, dir string) {
	t.Helper()
	must(t, filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		return os.Chtimes(name, time.Unix(1, 5), time.Unix(1, 5))
	}))
}

// anew replaces dir by a copy of it: other inodes, and other times.
func anew(t *testing.T, dir string) {
	t.Helper()
	must(t, os.Rename(dir, dir+".old"))
	must(t, os.CopyFS(dir, os.DirFS(dir+".old")))
}

// Law: what is remembered changes no answer, and a file whose content is remembered is not searched.
func TestContentThatIsKnownIsNotSearched(t *testing.T) {
	for name, change := range map[string]func(*testing.T, string){"touched": touch, "anew": anew} {
		t.Run(name, func(t *testing.T) {
			for _, o := range []Options{{}, {Hash: true}} {
				dir, caches, files := rememberedTree(t)
				first, searched := scanRemembering(t, dir, caches, o, nil)
				if searched < files || len(first.Findings) < 4 || len(first.Incomplete) != 1 || first.Reused != 0 {
					t.Fatalf("first: %d texts of %d files searched, %d findings, %v", searched, files, len(first.Findings), first.Incomplete)
				}
				change(t, dir)
				second, searched := scanRemembering(t, dir, caches, o, nil)
				if searched != 0 || second.Reused != files || second.Bytes != first.Bytes {
					t.Errorf("second: %d texts searched, %d of %d results known, %d bytes read, want 0, all and %d", searched, second.Reused, files, second.Bytes, first.Bytes)
				}
				sameReport(t, first, second)
				time.Sleep(2 * clockStep) // The copies are younger than a clock step.
				scanRemembering(t, dir, caches, o, nil)
				third, searched := scanRemembering(t, dir, caches, o, nil)
				if searched != 0 || third.Bytes != 0 || third.Reused != files {
					t.Errorf("when nothing changed any more: %d texts searched, %d bytes read", searched, third.Bytes)
				}
				sameReport(t, first, third)
			}
		})
	}
}

// A content is remembered for its path and what the rules say of that, and no other.
func TestContentElsewhereIsSearched(t *testing.T) {
	dir, caches, _ := rememberedTree(t)
	scanRemembering(t, dir, caches, Options{}, nil)
	must(t, os.Rename(filepath.Join(dir, "a.txt"), filepath.Join(dir, "b.txt")))
	write(t, dir, "src/b.go", "package c\n")
	if _, searched := scanRemembering(t, dir, caches, Options{}, nil); searched != 2 {
		t.Errorf("%d texts searched, want those of b.txt and src/b.go", searched)
	}
	config, err := rules.DecodeConfig("c", []byte("[[path]]\npattern='notes'\naction='inspect'\n"))
	must(t, err)
	policy, err := rules.NewPolicy(nil, config)
	must(t, err)
	set := rules.NewSet(nil, policy)
	touch(t, dir)
	got, searched := scanRemembering(t, dir, caches, Options{}, set)
	if searched != 1 || got.Find("notes").Credential == "" {
		t.Errorf("after a change of policy: %d texts searched, notes: %q", searched, got.Find("notes").Credential)
	}
	want, _ := scanRemembering(t, dir, "", Options{}, set)
	sameReport(t, want, got)
}

// Law: a damaged cache is as none, and is made anew.
func TestDamagedMemoryIsForgotten(t *testing.T) {
	dir, caches, files := rememberedTree(t)
	want, all := scanRemembering(t, dir, caches, Options{}, nil)
	names, err := filepath.Glob(filepath.Join(caches, "*"))
	must(t, err)
	raw, err := os.ReadFile(names[0])
	must(t, err)
	for _, at := range []int{0, 20, 60, len(raw) / 2, len(raw) - 1} {
		damaged := append([]byte(nil), raw...)
		damaged[at] ^= 0x40
		must(t, os.WriteFile(names[0], damaged, 0o600))
		got, searched := scanRemembering(t, dir, caches, Options{}, nil)
		if searched != all {
			t.Errorf("damaged at %d: %d texts searched, want %d", at, searched, all)
		}
		sameReport(t, want, got)
		if got, searched := scanRemembering(t, dir, caches, Options{}, nil); searched != 0 || got.Reused != files {
			t.Errorf("after damage at %d: %d texts searched again, want 0", at, searched)
		}
	}
}

// Results of twins are remembered, each under its own name.
func TestTwinsAreRemembered(t *testing.T) {
	dir, caches, files := rememberedTree(t)
	for _, name := range []string{"x/a.txt", "y/a.txt"} {
		link(t, dir, "a.txt", name)
	}
	time.Sleep(2 * clockStep)
	want, _ := scanRemembering(t, dir, caches, Options{}, nil)
	got, searched := scanRemembering(t, dir, caches, Options{}, nil)
	if searched != 0 || got.Reused != files+2 || got.Bytes != 0 || len(got.FindingsIn("y/a.txt")) != 1 {
		t.Errorf("%d texts searched, %d bytes read, %d results known; want 0, 0 and %d", searched, got.Bytes, got.Reused, files+2)
	}
	sameReport(t, want, got)
}
