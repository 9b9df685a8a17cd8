package apply

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cofferdam/change"
	"cofferdam/workspace"
)

// fates is a plan as a list of words, for tables.
func fates(p *Plan) []string {
	var list []string
	for _, op := range p.Ops {
		list = append(list, fmt.Sprintf("%s %s", op.Kind, op.Path))
	}
	for _, path := range p.Same {
		list = append(list, "same "+string(path))
	}
	for _, k := range p.Kept {
		list = append(list, "kept "+string(k.Path))
	}
	for _, c := range p.Conflicts {
		list = append(list, fmt.Sprintf("%s %s", c.Kind, c.Path))
	}
	for _, r := range p.Refused {
		list = append(list, "refused "+string(r.Path))
	}
	slices.Sort(list)
	return list
}

// small is the project of the tables below.
func small(at tree) {
	for _, name := range []string{"f", "d/a", "d/b", "d/sub/c", "conf/x", "conf/.env", "conf/deep/y", "w"} {
		at.file(name, "old "+name, 0o644)
	}
	at.link("l", "f")
	at.dirs("empty")
}

type planCase struct {
	name  string
	agent func(at tree)
	user  func(at tree)
	paths []workspace.Path // the accepted ones; all where empty
	want  []string
}

func edit(name string) func(at tree)   { return func(at tree) { at.file(name, "edited", 0o644) } }
func remove(name string) func(at tree) { return func(at tree) { at.remove(name) } }
func chmodTo(name string, mode os.FileMode) func(at tree) {
	return func(at tree) { at.chmod(name, mode) }
}
func both(fs ...func(at tree)) func(at tree) {
	return func(at tree) {
		for _, f := range fs {
			f(at)
		}
	}
}

// sneak edits a file without moving its size or its mtime.
func sneak(name string) func(at tree) {
	return func(at tree) {
		info, err := os.Stat(at.path(name))
		at.must(err)
		f, err := os.OpenFile(at.path(name), os.O_WRONLY, 0)
		at.must(err)
		f.WriteString("OLD")
		f.Close()
		at.must(os.Chtimes(at.path(name), info.ModTime(), info.ModTime()))
	}
}

