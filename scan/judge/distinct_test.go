package judge_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"cofferdam/scan/judge"
)

func TestCovered(t *testing.T) {
	span := func(rule string, guess bool, start, end int) judge.Span {
		return judge.Span{Rule: rule, Guess: guess, Start: start, End: end}
	}
	for _, test := range []struct {
		name  string
		spans []judge.Span
		want  []bool
	}{
		{"nothing", nil, []bool{}},
		{"apart", []judge.Span{span("a", true, 0, 5), span("b", true, 5, 9)}, []bool{false, false}},
		{"guess by form", []judge.Span{span("quoted-secret", true, 3, 9), span("form", false, 3, 9)}, []bool{true, false}},
		{"guess inside form", []judge.Span{span("form", false, 0, 20), span("quoted-secret", true, 3, 9)}, []bool{false, true}},
		{"form inside guess stays", []judge.Span{span("quoted-password", true, 0, 20), span("form", false, 3, 9)}, []bool{false, false}},
		{"two guesses", []judge.Span{span("config-password", true, 3, 9), span("generic-api-key", false, 3, 9)}, []bool{false, true}},
		{"wider guess", []judge.Span{span("generic-api-key", false, 4, 8), span("config-password", true, 3, 9)}, []bool{true, false}},
		{"part of a key", []judge.Span{span("private-key-body", false, 30, 90), span("private-key", false, 0, 99)}, []bool{true, false}},
		{"parts of parts", []judge.Span{span("private-key-body", false, 30, 90), span("private-key-part", false, 30, 90)}, []bool{false, true}},
		{"two forms", []judge.Span{span("form", false, 0, 9), span("other", false, 0, 9)}, []bool{false, false}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := judge.Default().Covered(test.spans); !slices.Equal(got, test.want) {
				t.Errorf("Covered(%v) = %v, want %v", test.spans, got, test.want)
			}
		})
	}
}

// For every set of spans: each covered byte is in a span that stays.
func TestCoveredHidesNothing(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	rules := []string{"private-key", "private-key-part", "private-key-body", "quoted-secret", "generic-api-key", "form"}
	for range 5000 {
		var spans []judge.Span
		for range random.IntN(8) {
			start := random.IntN(12)
			spans = append(spans, judge.Span{Rule: rules[random.IntN(len(rules))], Guess: random.IntN(2) == 0, Start: start, End: start + 1 + random.IntN(8)})
		}
		covered := judge.Default().Covered(spans)
		for i, s := range spans {
			if covered[i] && !slices.ContainsFunc(spans, func(o judge.Span) bool {
				return !covered[slices.Index(spans, o)] && o.Start <= s.Start && s.End <= o.End
			}) {
				t.Fatalf("Covered(%v) = %v: no span that stays has %v in it", spans, covered, s)
			}
		}
	}
}
