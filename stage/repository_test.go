package stage

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cofferdam/internal/need"
	"cofferdam/workspace"

	"github.com/google/go-cmp/cmp"
)

// withRepositories is a view with something in each of its repositories, and in one that the project has not.
func (b *testbed) withRepositories(t *testing.T, kind Kind) *View {
	t.Helper()
	report := b.scan(t)
	plan, err := NewPlan(report, Options{Kind: kind, Git: GitSnapshot, Set: b.set})
	if err != nil {
		t.Fatal(err)
	}
	view, err := plan.Build(t.Context(), b.root, b.set, report, b.dirs(t))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]workspace.Path{".git", "ro/.git", "sub/.git"}, view.Repositories); diff != "" {
		t.Fatalf("repositories of a %s (-want +got):\n%s", kind, diff)
	}
	if err := view.AddRepository(b.root, "own/.git"); err != nil {
		t.Fatal(err)
	}
	for _, at := range append(view.Repositories, "own/.git") {
		put(t, filepath.Join(view.Mask, string(at)), "HEAD: x", "refs", "objects/pack", "objects/pack/p: of "+string(at))
		if err := view.ShowRepository(t.Context(), at); err != nil {
			t.Fatal(err)
		}
	}
	return view
}

// newRepositories has a .git directory, a .git file, and one in a directory that cannot be written to.
func newRepositories(t *testing.T) *testbed {
	b := newTestbed(t, ".git", ".git/HEAD: host", "sub", "sub/.git: gitdir: ../x", "sub/a: a", "ro", "ro/.git: gitdir: ../x", "ro/.env: x", "own", "own/a: a", "a: a")
	for _, dir := range []string{"ro", "own"} {
		if err := os.Chmod(filepath.Join(b.project, dir), 0o555); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

// TestRepositoriesShowAlike: a view shows its repositories in the same way whatever its kind.
func TestRepositoriesShowAlike(t *testing.T) {
	need.Namespace(t, "one", func(t *testing.T) {
		b := newRepositories(t)
		trees := map[Kind]map[string]string{}
		for _, kind := range []Kind{Overlay, Copy, Bind} {
			tree := snapshot(t, show(t, b.withRepositories(t, kind)))
			for path, what := range tree {
				if strings.Contains(path, ".git") { // It was made just now.
					words := strings.Fields(what)
					tree[path] = strings.Join(append(words[:2], words[3:]...), " ")
				}
			}
			trees[kind] = tree
		}
		for _, path := range []string{".git/HEAD", "ro/.git/objects/pack/p", "sub/.git/refs", "own/.git/HEAD"} {
			if trees[Copy][path] == "" {
				t.Errorf("a copy has no %s", path)
			}
		}
		for _, kind := range []Kind{Copy, Bind} {
			if diff := cmp.Diff(trees[Overlay], trees[kind]); diff != "" {
				t.Errorf("(-overlay +%s):\n%s", kind, diff)
			}
		}
	})
}

// TestReadCopyWithRepositories: what a copy's repositories have from the start costs no reading, and is no change
// anywhere else.
func TestReadCopyWithRepositories(t *testing.T) {
	b := newRepositories(t)
	view := b.withRepositories(t, Copy)
	put(t, view.Copy, ".git/refs/new: x", "b: b")
	set, err := ReadCopy(t.Context(), openRoot(t, view.Copy), view.Manifest, view.Copied)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range set.Changes {
		switch in := strings.Contains(string(c.Path), ".git"); {
		case !in && c.Path != "b":
			t.Errorf("%s is changed", c.Path)
		case in && c.New.Type == workspace.File && c.New.Hash.Known() != (c.Path == ".git/refs/new"):
			t.Errorf("hash of %s is known: %v", c.Path, c.New.Hash.Known())
		}
	}
	for _, path := range []workspace.Path{"b", ".git/refs/new", "sub/.git/HEAD"} {
		if set.Find(path) == nil {
			t.Errorf("no change of %s", path)
		}
	}
	if content, err := os.ReadFile(filepath.Join(view.Mask, ".git/refs/new")); err == nil {
		t.Errorf("the mask has what was written in the copy: %q", content)
	}
}

// TestShowRepositoryFollowsNoLink: a copy that has a link in the place of a directory gets nothing.
func TestShowRepositoryFollowsNoLink(t *testing.T) {
	b := newRepositories(t)
	for _, at := range []workspace.Path{".git", "sub"} {
		view := b.withRepositories(t, Copy)
		outside := subdir(t, b.dir, "outside-"+string(at))
		path := filepath.Join(view.Copy, string(at))
		if err := os.RemoveAll(path); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(outside, path); err != nil {
			t.Fatal(err)
		}
		if err := view.ShowRepository(t.Context(), map[workspace.Path]workspace.Path{".git": ".git", "sub": "sub/.git"}[at]); err == nil {
			t.Errorf("%s was a link, and there was no error", at)
		}
		if names, err := os.ReadDir(outside); err != nil || len(names) > 0 {
			t.Errorf("%s led to a directory that now has %v, %v", at, names, err)
		}
	}
}
