package apply

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"cofferdam/internal/need"
	"cofferdam/workspace"
)

func TestApplyUndo(t *testing.T) {
	b := newEverything(t)
	before := snapshot(t, b.project, true)
	r, err := b.apply(t, Options{})
	if err != nil {
		t.Fatalf("Apply: %v", err)
	}
	if d := diffSnapshots(b.wanted(t, "conf/.env"), snapshot(t, b.project, false)); d != "" {
		t.Errorf("after apply (-want +got):\n%s", d)
	}
	wantKept := []Kept{{"conf", "it holds files that are hidden from the view"}}
	if d := cmp.Diff(wantKept, r.Kept); d != "" {
		t.Errorf("kept: %s", d)
	}
	wantNotes := []Note{
		{"hm1", "was one of 2 hard links; the other names keep the old content"},
		{"linkA", "was one of 2 hard links; the other names keep the old content"},
	}
	if d := cmp.Diff(wantNotes, r.Notes); d != "" {
		t.Errorf("notes: %s", d)
	}
	b.checkLanded(t, r)

	if _, err := b.undo(Options{}); err != nil {
		t.Fatalf("Undo: %v", err)
	}
	if d := diffSnapshots(before, snapshot(t, b.project, true)); d != "" {
		t.Errorf("after undo (-want +got):\n%s", d)
	}
	if landed, err := Landed(b.journal(1)); err != nil || len(landed) != 0 {
		t.Errorf("Landed after undo = %v, %v, want none", landed, err)
	}
	if _, err := b.undo(Options{}); !errors.Is(err, ErrNothing) {
		t.Errorf("second Undo = %v, want %v", err, ErrNothing)
	}
	if names, _ := os.ReadDir(b.journal(1) + "/slots"); len(names) > 0 {
		t.Errorf("%d slots are left after undo", len(names))
	}
}

// checkLanded holds the journal's fingerprints against what is in the project.
func (b *bench) checkLanded(t *testing.T, r *Result) {
	t.Helper()
	landed, err := Landed(b.journal(1))
	if err != nil {
		t.Fatal(err)
	}
	if len(landed) != len(r.Landed) {
		t.Errorf("Landed names %d paths, the result %d", len(landed), len(r.Landed))
	}
	for path, l := range landed {
		now, err := b.root.Lookup(path)
		if (err == nil) != (l.New.Type != workspace.None) {
			t.Errorf("%q landed as %v: %v", path, l.New, err)
		}
		if err == nil && !now.Unchanged(l.Now.Stat) && now.Type != workspace.Dir {
			t.Errorf("%q: fingerprint %+v, want %+v", path, l.Now.Stat, now.Stat)
		}
	}
	if status, _ := StatusOf(b.journal(1)); status != Applied {
		t.Errorf("status = %v, want %v", status, Applied)
	}
}

func TestApplyAcrossFileSystems(t *testing.T) {
	b := newEverything(t)
	b.journals = secondFileSystem(t, b)
	before := snapshot(t, b.project, false)
	if _, err := b.apply(t, Options{}); err != nil {
		t.Fatalf("Apply: %v", err)
	}
	if d := diffSnapshots(b.wanted(t, "conf/.env"), snapshot(t, b.project, false)); d != "" {
		t.Errorf("after apply (-want +got):\n%s", d)
	}
	if _, err := b.undo(Options{}); err != nil {
		t.Fatalf("Undo: %v", err)
	}
	if d := diffSnapshots(before, snapshot(t, b.project, false)); d != "" {
		t.Errorf("after undo (-want +got):\n%s", d)
	}
}

func TestApplyRefusesChangedContent(t *testing.T) {
	b := newEverything(t)
	before := snapshot(t, b.project, true)
	plan := b.plan(t)
	tree{t, b.agent}.file("new.txt", "not reviewed", 0o644)
	_, err := Apply(context.Background(), b.root, b.content, plan, b.journal(1), Options{})
	if !errors.Is(err, errChanged) {
		t.Errorf("Apply = %v, want %v", err, errChanged)
	}
	if d := diffSnapshots(before, snapshot(t, b.project, true)); d != "" {
		t.Errorf("something was written:\n%s", d)
	}
	if names, _ := filepath.Glob(b.journal(1) + "/slots/*"); len(names) > 0 {
		t.Errorf("slots are left: %q", names)
	}
}

