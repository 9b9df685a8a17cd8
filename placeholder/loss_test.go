package placeholder

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"cofferdam/internal/diff3"
)

// mangle does to lines with tokens what a command might.
func mangle(r *rand.Rand, text string, tokens []string) string {
	lines := strings.SplitAfter(text, "\n")
	for range 1 + r.IntN(4) {
		i, j := r.IntN(len(lines)), r.IntN(len(lines))
		token := tokens[r.IntN(len(tokens))]
		switch r.IntN(8) {
		case 0:
			lines[i], lines[j] = lines[j], lines[i]
		case 1:
			lines = slices.Delete(lines, i, min(len(lines), i+1+r.IntN(2)))
		case 2:
			lines = slices.Insert(lines, i, lines[j])
		case 3:
			lines[i] = strings.Replace(lines[i], token, token[:len(token)-1-r.IntN(8)], 1)
		case 4:
			lines[i] = strings.Replace(lines[i], token, "changeme", 1)
		case 5:
			lines[i] = token + lines[i]
		case 6:
			lines[i] = " " + lines[i]
		case 7:
			lines = slices.Insert(lines, i, "new line\n")
		}
		if len(lines) == 0 {
			return ""
		}
	}
	return strings.Join(lines, "")
}

// Where nothing is accepted, every value of the project's file is in what lands at least as often as it can be shown that
// the command left it; in particular, it is there.
func TestNoValueIsLostUnaccepted(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	held, conflicts, refused := 0, 0, 0
	for round := range 20000 {
		var marked strings.Builder
		values := 1 + r.IntN(4)
		for i := range 3 + r.IntN(8) {
			fmt.Fprintf(&marked, "line %d", i)
			if r.IntN(2) == 0 {
				fmt.Fprintf(&marked, ": «value-of-%d-%d»", round%7, r.IntN(values))
			}
			marked.WriteString("\n")
		}
		marked.WriteString("end: «value-of-the-end»\n")
		host := marked.String()
		if r.IntN(2) == 0 {
			host = mangle(r, strings.ReplaceAll(host, "value-of", "value-now"), []string{"«value-now-the-end»"})
		}
		if strings.Count(host, "«") != strings.Count(host, "»") || strings.Contains(host, "««") {
			continue
		}
		s := stage(t, marked.String(), host)
		outcome := s.restore(mangle(r, string(s.view.Text), s.tokens), Options{})
		held += outcome.Held()
		conflicts += len(outcome.Conflicts())
		for _, side := range []diff3.Side{diff3.Ours, diff3.Theirs} {
			text, err := outcome.Text(side)
			if errors.Is(err, ErrLost) && len(outcome.Conflicts()) > 0 {
				refused++
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			_, spans := spansOf(host)
			for _, span := range spans {
				if value := s.host[span.Start:span.End]; !strings.Contains(string(text), value) {
					t.Fatalf("%q is not in %q; host %q, view %q, events %v, %v, side %v", value, text, s.host, s.view.Text, outcome.Events(), outcome.Conflicts(), side)
				}
			}
			checkCounts(t, s, outcome, string(text))
		}
	}
	if held < 1000 || conflicts < 100 || refused == 0 {
		t.Errorf("%d hunks held back, %d conflicts, %d refused: the edits try too little", held, conflicts, refused)
	}
}

// checkCounts holds that no copy of a value is lost either, where the project's file did not change.
func checkCounts(t *testing.T, s *session, o *Outcome, text string) {
	t.Helper()
	if len(o.Conflicts()) > 0 || slices.ContainsFunc(s.values.States(), func(state State) bool { return state.Status != Unchanged }) {
		return
	}
	for _, c := range s.values.in().held {
		if strings.Count(text, c.written) < strings.Count(s.host, c.written) {
			t.Fatalf("a copy of %q is lost in %q; host %q, events %v", c.written, text, s.host, o.Events())
		}
	}
}
