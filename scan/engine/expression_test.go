package engine

import (
	"regexp"
	"slices"
	"testing"
)

// Law: an expression says of any text what package regexp says.
func TestExpressions(t *testing.T) {
	w := newWriter(9, nil)
	matches := 0
	for _, source := range slices.Concat(exprs, []string{`a|`, `(?:a|b*)c?`, `^$`, `\b`, `(?:)`, `(?i)^k+$`, `(a+|\b)`}) {
		e, re := newExpression(source), regexp.MustCompile(source)
		for range 200 {
			text := w.pick(noise) + w.matching(source) + w.pick(noise)
			if w.IntN(2) == 0 {
				text = w.pick(noise)
			}
			want := re.MatchString(text)
			if got := e.matches(text); got != want {
				t.Fatalf("%q matches %q: %v, want %v", source, text, got, want)
			}
			if want {
				matches++
			}
		}
	}
	if matches < 1000 {
		t.Errorf("only %d matches", matches)
	}
}
