package stage

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cofferdam/internal/need"
	"cofferdam/rules"
	"cofferdam/scan"
	"cofferdam/workspace"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

// oddTree is a workspace of everything that a view has to get right.
func oddTree() []string {
	long := strings.Repeat("n", 255)
	return []string{
		"a.txt: a", "-rf: not an option", "new\nline: x", "bad\xff: x", long + ": long", "colon:comma,\\: x", "empty: ",
		"d", "d/e", "d/e/f.txt: f", "d/e/one: linked", "d/two = d/e/one", "links", "links/abs -> /etc/passwd",
		"links/rel -> ../a.txt", "links/dir -> ../d", "links/none -> nowhere", "loop -> loop",
		".env: PASSWORD=hunter2", "conf", "conf/.env: PASSWORD=hunter2", "conf/visible.txt: x",
		"env.link -> .env", "other = conf/.env", "ssh", "ssh/.ssh", "ssh/.ssh/id: key", "pipe |",
		"leak.txt: token = " + token(), "leak = leak.txt",
		".git", ".git/config: [remote]", "sub", "sub/.git: gitdir: ../x", "sub/code.go: package sub", "deep", "deep/.git", "deep/.git/HEAD: x",
		"readonly", "readonly/file: x", "readonly/.env: PASSWORD=hunter2", "setgid", "setgid/.env: PASSWORD=hunter2", "setgid/x: x",
		".cofferdam.toml: # tightens\n",
	}
}

// wantHidden is what a view of oddTree does not show.
var wantHidden = []string{".env", "conf/.env", "env.link", "other", "ssh/.ssh", "ssh/.ssh/id", "pipe", "leak.txt", "leak",
	".git/config", "sub/.git", "deep/.git/HEAD", "readonly/.env", "setgid/.env"}

