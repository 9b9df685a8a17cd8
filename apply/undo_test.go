package apply

import (
	"errors"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// undoCases: the agent edits f, adds n/x, deletes d; then the user acts.
var undoCases = []struct {
	name string
	user func(at tree)
	want []string // conflicts
}{
	{name: "nothing"},
	{name: "touch", user: func(at tree) { at.must(os.Chtimes(at.path("f"), time.Now(), time.Now())) }},
	{name: "edit what was edited", user: edit("f"), want: []string{"edit/edit f"}},
	{name: "edit it sneakily", user: sneak("f"), want: []string{"edit/edit f"}},
	{name: "chmod it", user: chmodTo("f", 0o600), want: []string{"edit/edit f"}},
	{name: "delete it", user: remove("f"), want: []string{"delete/edit f"}},
	{name: "put it back by hand", user: func(at tree) { at.file("f", "old f", 0o644) }},
	{name: "edit what was added", user: func(at tree) { at.file("n/x", "mine", 0o644) }, want: []string{"edit/delete n/x", "inside n"}},
	{name: "add beside what was added", user: edit("n/mine"), want: []string{"add/delete n/mine", "inside n"}},
	{name: "delete what was added", user: remove("n")},
	{name: "add where it was deleted", user: edit("d"), want: []string{"add/add d", "parent d/a", "parent d/b", "parent d/sub", "parent d/sub/c"}},
	{name: "add below where it was deleted", user: edit("d/a"), want: []string{"add/add d/a"}},
	{name: "write into a backup", user: nil, want: []string{"backup f"}},
}

func TestUndoConflicts(t *testing.T) {
	for _, c := range undoCases {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, nil, small, both(func(at tree) { at.file("f", "new f!", 0o644) }, edit("n/x"), remove("d")))
			f, err := os.OpenFile(b.project+"/f", os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if _, err := b.apply(t, Options{}); err != nil {
				t.Fatal(err)
			}
			if c.name == "write into a backup" {
				f.WriteString("late")
			}
			if c.user != nil {
				c.user(tree{t, b.project})
			}
			b.checkUndo(t, c.want)
		})
	}
}

func (b *bench) checkUndo(t *testing.T, want []string) {
	t.Helper()
	before := snapshot(t, b.project, true)
	_, err := b.undo(Options{})
	var conflict *ConflictError
	if errors.As(err, &conflict) {
		if d := cmp.Diff(want, fates(&Plan{Conflicts: conflict.Conflicts})); d != "" {
			t.Errorf("conflicts (-want +got):\n%s", d)
		}
		if d := diffSnapshots(before, snapshot(t, b.project, true)); d != "" {
			t.Errorf("something was written:\n%s", d)
		}
		r, err := b.undo(Options{Conflict: Skip})
		if err != nil {
			t.Fatalf("Undo with skip: %v", err)
		}
		if len(r.Skipped) != len(want) {
			t.Errorf("skipped %v, want %v", r.Skipped, want)
		}
		if status, _ := StatusOf(b.journal(1)); status != Applied {
			t.Errorf("status after a partial undo = %v, want %v", status, Applied)
		}
		return
	}
	if err != nil || want != nil {
		t.Errorf("Undo = %v, want conflicts %v", err, want)
	}
}

// TestUndoInParts undoes what can be, and the rest when the user has taken his edit away.
func TestUndoInParts(t *testing.T) {
	b := newEverything(t)
	before := snapshot(t, b.project, false)
	if _, err := b.apply(t, Options{}); err != nil {
		t.Fatal(err)
	}
	at := tree{t, b.project}
	at.file("new/deep/n.txt", "mine", 0o644)
	at.file("edit.txt", "mine", 0o644)
	r, err := b.undo(Options{Conflict: Skip})
	if err != nil || len(r.Skipped) != 4 {
		t.Fatalf("Undo = %+v, %v, want edit.txt, new, new/deep and new/deep/n.txt skipped", r, err)
	}
	at.file("new/deep/n.txt", "new", 0o644)
	at.file("edit.txt", "new content", 0o644)
	if _, err := b.undo(Options{}); err != nil {
		t.Fatal(err)
	}
	if d := diffSnapshots(before, snapshot(t, b.project, false)); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

// TestUndoSpecial: a FIFO that the agent deleted, as the copy of the view has none, comes back.
func TestUndoSpecial(t *testing.T) {
	b := newBench(t, nil, func(at tree) { at.must(syscall.Mkfifo(at.path("old"), 0o640)) }, nil)
	b.checkPlan(t, planCase{want: []string{"delete old"}})
}

func TestDamagedJournal(t *testing.T) {
	for _, file := range []string{"1.journal", "1.commit"} {
		for _, text := range []string{"", "{", "null", `{"Version":2}`, `{"Version":1,"Tasks":[{"Slot":-1,"Action":9,"Path":"\"../x\""}]}`,
			`{"Version":1,"Tasks":[{"Slot":0,"Action":1,"Path":"\"../x\"","Kind":"add","New":{"Type":1}}],"Landed":[{},{}]}`} {
			b := newBench(t, nil, small, edit("f"))
			if _, err := b.apply(t, Options{}); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(b.journal(1)+"/"+file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			before := snapshot(t, b.project, true)
			if _, err := b.undo(Options{}); err == nil {
				t.Errorf("%s %q: Undo: no error", file, text)
			}
			if _, err := Recover(t.Context(), b.root, b.journal(1)); err == nil {
				t.Errorf("%s %q: Recover: no error", file, text)
			}
			if d := diffSnapshots(before, snapshot(t, b.project, true)); d != "" {
				t.Errorf("%s %q: something was written:\n%s", file, text, d)
			}
		}
	}
}

func TestRecoverNothing(t *testing.T) {
	b := newBench(t, nil, small, nil)
	r, err := Recover(t.Context(), b.root, b.journal(1))
	if err != nil || r.Status != Empty || r.RolledBack {
		t.Errorf("Recover = %+v, %v, want empty", r, err)
	}
}
