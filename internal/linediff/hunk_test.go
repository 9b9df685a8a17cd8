package linediff

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// checkHunks fails unless hunks hold edits, in order, and equal lines around them.
func checkHunks(t *testing.T, hunks []Hunk, edits []Edit, old, now Text) {
	t.Helper()
	var held []Edit
	at := Edit{}
	for i, h := range hunks {
		if i > 0 && h.Old.Start <= at.Old.End {
			t.Fatalf("hunk %d, %v, touches line %d", i, h.Old, at.Old.End)
		}
		a, b := old.Lines(Range{at.Old.End, h.Old.Start}), now.Lines(Range{at.New.End, h.New.Start})
		if !bytes.Equal(a, b) {
			t.Fatalf("before hunk %d: %q and %q", i, a, b)
		}
		held = append(held, h.Edits...)
		at = Edit{h.Old, h.New}
	}
	if a, b := old.Lines(Range{at.Old.End, old.Len()}), now.Lines(Range{at.New.End, now.Len()}); !bytes.Equal(a, b) {
		t.Fatalf("after the last hunk: %q and %q", a, b)
	}
	if diff := cmp.Diff(edits, held); diff != "" {
		t.Fatalf("edits in hunks: %s", diff)
	}
}

func TestHunks(t *testing.T) {
	edit := func(line int) Edit { return Edit{Range{line, line + 1}, Range{line, line + 1}} }
	for _, tt := range []struct {
		name  string
		edits []Edit
		want  []Range
	}{
		{"none", nil, nil},
		{"at the ends", []Edit{edit(0), edit(99)}, []Range{{0, 4}, {96, 100}}},
		{"in the middle", []Edit{edit(50)}, []Range{{47, 54}}},
		{"six lines between are one hunk", []Edit{edit(50), edit(57)}, []Range{{47, 61}}},
		{"seven are two", []Edit{edit(50), edit(58)}, []Range{{47, 54}, {55, 62}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []Range
			for _, h := range Hunks(tt.edits, 100, 100, 3) {
				got = append(got, h.Old)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