var conflictCases = []planCase{
	{name: "edit, untouched", agent: edit("f"), want: []string{"modify f"}},
	{name: "edit, touched", agent: edit("f"), user: func(at tree) { at.must(os.Chtimes(at.path("f"), time.Now(), time.Now())) }, want: []string{"modify f"}},
	{name: "edit, checked out again", agent: edit("f"), user: func(at tree) { at.remove("f"); at.file("f", "old f", 0o644) }, want: []string{"modify f"}},
	{name: "edit, edit", agent: edit("f"), user: func(at tree) { at.file("f", "mine!", 0o644) }, want: []string{"edit/edit f"}},
	{name: "edit, same edit", agent: edit("f"), user: edit("f"), want: []string{"same f"}},
	{name: "edit, sneaky edit", agent: edit("f"), user: sneak("f"), want: []string{"edit/edit f"}},
	{name: "edit, chmod", agent: edit("f"), user: chmodTo("f", 0o600), want: []string{"edit/edit f"}},
	{name: "edit, delete", agent: edit("f"), user: remove("f"), want: []string{"delete/edit f"}},
	{name: "edit, link", agent: edit("f"), user: func(at tree) { at.remove("f"); at.link("f", "w") }, want: []string{"type f"}},
	{name: "delete, edit", agent: remove("f"), user: edit("f"), want: []string{"edit/delete f"}},
	{name: "delete, sneaky edit", agent: remove("f"), user: sneak("f"), want: []string{"edit/delete f"}},
	{name: "delete, delete", agent: remove("f"), user: remove("f"), want: []string{"same f"}},
	{name: "delete, directory", agent: remove("f"), user: func(at tree) { at.remove("f"); at.dirs("f") }, want: []string{"type f"}},
	{name: "add, add", agent: edit("n"), user: func(at tree) { at.file("n", "mine", 0o644) }, want: []string{"add/add n"}},
	{name: "add, same add", agent: edit("n"), user: edit("n"), want: []string{"same n"}},
	{name: "add, same add with another mode", agent: edit("n"), user: func(at tree) { at.file("n", "edited", 0o755) }, want: []string{"add/add n"}},
	{name: "add below, add file", agent: edit("n/x"), user: edit("n"), want: []string{"add/add n", "parent n/x"}},
	{name: "add below, same directory", agent: edit("n/x"), user: func(at tree) { at.dirs("n") }, want: []string{"add n/x", "same n"}},
	{name: "add below, directory gone", agent: edit("d/n"), user: remove("d"), want: []string{"parent d/n"}},
	{name: "add below, directory a link", agent: edit("d/n"), user: func(at tree) { at.remove("d"); at.link("d", "empty") }, want: []string{"parent d/n"}},
	{name: "edit below, directory a link", agent: edit("d/a"), user: func(at tree) {
		at.must(os.Rename(at.path("d"), at.path("real")))
		at.link("d", "real")
	}, want: []string{"parent d/a"}},
	{name: "delete below, directory a link", agent: remove("d/a"), user: func(at tree) {
		at.must(os.Rename(at.path("d"), at.path("real")))
		at.link("d", "real")
	}, want: []string{"parent d/a"}},
	{name: "edit below, directory a file", agent: edit("d/a"), user: func(at tree) { at.remove("d"); edit("d")(at) }, want: []string{"delete/edit d/a"}},
	{name: "chmod, chmod", agent: chmodTo("f", 0o755), user: chmodTo("f", 0o600), want: []string{"mode/mode f"}},
	{name: "chmod, same chmod", agent: chmodTo("f", 0o755), user: chmodTo("f", 0o755), want: []string{"same f"}},
	{name: "chmod, edit", agent: chmodTo("f", 0o755), user: edit("f"), want: []string{"edit/edit f"}},
	{name: "chmod directory, add in it", agent: chmodTo("d", 0o700), user: edit("d/n"), want: []string{"modify d"}},
	{name: "chmod directory, chmod", agent: chmodTo("d", 0o700), user: chmodTo("d", 0o750), want: []string{"mode/mode d"}},
	{name: "relink, relink", agent: func(at tree) { at.remove("l"); at.link("l", "w") }, user: func(at tree) { at.remove("l"); at.link("l", "d") }, want: []string{"edit/edit l"}},
	{name: "relink, same relink", agent: func(at tree) { at.remove("l"); at.link("l", "w") }, user: func(at tree) { at.remove("l"); at.link("l", "w") }, want: []string{"same l"}},
	{name: "delete tree", agent: remove("d"), want: []string{"delete d", "delete d/a", "delete d/b", "delete d/sub", "delete d/sub/c"}},
	{name: "delete tree, edit in it", agent: remove("d"), user: edit("d/sub/c"),
		want: []string{"delete d/a", "delete d/b", "edit/delete d/sub/c", "inside d", "inside d/sub"}},
	{name: "delete tree, add in it", agent: remove("d"), user: edit("d/sub/mine"),
		want: []string{"add/delete d/sub/mine", "delete d/a", "delete d/b", "delete d/sub/c", "inside d", "inside d/sub"}},
	{name: "delete tree, some of it gone", agent: remove("d"), user: remove("d/sub"),
		want: []string{"delete d", "delete d/a", "delete d/b", "same d/sub", "same d/sub/c"}},
	{name: "delete tree, part accepted", agent: remove("d"), paths: []workspace.Path{"d/a"}, want: []string{"delete d/a"}},
	{name: "delete tree around hidden", agent: remove("conf"), want: []string{"delete conf/deep", "delete conf/deep/y", "delete conf/x", "kept conf"}},
	{name: "replace tree by file", agent: both(remove("d"), edit("d")), want: []string{"delete d/a", "delete d/b", "delete d/sub", "delete d/sub/c", "modify d"}},
	{name: "replace tree by file, add in it", agent: both(remove("d"), edit("d")), user: edit("d/mine"),
		want: []string{"add/delete d/mine", "inside d", "parent d/a", "parent d/b", "parent d/sub", "parent d/sub/c"}},
	{name: "replace tree around hidden", agent: both(remove("conf"), edit("conf")),
		want: []string{"collision conf", "parent conf/deep", "parent conf/deep/y", "parent conf/x"}},
	{name: "replace file by tree", agent: both(remove("f"), edit("f/x")), want: []string{"add f/x", "modify f"}},
	{name: "replace file by tree, edit", agent: both(remove("f"), edit("f/x")), user: edit("f"), want: []string{"edit/edit f", "parent f/x"}},
	{name: "replace link by tree", agent: both(remove("l"), edit("l/x")), want: []string{"add l/x", "modify l"}},
	{name: "add over hidden", agent: edit("conf/.env"), want: []string{"collision conf/.env"}},
	{name: "unrelated edits", agent: edit("f"), user: edit("w"), want: []string{"modify f"}},
}

func TestNewPlanConflicts(t *testing.T) {
	for _, c := range conflictCases {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, []string{"conf/.env"}, small, c.agent)
			if c.user != nil {
				c.user(tree{t, b.project})
			}
			b.checkPlan(t, c)
		})
	}
}

