package apply

import (
	"os"
	"strings"
	"syscall"
	"testing"
)

// TestRecoverKeepsBackups: where the user changed a path between the crash and the recovery, what stood there before
// the apply is kept and named.
func TestRecoverKeepsBackups(t *testing.T) {
	for _, name := range []string{"one file system", "two file systems"} {
		t.Run(name, func(t *testing.T) {
			kept := 0
			for n := 1; ; n++ {
				b := newBench(t, nil, few, fewDone)
				if name == "two file systems" {
					b.journals = secondFileSystem(t, b)
				}
				at := tree{t, b.project}
				if err := b.do("apply", b.set(t), deadFrom(n, errDead)); err == nil {
					break
				}
				changed := reads(at, "dir/edited", "new")
				at.file("dir/edited", "mine", 0o644)
				r, err := Recover(t.Context(), b.root, b.journal(1))
				if err != nil {
					t.Fatalf("call %d: %v", n, err)
				}
				b.checkBackups(t, r)
				if r.Status == Applied || !changed {
					continue
				}
				kept++
				if len(r.Left) != 1 || !reads(tree{t, ""}, strings.TrimPrefix(r.Left[0].Backup, "/"), "old") {
					t.Fatalf("call %d: %+v, want the old content of dir/edited kept", n, r)
				}
			}
			if kept == 0 {
				t.Error("never a backup")
			}
		})
	}
}

func TestApplyLargeFiles(t *testing.T) {
	large := strings.Repeat("0123456789abcdef", 100<<10)
	b := newBench(t, nil, func(at tree) { at.file("f", large, 0o644) }, func(at tree) { at.file("f", large+"new", 0o644); at.file("g", large, 0o600) })
	before := snapshot(t, b.project, true)
	if _, err := b.apply(t, Options{}); err != nil {
		t.Fatal(err)
	}
	if d := diffSnapshots(b.wanted(t), snapshot(t, b.project, false)); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	if _, err := b.undo(Options{}); err != nil {
		t.Fatal(err)
	}
	if d := diffSnapshots(before, snapshot(t, b.project, true)); d != "" {
		t.Errorf("after undo (-want +got)\n%s", d)
	}
}

// TestSpecialAcrossFileSystems: a FIFO comes back, with its mode, from the other file system.
func TestSpecialAcrossFileSystems(t *testing.T) {
	b := newBench(t, nil, func(at tree) {
		at.must(syscall.Mkfifo(at.path("old"), 0o600))
		at.chmod("old", 0o666)
	}, nil)
	b.journals = secondFileSystem(t, b)
	before := snapshot(t, b.project, false)
	if _, err := b.apply(t, Options{}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Lstat(b.project + "/old"); err == nil {
		t.Error("the FIFO is still there")
	}
	if _, err := b.undo(Options{}); err != nil {
		t.Fatal(err)
	}
	if d := diffSnapshots(before, snapshot(t, b.project, false)); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}
