package engine

import (
	"slices"
	"testing"
)

// Law: for each rule and any text, groups finds what package regexp finds.
func TestGroupsAreThoseOfRegexp(t *testing.T) {
	cfg, err := defaultConfig()
	if err != nil {
		t.Fatal(err)
	}
	w := newWriter(8, cfg)
	var n notes
	matches := 0
	for _, expr := range slices.Concat(exprs, rulesOf(w)) {
		g := groups{source: expr}
		for range 20 {
			text := w.matching(expr)
			if w.IntN(2) == 0 {
				text = w.pick(noise) + text + w.pick(noise)
			}
			got := g.find(text, &n)
			want := g.expr().FindStringSubmatchIndex(text)
			if !slices.Equal(got, want) {
				t.Fatalf("%q in %q: %v, want %v", expr, text, got, want)
			}
			matches += min(len(got), 1)
		}
	}
	if matches < 2000 {
		t.Errorf("only %d matches", matches)
	}
}

func rulesOf(w *writer) (exprs []string) {
	for _, r := range w.config.Rules {
		exprs = append(exprs, r.Regex)
	}
	return exprs
}

func FuzzGroupsAreThoseOfRegexp(f *testing.F) {
	for i, expr := range exprs {
		f.Add(i, expr)
	}
	f.Fuzz(func(t *testing.T, i int, text string) {
		g := groups{source: exprs[uint(i)%uint(len(exprs))]}
		if got, want := g.find(text, &notes{}), g.expr().FindStringSubmatchIndex(text); !slices.Equal(got, want) {
			t.Errorf("%q in %q: %v, want %v", g.source, text, got, want)
		}
	})
}