func newOddTestbed(t testing.TB) *testbed {
	b := newTestbed(t, oddTree()...)
	sparse := filepath.Join(b.project, "sparse")
	err := os.WriteFile(sparse, []byte("start"), 0o640)
	if err == nil {
		err = os.Truncate(sparse, 1<<20)
	}
	old := time.Date(2001, 2, 3, 4, 5, 6, 789, time.UTC)
	for _, name := range []string{"a.txt", "d/e", "conf", "readonly/file"} {
		err = errors.Join(err, os.Chtimes(filepath.Join(b.project, name), old, old))
	}
	err = errors.Join(err, os.Chmod(filepath.Join(b.project, "setgid"), 0o755|os.ModeSetgid),
		os.Chmod(filepath.Join(b.project, "readonly"), 0o555), os.Chmod(filepath.Join(b.project, "d/e/f.txt"), 0o751),
		os.Chmod(b.project, 0o750))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Every kind of view shows the same: the workspace without what is hidden, names, types, modes, times and contents.
func TestKindsShowTheSame(t *testing.T) {
	need.Namespace(t, "one", func(t *testing.T) {
		b := newOddTestbed(t)
		want := snapshot(t, b.project)
		for _, name := range wantHidden {
			if _, ok := want[name]; !ok {
				t.Fatalf("the workspace has no %q to hide", name)
			}
			delete(want, name)
		}
		report := b.scan(t)
		for _, kind := range []Kind{Overlay, Bind, Copy} {
			t.Run(string(kind), func(t *testing.T) { checkView(t, b.build(t, kind, report), want) })
		}
	})
}

func checkView(t *testing.T, view *View, want map[string]string) {
	t.Helper()
	got := snapshot(t, show(t, view))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("view (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, shown(view.Manifest)); diff != "" {
		t.Errorf("manifest (-want +got):\n%s", diff)
	}
	for _, e := range view.Manifest.Hidden {
		if e.Hash.Known() {
			t.Errorf("the manifest has a hash of %q, which is hidden", e.Path)
		}
	}
	if !view.Manifest.Covers(".git/config") || !view.Manifest.Covers("ssh/.ssh/id") {
		t.Error("the manifest does not cover what an emptied or hidden directory holds")
	}
}

// The copy keeps hard links among what is visible, and holes.
func TestCopyKeepsLinksAndHoles(t *testing.T) {
	b := newOddTestbed(t)
	view := b.build(t, Copy, b.scan(t))
	root := openRoot(t, view.Copy)
	one, err := root.Lookup("d/e/one")
	two, err2 := root.Lookup("d/two")
	if errors.Join(err, err2) != nil || !one.SameFile(two.Stat) {
		t.Errorf("d/e/one and d/two are not one file in the copy: %v %v", one, two)
	}
	var before, after unix.Stat_t
	if err := errors.Join(unix.Stat(filepath.Join(b.project, "sparse"), &before), unix.Stat(filepath.Join(view.Copy, "sparse"), &after)); err != nil {
		t.Fatal(err)
	}
	if after.Blocks > before.Blocks {
		t.Errorf("the sparse file has %d blocks in the copy, %d in the workspace", after.Blocks, before.Blocks)
	}
}

func TestGitHost(t *testing.T) {
	b := newTestbed(t, ".git", ".git/HEAD: x", "sub", "sub/.git", "sub/.git/HEAD: x", "a: a")
	report := b.scan(t)
	for _, kind := range []Kind{Overlay, Copy} {
		plan, err := NewPlan(report, Options{Kind: kind, Git: GitHost, Set: b.set})
		if err != nil {
			t.Fatal(err)
		}
		view, err := plan.Build(context.Background(), b.root, b.set, report, b.dirs(t))
		if err != nil {
			t.Fatal(err)
		}
		if !view.GitHost || !view.Manifest.Covers(".git/HEAD") || view.Manifest.Find(".git") == nil || view.Manifest.Find("sub/.git/HEAD") != nil {
			t.Errorf("%s: GitHost = %v, manifest %v", kind, view.GitHost, view.Manifest)
		}
		if kind != Copy {
			continue
		}
		if names, err := os.ReadDir(filepath.Join(view.Copy, ".git")); err != nil || len(names) > 0 {
			t.Errorf("the copy's .git is %v, %v, want an empty directory", names, err)
		}
	}
}

func TestBuildStopsWithItsContext(t *testing.T) {
	b := newOddTestbed(t)
	report := b.scan(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, kind := range []Kind{Overlay, Copy} {
		if _, err := b.plan(t, kind, report).Build(ctx, b.root, b.set, report, b.dirs(t)); !errors.Is(err, context.Canceled) {
			t.Errorf("Build %s = %v, want context.Canceled", kind, err)
		}
	}
	dest := filepath.Join(b.dir, "out")
	if _, err := b.plan(t, Copy, report).WriteCopy(ctx, b.root, b.set, report, dest); !errors.Is(err, context.Canceled) {
		t.Errorf("WriteCopy = %v, want context.Canceled", err)
	}
	if names, _ := filepath.Glob(dest + "*"); len(names) > 0 {
		t.Errorf("%v are left", names)
	}
}

// What the user passes shows, whatever was found in it and however large it is.
func TestUserPassShows(t *testing.T) {
	b := newTestbed(t, "leak.txt: "+token(), "a: a")
	b.set = newSet(t, "", "[[path]]\npattern = \"leak.txt\"\naction = \"pass\"\n")
	report := b.scan(t)
	for i := range report.Ledger {
		if report.Ledger[i].Path == "leak.txt" { // as if it were over the limit
			report.Ledger[i].Hash = workspace.Hash{}
			report.Incomplete = append(report.Incomplete, scan.Incomplete{Path: "leak.txt", Reason: "over the limit"})
		}
	}
	for _, kind := range []Kind{Overlay, Copy} {
		view := b.build(t, kind, report)
		if e := view.Manifest.Find("leak.txt"); e == nil || !e.Hash.Known() {
			t.Errorf("%s: the manifest has %v for leak.txt, want it with its hash", kind, e)
		}
		if d := view.Plan.Decision("leak.txt"); d.Action != rules.Pass || d.Source != rules.FromUser {
			t.Errorf("%s: Decision(leak.txt) = %+v, want a pass by the user", kind, d)
		}
	}
}
