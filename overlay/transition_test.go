package overlay

import (
	"os"
	"path/filepath"
	"testing"

	"cofferdam/change"
	"cofferdam/internal/need"
	"cofferdam/workspace"
)

// state is one thing that can stand at a path.
type state struct {
	name string
	kind workspace.Type
	make func(t *testing.T, path string)
}

var states = []state{
	{"absent", workspace.None, func(*testing.T, string) {}},
	{"file", workspace.File, func(t *testing.T, path string) { write(t, path, "one\n") }},
	{"other", workspace.File, func(t *testing.T, path string) { write(t, path, "two\n") }},
	{"program", workspace.File, func(t *testing.T, path string) {
		write(t, path, "one\n")
		if err := os.Chmod(path, 0o755); err != nil {
			t.Fatal(err)
		}
	}},
	{"link", workspace.Symlink, func(t *testing.T, path string) {
		if err := os.Symlink("nowhere", path); err != nil {
			t.Fatal(err)
		}
	}},
	{"empty", workspace.Dir, func(t *testing.T, path string) { mkdir(t, path) }},
	{"nested", workspace.Dir, func(t *testing.T, path string) {
		write(t, path+"/x/y/z", "deep\n")
		write(t, path+"/x/w", "w\n")
		write(t, path+"/v", "v\n")
	}},
	{"turned", workspace.Dir, func(t *testing.T, path string) { // nested with the types exchanged
		write(t, path+"/x", "file now\n")
		write(t, path+"/v/y/z", "deep\n")
	}},
}

// TestEveryTypeBecomesEveryOther removes what the base has and makes the other anew, in one directory that is merged,
// in one that is opaque, and with whatever a mask hides beside it.
func TestEveryTypeBecomesEveryOther(t *testing.T) {
	need.Namespace(t, "one", func(t *testing.T) {
		for _, where := range []string{"merged", "masked", "opaque"} {
			t.Run(where, func(t *testing.T) {
				f := newFixture(t)
				for _, from := range states {
					for _, to := range states {
						from.make(t, filepath.Join(f.base, "in", from.name+">"+to.name))
					}
				}
				var hidden []workspace.Path
				if where == "masked" {
					write(t, filepath.Join(f.base, "in/.env"), "secret")
					write(t, filepath.Join(f.base, "in/nested>empty/x/.env"), "secret")
					hidden = []workspace.Path{"in/.env", "in/nested>empty/x/.env"}
				}
				mkdir(t, filepath.Join(f.base, "in"))
				law(t, f, hidden, nil, func(merged string) { transition(t, merged, where == "opaque") })
				checkKinds(t, readSet(t, f.upper, manifest(t, f.base, hidden, nil)))
			})
		}
	})
}

func transition(t *testing.T, merged string, opaque bool) {
	in := filepath.Join(merged, "in")
	if opaque {
		if err := os.RemoveAll(in); err != nil {
			t.Fatal(err)
		}
		mkdir(t, in)
	}
	for _, from := range states {
		for _, to := range states {
			path := filepath.Join(in, from.name+">"+to.name)
			if err := os.RemoveAll(path); err != nil {
				t.Fatal(err)
			}
			to.make(t, path)
		}
	}
}

func checkKinds(t *testing.T, set *change.Set) {
	t.Helper()
	for _, from := range states {
		for _, to := range states {
			want := change.Modify
			switch {
			case from.name == to.name, from.kind == workspace.Dir && to.kind == workspace.Dir:
				want = 0
			case from.kind == workspace.None:
				want = change.Add
			case to.kind == workspace.None:
				want = change.Delete
			}
			var got change.Kind
			path := workspace.Path("in/" + from.name + ">" + to.name)
			if c := set.Find(path); c != nil {
				got = c.Kind
				if c.Old.Type != from.kind || c.New.Type != to.kind {
					t.Errorf("%q: %s to %s, want %s to %s", path, c.Old.Type, c.New.Type, from.kind, to.kind)
				}
			}
			if got != want {
				t.Errorf("%q: %s, want %s", path, got, want)
			}
		}
	}
}