func (b *bench) checkPlan(t *testing.T, c planCase) {
	t.Helper()
	set := b.set(t).Select(c.paths)
	plan, err := NewPlan(context.Background(), b.root, b.base, set, PlanOptions{})
	if err != nil {
		t.Fatal(err)
	}
	// A user's file that has the type of a replaced one is reported by the type that it was.
	if d := cmp.Diff(c.want, fates(plan)); d != "" {
		t.Errorf("(-want +got)\n%s\n%v", d, plan.Conflicts)
	}
	again, err := NewPlan(context.Background(), b.root, b.base, set, PlanOptions{})
	if err != nil || again.Digest != plan.Digest {
		t.Errorf("a second look has the digest %s, %v, want %s", again.Digest, err, plan.Digest)
	}
	b.checkStrict(t, plan)
	b.checkSkip(t, plan)
}

// checkStrict: with a conflict, nothing is written.
func (b *bench) checkStrict(t *testing.T, plan *Plan) {
	t.Helper()
	if len(plan.Conflicts) == 0 {
		return
	}
	before := snapshot(t, b.project, true)
	if _, err := Apply(context.Background(), b.root, b.content, plan, b.journal(9), Options{}); err == nil {
		t.Error("Apply of a plan with conflicts: no error")
	}
	if d := diffSnapshots(before, snapshot(t, b.project, true)); d != "" {
		t.Errorf("something was written:\n%s", d)
	}
}

// checkSkip: without what conflicts the rest lands, and undo brings back what was.
func (b *bench) checkSkip(t *testing.T, plan *Plan) {
	t.Helper()
	before := snapshot(t, b.project, true)
	r, err := Apply(context.Background(), b.root, b.content, plan, b.journal(1), Options{Conflict: Skip})
	if err != nil {
		t.Fatalf("Apply with skip: %v", err)
	}
	if len(r.Landed) != len(plan.Ops) || len(r.Skipped) != len(plan.Conflicts) {
		t.Errorf("landed %d of %d, skipped %d of %d", len(r.Landed), len(plan.Ops), len(r.Skipped), len(plan.Conflicts))
	}
	if len(plan.Ops) == 0 {
		return
	}
	if _, err := b.undo(Options{}); err != nil {
		t.Fatalf("Undo: %v", err)
	}
	if d := diffSnapshots(before, snapshot(t, b.project, true)); d != "" {
		t.Errorf("after undo (-want +got):\n%s", d)
	}
}

func bare(dir string, marks ...string) func(at tree) {
	return func(at tree) {
		for _, mark := range marks {
			at.file(dir+"/"+mark, "mark", 0o644)
		}
	}
}

var refusedCases = []planCase{
	{name: "git", agent: both(edit(".git/config"), edit("f")), want: []string{"modify f", "refused .git", "refused .git/config"}},
	{name: "git below", agent: edit("d/.git"), want: []string{"refused d/.git"}},
	{name: "git by other names", agent: both(edit(".GIT/x"), edit("d/.git. ."), edit("GIT~1"), edit("d/.g\u200cit"), edit(".git:stream")),
		want: []string{"refused .GIT", "refused .GIT/x", "refused .git:stream", "refused GIT~1", "refused d/.git. .", "refused d/.g\u200cit"}},
	{name: "others", agent: both(edit(".hg/hgrc"), edit("d/.svn"), edit(".jj"), edit(".bzr"), edit(".gitignore"), edit(".github/x")),
		want: []string{"add .github", "add .github/x", "add .gitignore", "refused .bzr", "refused .hg", "refused .hg/hgrc", "refused .jj", "refused d/.svn"}},
	{name: "bare repository", agent: both(bare("d", "HEAD", "objects/x", "refs/y", "config", "hooks/h"), edit("d/a")),
		want: []string{"modify d/a", "refused d/HEAD", "refused d/config", "refused d/hooks", "refused d/hooks/h", "refused d/objects", "refused d/objects/x", "refused d/refs", "refused d/refs/y"}},
	{name: "bare repository by commondir", agent: bare("d", "HEAD", "commondir"), want: []string{"refused d/HEAD", "refused d/commondir"}},
	{name: "bare repository half there", agent: bare("d", "HEAD"), user: bare("d", "objects/x", "refs/y"), want: []string{"refused d/HEAD"}},
	{name: "half a bare repository", agent: bare("d", "HEAD", "refs/y"), want: []string{"add d/HEAD", "add d/refs", "add d/refs/y"}},
	{name: "setuid", agent: both(chmodTo("f", 0o755|os.ModeSetuid), chmodTo("d/a", 0o755|os.ModeSetgid)), want: []string{"refused d/a", "refused f"}},
	{name: "setgid directory", agent: chmodTo("d", 0o755|os.ModeSetgid), want: []string{"refused d"}},
	{name: "sticky directory", agent: chmodTo("d", 0o755|os.ModeSticky), want: []string{"modify d"}},
	{name: "fifo", agent: func(at tree) { at.must(syscall.Mkfifo(at.path("p"), 0o644)) }, want: []string{"refused p"}},
	{name: "fifo for a file", agent: func(at tree) { at.remove("f"); at.must(syscall.Mkfifo(at.path("f"), 0o644)) }, want: []string{"refused f"}},
	{name: "fifo for a directory", agent: func(at tree) { at.remove("d"); at.must(syscall.Mkfifo(at.path("d"), 0o644)) },
		want: []string{"parent d/a", "parent d/b", "parent d/sub", "parent d/sub/c", "refused d"}},
}

