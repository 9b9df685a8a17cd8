package stage

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWriteCopy(t *testing.T) {
	b := newOddTestbed(t)
	want := snapshot(t, b.project)
	for _, name := range wantHidden {
		delete(want, name)
	}
	report := b.scan(t)
	for _, name := range []string{"fresh", "empty"} {
		dest := filepath.Join(b.dir, name)
		if name == "empty" {
			subdir(t, b.dir, name)
		}
		view, err := b.plan(t, Overlay, report).WriteCopy(context.Background(), b.root, b.set, report, dest)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, snapshot(t, dest)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if view.Copy != dest || view.Kind != Copy {
			t.Errorf("%s: view = %s of %s", name, view.Kind, view.Copy)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(b.dir, "*tmp*")); len(left) > 0 {
		t.Errorf("%v are left", left)
	}
}

func TestWriteCopyRefuses(t *testing.T) {
	b := newTestbed(t, "a: a", "empty", "d", "d/x: x")
	put(t, b.dir, "file: x", "full", "full/x: x", "void", "link -> void", "in -> project/d")
	report := b.scan(t)
	for dest, want := range map[string]string{
		"file":              "not a directory",
		"full":              "not empty",
		"link":              "not a directory",
		"none/at/all":       "no such file",
		"project":           "not empty",
		"project/new":       "lies in the workspace",
		"project/empty":     "lies in the workspace",
		"in/new":            "lies in the workspace",
		".":                 "not empty",
		"void/../project/z": "lies in the workspace",
	} {
		before := snapshot(t, b.dir)
		_, err := b.plan(t, Copy, report).WriteCopy(context.Background(), b.root, b.set, report, filepath.Join(b.dir)+"/"+dest)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("WriteCopy to %s = %v, want %q", dest, err, want)
		}
		if diff := cmp.Diff(before, snapshot(t, b.dir)); diff != "" {
			t.Errorf("WriteCopy to %s left (-before +after):\n%s", dest, diff)
		}
	}
	plan, err := NewPlan(report, Options{Git: GitHost, Set: b.set})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := plan.WriteCopy(context.Background(), b.root, b.set, report, filepath.Join(b.dir, "x")); err == nil {
		t.Error("WriteCopy with the host's .git = nil, want an error")
	}
}

// A copy that fails half-way leaves nothing.
func TestWriteCopyLeavesNothingHalfMade(t *testing.T) {
	b := newTestbed(t, "a: a", "d", "d/b: b")
	report := b.scan(t)
	plan := b.plan(t, Copy, report)
	if err := os.RemoveAll(filepath.Join(b.project)); err != nil {
		t.Fatal(err)
	}
	dest := filepath.Join(b.dir, "out")
	view, err := plan.WriteCopy(context.Background(), b.root, b.set, report, dest)
	if err == nil && len(view.Manifest.Visible) > 1 {
		t.Errorf("WriteCopy of a workspace that is gone = nil, and shows %v", view.Manifest.Visible)
	}
	if left, _ := filepath.Glob(dest + ".tmp*"); len(left) > 0 {
		t.Errorf("%v are left", left)
	}
}