func TestApplyCancelled(t *testing.T) {
	b := newEverything(t)
	before := snapshot(t, b.project, true)
	ctx, cancel := context.WithCancel(context.Background())
	renames := 0
	_, err := Apply(ctx, b.root, b.content, b.plan(t), b.journal(1), Options{before: func(call string) error {
		if call == "rename" {
			if renames++; renames == 10 {
				cancel()
			}
		}
		return nil
	}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Apply = %v, want %v", err, context.Canceled)
	}
	if d := diffSnapshots(before, snapshot(t, b.project, true)); d != "" {
		t.Errorf("not as before:\n%s", d)
	}
}

func TestApplyBusy(t *testing.T) {
	b := newEverything(t)
	unlock, err := lockRoot(b.root)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.apply(t, Options{}); !errors.Is(err, ErrBusy) {
		t.Errorf("Apply = %v, want %v", err, ErrBusy)
	}
	unlock()
	if _, err := b.apply(t, Options{}); err != nil {
		t.Errorf("Apply = %v", err)
	}
	if _, err := Apply(context.Background(), b.root, b.content, b.plan(t), b.journal(1), Options{}); err != nil {
		t.Errorf("Apply of a plan with nothing left to do = %v", err)
	}
}

func TestApplyInParts(t *testing.T) {
	b := newEverything(t)
	before := snapshot(t, b.project, true)
	whole := b.set(t)
	part := whole.Select([]workspace.Path{"old", "new", "f2d", "ro"})
	parts := [][]workspace.Path{{"old", "new", "f2d", "ro"}, nil}
	for i, paths := range parts {
		set := part
		if paths == nil {
			set = whole
		}
		plan, err := NewPlan(context.Background(), b.root, b.base, set, PlanOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Apply(context.Background(), b.root, b.content, plan, b.journal(i+1), Options{}); err != nil {
			t.Fatalf("part %d: %v", i+1, err)
		}
	}
	if d := diffSnapshots(b.wanted(t, "conf/.env"), snapshot(t, b.project, false)); d != "" {
		t.Errorf("after apply (-want +got):\n%s", d)
	}
	for i := len(parts); i > 0; i-- {
		if _, err := Undo(context.Background(), b.root, b.journal(i), Options{}); err != nil {
			t.Fatalf("undo part %d: %v", i, err)
		}
	}
	if d := diffSnapshots(before, snapshot(t, b.project, true)); d != "" {
		t.Errorf("after undo (-want +got):\n%s", d)
	}
}

// TestApplyMounts: what lies on another mount is a conflict, and nothing is written there.
func TestApplyMounts(t *testing.T) {
	need.Root(t)
	b := newBench(t, nil, small, both(edit("d/a"), edit("f"), edit("w")))
	at := tree{t, b.project}
	over := tree{t, tempDir(t)}
	over.file("a", "old d/a", 0o644)
	over.file("f", "old f", 0o644)
	for from, to := range map[string]string{over.dir: "d", over.path("f"): "f"} {
		need.Nil(t, "mount", unix.Mount(from, at.path(to), "", unix.MS_BIND, ""))
		t.Cleanup(func() { unix.Unmount(at.path(to), unix.MNT_DETACH) })
	}
	plan := b.plan(t)
	want := []string{"modify w", "mount d/a", "mount f"}
	if d := cmp.Diff(want, fates(plan)); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	if _, err := Apply(context.Background(), b.root, b.content, plan, b.journal(1), Options{Conflict: Skip}); err != nil {
		t.Fatal(err)
	}
	if !reads(over, "a", "old d/a") || !reads(over, "f", "old f") {
		t.Error("something was written on the other mount")
	}
}

// TestApplyMountedMeanwhile: a mount that comes between plan and apply is a conflict as well.
func TestApplyMountedMeanwhile(t *testing.T) {
	need.Root(t)
	b := newBench(t, nil, small, both(edit("d/a"), edit("w")))
	plan := b.plan(t)
	before := snapshot(t, b.project, true)
	need.Nil(t, "mount", unix.Mount(tempDir(t), b.project+"/d", "", unix.MS_BIND, ""))
	_, err := Apply(context.Background(), b.root, b.content, plan, b.journal(1), Options{})
	unix.Unmount(b.project+"/d", unix.MNT_DETACH)
	var conflict *ConflictError
	if !errors.As(err, &conflict) {
		t.Errorf("Apply = %v, want a conflict", err)
	}
	if d := diffSnapshots(before, snapshot(t, b.project, true)); d != "" {
		t.Errorf("something was written:\n%s", d)
	}
}

// TestApplyReadOnlyTop: the directory of the workspace itself may be without write permission.
func TestApplyReadOnlyTop(t *testing.T) {
	b := newBench(t, nil, small, both(edit("f"), edit("new"), remove("w")))
	tree{t, b.project}.chmod(".", 0o555)
	before := snapshot(t, b.project, true)
	if _, err := b.apply(t, Options{}); err != nil {
		t.Fatal(err)
	}
	if !reads(tree{t, b.project}, "new", "edited") {
		t.Error("new did not land")
	}
	if _, err := b.undo(Options{}); err != nil {
		t.Fatal(err)
	}
	if d := diffSnapshots(before, snapshot(t, b.project, true)); d != "" {
		t.Errorf("after undo (-want +got):\n%s", d)
	}
}
