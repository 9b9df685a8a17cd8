package linediff

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// check fails unless edits are in order, apart, not empty, and make now out of old.
func check(t *testing.T, edits []Edit, old, now Text) {
	t.Helper()
	var made []byte
	at, line := 0, 0
	for i, e := range edits {
		if e.Old.Len() < 0 || e.New.Len() < 0 || e.Old.Len()+e.New.Len() == 0 {
			t.Fatalf("edit %d is %v", i, e)
		}
		if e.Old.Start < at || i > 0 && e.Old.Start == at {
			t.Fatalf("edit %d, %v, does not follow line %d", i, e, at)
		}
		made = append(made, old.Lines(Range{at, e.Old.Start})...)
		line += e.Old.Start - at
		if line != e.New.Start {
			t.Fatalf("edit %d, %v, begins at new line %d, want %d", i, e, e.New.Start, line)
		}
		made = append(made, now.Lines(e.New)...)
		at, line = e.Old.End, e.New.End
	}
	made = append(made, old.Lines(Range{at, old.Len()})...)
	if !bytes.Equal(made, now.data) {
		t.Fatalf("edits make\n%.300q\nwant\n%.300q", made, now.data)
	}
}

func count(edits []Edit) (deleted, added int) {
	for _, e := range edits {
		deleted += e.Old.Len()
		added += e.New.Len()
	}
	return deleted, added
}

func TestDiff(t *testing.T) {
	function := "func A() {\n\ta\n}\n\nfunc C() {\n\tc\n}\n"
	for _, tt := range []struct {
		name, old, now string
		want           []Edit
	}{
		{"both empty", "", "", nil},
		{"equal", "a\nb\n", "a\nb\n", nil},
		{"from nothing", "", "a\nb\n", []Edit{{Range{0, 0}, Range{0, 2}}}},
		{"to nothing", "a\nb\n", "", []Edit{{Range{0, 2}, Range{0, 0}}}},
		{"one line", "a\nb\nc\n", "a\nx\nc\n", []Edit{{Range{1, 2}, Range{1, 2}}}},
		{"final line feed", "a\nb", "a\nb\n", []Edit{{Range{1, 2}, Range{1, 2}}}},
		{"ends", "a\nb\nc\n", "x\nb\ny\n", []Edit{{Range{0, 1}, Range{0, 1}}, {Range{2, 3}, Range{2, 3}}}},
		{"repeated line goes last", "a\na\na\n", "a\na\na\na\n", []Edit{{Range{3, 3}, Range{3, 4}}}},
		{
			"whole function", function, strings.Replace(function, "func C", "func B() {\n\tb\n}\n\nfunc C", 1),
			[]Edit{{Range{4, 4}, Range{4, 8}}},
		},
		{
			"function at the end", function, function + "\nfunc D() {\n\td\n}\n",
			[]Edit{{Range{7, 7}, Range{7, 11}}},
		},
		{
			"function without blank line", "f {\n\ta\n}\nh {\n\tc\n}\n", "f {\n\ta\n}\ng {\n\tb\n}\nh {\n\tc\n}\n",
			[]Edit{{Range{3, 3}, Range{3, 6}}},
		},
		{
			"deletion slides into the insertion below", "1\nx\ny\nx\n2\n", "1\nx\nz\n2\n",
			[]Edit{{Range{2, 4}, Range{2, 3}}},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			old, now := NewText([]byte(tt.old)), NewText([]byte(tt.now))
			got := Diff(old, now)
			check(t, got, old, now)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Diff: %s", diff)
			}
		})
	}
}

func FuzzDiffApplies(f *testing.F) {
	f.Add([]byte("a\nb\nc\n"), []byte("a\nc\nb"))
	f.Add([]byte(""), []byte("\n"))
	f.Add([]byte("x\n\ny\n\nx\n"), []byte("\nx\n\n\ny"))
	f.Fuzz(func(t *testing.T, a, b []byte) {
		old, now := NewText(a), NewText(b)
		edits := Diff(old, now)
		check(t, edits, old, now)
		for _, context := range []int{0, 1, 3} {
			checkHunks(t, Hunks(edits, old.Len(), now.Len(), context), edits, old, now)
		}
	})
}