func TestNewPlanRefused(t *testing.T) {
	for _, c := range refusedCases {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, nil, small, c.agent)
			if c.user != nil {
				c.user(tree{t, b.project})
			}
			b.checkPlan(t, c)
		})
	}
}

// TestNewPlanKeepsRepositories: what is version control's own stays, and so does the directory around it.
func TestNewPlanKeepsRepositories(t *testing.T) {
	b := newBench(t, nil, func(at tree) {
		at.file("vendor/x", "x", 0o644)
		at.file("vendor/.git/HEAD", "x", 0o644)
	}, remove("vendor"))
	b.checkPlan(t, planCase{want: []string{"delete vendor/x", "kept vendor", "refused vendor/.git", "refused vendor/.git/HEAD"}})
}

func TestNewPlanUndoesRepositories(t *testing.T) {
	b := newBench(t, nil, bare("fixture", "HEAD", "objects/x", "refs/y"), remove("fixture"))
	b.checkPlan(t, planCase{want: []string{"delete fixture", "delete fixture/HEAD", "delete fixture/objects", "delete fixture/objects/x", "delete fixture/refs", "delete fixture/refs/y"}})
}

// TestNewPlanNeedsTheDirectory: without the change that makes its directory, a file cannot land.
func TestNewPlanNeedsTheDirectory(t *testing.T) {
	b := newBench(t, nil, small, edit("n/x"))
	set := b.set(t).Without(func(c change.Change) bool { return c.Path == "n" })
	plan, err := NewPlan(context.Background(), b.root, b.base, set, PlanOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"parent n/x"}, fates(plan)); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

func TestNewPlanChecksTheSet(t *testing.T) {
	b := newBench(t, nil, small, nil)
	side := change.Side{Type: workspace.File, Mode: 0o644, Hash: workspace.Hash{1}}
	other := change.SideOf(*b.base.Find("f"))
	other.Size++
	for name, set := range map[string][]change.Change{
		"outside":      {{Path: "../x", Kind: change.Add, New: side}},
		"absolute":     {{Path: "/x", Kind: change.Add, New: side}},
		"unordered":    {{Path: "z", Kind: change.Add, New: side}, {Path: "a", Kind: change.Add, New: side}},
		"twice":        {{Path: "z", Kind: change.Add, New: side}, {Path: "z", Kind: change.Add, New: side}},
		"other base":   {{Path: "f", Kind: change.Modify, Old: other, New: side}},
		"add of known": {{Path: "f", Kind: change.Add, New: side}},
		"wrong kind":   {{Path: "z", Kind: change.Delete, New: side}},
		"no change":    {{Path: "z", Kind: change.Modify}},
	} {
		if _, err := NewPlan(context.Background(), b.root, b.base, &change.Set{Changes: set}, PlanOptions{}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestDigest: it changes with what would land, and with nothing else.
func TestDigest(t *testing.T) {
	b := newBench(t, nil, small, edit("f"))
	first := b.plan(t).Digest
	tree{t, b.project}.file("w", "unrelated", 0o600)
	if got := b.plan(t).Digest; got != first {
		t.Error("an unrelated edit changed the digest")
	}
	tree{t, b.agent}.file("f", "editeD", 0o644)
	second := b.plan(t).Digest
	tree{t, b.project}.file("f", "mine", 0o644)
	third := b.plan(t).Digest
	if first == second || second == third || len(first) != 64 || strings.ToLower(first) != first {
		t.Errorf("digests %s, %s, %s, want three", first, second, third)
	}
}
