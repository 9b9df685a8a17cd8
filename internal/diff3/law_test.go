package diff3

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"cofferdam/internal/linediff"
)

// check merges and holds the result to every law that needs no other merge.
func check(t *testing.T, base, ours, theirs string) Result {
	t.Helper()
	r := Merge([]byte(base), []byte(ours), []byte(theirs), Options{})
	checkRegions(t, r, base, ours, theirs)
	checkResolved(t, r)
	checkMarked(t, r)
	return r
}

// checkRegions fails unless the regions cover the texts, line for line, and are of the kind that they say.
func checkRegions(t *testing.T, r Result, base, ours, theirs string) {
	t.Helper()
	var covered [3]struct {
		text []byte
		line int
	}
	for i, g := range r.Regions {
		for side, p := range []Piece{g.Base, g.Ours, g.Theirs} {
			c := &covered[side]
			if p.Lines.Start != c.line || p.Lines.Len() != linediff.NewText(p.Text).Len() {
				t.Fatalf("region %d, text %d: lines %v hold %q, after line %d", i, side, p, p.Text, c.line)
			}
			if len(p.Text) > 0 && len(c.text) > 0 && c.text[len(c.text)-1] != '\n' {
				t.Fatalf("region %d, text %d begins inside a line", i, side)
			}
			c.text, c.line = append(c.text, p.Text...), p.Lines.End
		}
		checkKind(t, i, g)
		if i > 0 && g.Kind == Stable && r.Regions[i-1].Kind == Stable {
			t.Fatalf("regions %d and %d are both stable", i-1, i)
		}
	}
	for side, want := range []string{base, ours, theirs} {
		if got := string(covered[side].text); got != want && !converted(got, want, base, ours, theirs) {
			t.Fatalf("the regions hold %q of text %d, want %q", got, side, want)
		}
	}
}

func checkKind(t *testing.T, i int, g Region) {
	t.Helper()
	b, o, th := string(g.Base.Text), string(g.Ours.Text), string(g.Theirs.Text)
	want := map[Kind]bool{
		Stable:     b == o && b == th && b != "",
		OursOnly:   b != o && b == th,
		TheirsOnly: b == o && b != th,
		Same:       b != o && o == th,
		Conflict:   o != th, // What both have in common and base has not is in regions beside it.
	}
	if !want[g.Kind] {
		t.Fatalf("region %d is %v: %q, %q, %q", i, g.Kind, b, o, th)
	}
	if g.Kind != Conflict {
		return
	}
	x, y := slices.Collect(strings.Lines(o)), slices.Collect(strings.Lines(th))
	if len(x) > 0 && len(y) > 0 && (x[0] == y[0] || x[len(x)-1] == y[len(y)-1]) {
		t.Fatalf("conflict %d has common ends: %q, %q", i, o, th)
	}
}

// converted reports whether got is want in another line ending, where all three texts have but one each.
func converted(got, want string, texts ...string) bool {
	for _, text := range texts {
		if n := strings.Count(text, "\r\n"); n != 0 && n != strings.Count(text, "\n") {
			return false
		}
	}
	return toLF(got) == toLF(want)
}

func toLF(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }

// Every line of a text without conflict, or with them resolved, is a line of ours or of theirs.
func checkResolved(t *testing.T, r Result) {
	t.Helper()
	known := map[string]bool{}
	for _, g := range r.Regions {
		for _, p := range []Piece{g.Ours, g.Theirs} {
			for line := range bytes.Lines(p.Text) {
				known[string(line)] = true
			}
		}
	}
	for _, s := range []Side{Ours, Theirs} {
		for line := range bytes.Lines(r.Resolved(s)) {
			if !known[string(line)] {
				t.Fatalf("line %q is from nowhere", line)
			}
		}
	}
	if merged, clean := r.Merged(); clean && (!bytes.Equal(merged, r.Resolved(Ours)) || !bytes.Equal(merged, r.Resolved(Theirs))) {
		t.Fatalf("without conflict, Merged and Resolved differ")
	}
}

