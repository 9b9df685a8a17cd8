package detect

import (
	"math/rand/v2"
	"slices"
	"testing"

	"cofferdam/rules/secret"
)

func at(start, end int, severity string, flags ...string) Match {
	return Match{
		Rule: &secret.Rule{ID: severity}, Start: start, End: end, Severity: severity,
		Guess: slices.Contains(flags, "guess"), part: slices.Contains(flags, "part"),
	}
}

func TestBest(t *testing.T) {
	for _, test := range []struct {
		name       string
		list, want []Match
	}{
		{"apart", []Match{at(0, 5, "high"), at(5, 9, "high")}, []Match{at(0, 5, "high"), at(5, 9, "high")}},
		{"a guess yields to a form", []Match{at(0, 9, "high", "guess"), at(2, 6, "medium")}, []Match{at(0, 9, "medium")}},
		{"the same place", []Match{at(0, 9, "medium"), at(0, 9, "high")}, []Match{at(0, 9, "high")}},
		{"inside", []Match{at(0, 9, "high"), at(2, 6, "high")}, []Match{at(0, 9, "high")}},
		{"inside and worth more", []Match{at(0, 9, "high"), at(2, 6, "critical")}, []Match{at(0, 9, "high"), at(2, 6, "critical")}},
		{"across", []Match{at(0, 6, "high"), at(4, 9, "high")}, []Match{at(0, 6, "high"), at(4, 9, "high")}},
		{"a part of a key", []Match{at(0, 9, "medium"), at(2, 6, "critical", "part")}, []Match{at(0, 9, "medium")}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := best(slices.Clone(test.list))
			if !slices.EqualFunc(got, test.want, func(a, b Match) bool { return a.Start == b.Start && a.End == b.End && a.Severity == b.Severity }) {
				t.Errorf("best = %+v, want %+v", got, test.want)
			}
		})
	}
}

// Law: no byte that was covered is left uncovered.
func TestBestLosesNoByte(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 3))
	for range 5000 {
		var list []Match
		var before, after [60]bool
		for range random.IntN(8) {
			start := random.IntN(50)
			flags := [][]string{nil, {"guess"}, {"part"}}[random.IntN(3)]
			list = append(list, at(start, start+1+random.IntN(9), severities[random.IntN(4)], flags...))
		}
		mark(&before, list)
		kept := best(slices.Clone(list))
		mark(&after, kept)
		if before != after {
			t.Fatalf("best(%+v) = %+v", list, kept)
		}
	}
}

func mark(bytes *[60]bool, list []Match) {
	for _, m := range list {
		for i := m.Start; i < m.End; i++ {
			bytes[i] = true
		}
	}
}
