package placeholder

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"cofferdam/internal/diff3"
)

// setting is a line of a made-up configuration; what the two sides did to it is known.
type setting struct {
	value, rotated      string // of the project's file at apply
	oursNote, theirNote string
}

func (s setting) line(i int, value, note string) string {
	return fmt.Sprintf("setting%d: %s%s\n", i, value, note)
}

// Two sides edit: values that the project rotated win wherever the command left the token, also on lines that it edited,
// and edits of other lines merge. Only a line whose text both sides changed conflicts.
func TestTwoSidesEdit(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	clean := 0
	for range 3000 {
		settings := make([]setting, 1+r.IntN(8))
		var base, host, theirs, want strings.Builder
		conflict := false
		for i := range settings {
			s := &settings[i]
			s.value = fmt.Sprintf("first-%d", r.IntN(1000)+1000*i)
			s.rotated = s.value
			if r.IntN(2) == 0 {
				s.rotated = fmt.Sprintf("second-%d", r.IntN(1000)+1000*i)
			}
			if r.IntN(6) == 0 {
				s.oursNote = " # by the project"
			}
			if r.IntN(3) == 0 {
				s.theirNote = " # by the command"
			}
			conflict = conflict || s.oursNote != "" && s.theirNote != ""
			base.WriteString(s.line(i, "«"+s.value+"»", ""))
			host.WriteString(s.line(i, "«"+s.rotated+"»", s.oursNote))
			theirs.WriteString(s.line(i, fmt.Sprintf("$%d", i), s.theirNote))
			want.WriteString(s.line(i, s.rotated, s.oursNote+s.theirNote))
		}
		session := stage(t, base.String(), host.String())
		outcome := session.restore(theirs.String(), Options{})
		if conflict != (len(outcome.Conflicts()) > 0) {
			t.Fatalf("%d conflicts, want some: %v", len(outcome.Conflicts()), conflict)
		}
		if conflict {
			continue
		}
		clean++
		if got := textOf(t, outcome); got != want.String() || outcome.Held() > 0 {
			t.Fatalf("merged %q, want %q; %v", got, want.String(), outcome.Events())
		}
	}
	if clean < 500 {
		t.Errorf("only %d merges are clean", clean)
	}
}

// Both sides of a conflict have values, and so have the lines between markers.
func TestConflictHasValues(t *testing.T) {
	s := stage(t, "a: «first-value»\n", "a: «second-value» # ours\n")
	outcome := s.restore("a: $0 # theirs\n", Options{})
	if len(outcome.Conflicts()) != 1 {
		t.Fatalf("%d conflicts", len(outcome.Conflicts()))
	}
	marked, err := outcome.Marked(diff3.Marks{Ours: "o", Theirs: "t", Base: "b", WithBase: true})
	want := "<<<<<<< o\na: second-value # ours\n||||||| b\na: second-value\n=======\na: second-value # theirs\n>>>>>>> t\n"
	if err != nil || string(marked) != want {
		t.Errorf("marked %q, %v, want %q", marked, err, want)
	}
	for side, want := range map[diff3.Side]string{diff3.Ours: s.host, diff3.Theirs: "a: second-value # theirs\n"} {
		if got, err := outcome.Text(side); err != nil || string(got) != want {
			t.Errorf("side %d is %q, %v, want %q", side, got, err, want)
		}
	}
}