// Merge(b, b, t) = t, Merge(b, o, b) = o, Merge(b, o, o) = o, and sides that change places change nothing else.
func checkIdentities(t *testing.T, base, ours, theirs string) {
	t.Helper()
	for _, tt := range []struct{ base, ours, theirs, want string }{
		{base, base, theirs, theirs}, {base, ours, base, ours}, {base, ours, ours, ours},
	} {
		if got, clean := check(t, tt.base, tt.ours, tt.theirs).Merged(); !clean || string(got) != tt.want {
			t.Fatalf("Merge(%q, %q, %q) = %q, %v", tt.base, tt.ours, tt.theirs, got, clean)
		}
	}
	one, other := check(t, base, ours, theirs), check(t, base, theirs, ours)
	if len(one.Regions) != len(other.Regions) {
		t.Fatalf("%v\nand with the sides exchanged\n%v", show(one), show(other))
	}
	swapped := map[Kind]Kind{Stable: Stable, OursOnly: TheirsOnly, TheirsOnly: OursOnly, Same: Same, Conflict: Conflict}
	for i, g := range one.Regions {
		h := other.Regions[i]
		if h.Kind != swapped[g.Kind] || h.Ours.Lines != g.Theirs.Lines || h.Theirs.Lines != g.Ours.Lines || h.Base.Lines != g.Base.Lines {
			t.Fatalf("region %d is %v, and with the sides exchanged %v", i, g, h)
		}
	}
}

// randomText is a few lines of a few letters, so that they repeat; endings may vary and the last may lack.
func randomText(r *rand.Rand) string {
	var b strings.Builder
	letters, endings := 1+r.IntN(6), 1+r.IntN(3)
	for range r.IntN(12) {
		b.WriteByte(byte('a' + r.IntN(letters)))
		b.WriteString([]string{"\n", "\r\n", "\n"}[r.IntN(endings)])
	}
	if r.IntN(4) == 0 {
		return strings.TrimSuffix(b.String(), "\n")
	}
	return b.String()
}

// randomEdit changes a few lines of text.
func randomEdit(r *rand.Rand, text string) string {
	if r.IntN(6) == 0 {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	all := strings.SplitAfter(text, "\n")
	for range 1 + r.IntN(4) {
		i := r.IntN(len(all))
		j := min(i+r.IntN(3), len(all))
		all = append(all[:i:i], append(strings.SplitAfter(randomText(r), "\n"), all[j:]...)...)
	}
	return strings.Join(all, "")
}

func TestMergeLaws(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	clean := 0
	const rounds = 4000
	for range rounds {
		base := randomText(r)
		ours, theirs := randomEdit(r, base), randomEdit(r, base)
		if check(t, base, ours, theirs).Clean() {
			clean++
		}
		checkIdentities(t, base, ours, theirs)
	}
	if clean < rounds/20 || clean > rounds-rounds/20 {
		t.Errorf("%d of %d merges are clean: the texts try one case only", clean, rounds)
	}
}

// Two merges of the same texts have the same regions.
func TestMergeIsDeterministic(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	for range 500 {
		base := randomText(r)
		ours, theirs := randomEdit(r, base), randomEdit(r, base)
		if one, other := show(check(t, base, ours, theirs)), show(check(t, base, ours, theirs)); strings.Join(one, "\n") != strings.Join(other, "\n") {
			t.Fatalf("%v\nand\n%v", one, other)
		}
	}
}

func FuzzMergeKeepsEveryLaw(f *testing.F) {
	f.Add("a\nb\nc\n", "a\nx\nc\n", "a\nb\ny")
	f.Add("a\r\nb\r\n", "a\nb\n", "a\r\nx\r\n")
	f.Add("", "<<<<<<< a\n", "=======\n>>>>>>> b")
	f.Add("a\n\na\n\n", "\na\n", "a\n\n\n\na")
	f.Fuzz(func(t *testing.T, base, ours, theirs string) {
		check(t, base, ours, theirs)
		checkIdentities(t, base, ours, theirs)
		coarse := Merge([]byte(base), []byte(ours), []byte(theirs), Options{MaxLines: 1})
		checkRegions(t, coarse, base, ours, theirs)
		checkResolved(t, coarse)
		checkMarked(t, coarse)
	})
}
