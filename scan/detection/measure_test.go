package detection

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The least that the product reaches, a little below what it does: what it does is in docs/detection.md.
const (
	leastRecall    = 0.95
	leastPrecision = 0.985
)

func TestTheScannerFindsSecretsAndLittleElse(t *testing.T) {
	r, err := load(t).Measure(Product(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	sums := r.Sums()
	if sums.Recall() < leastRecall {
		t.Errorf("recall = %.3f, want %.3f or more; missed:\n%s", sums.Recall(), leastRecall, list(r.Secrets, wrong))
	}
	if sums.Precision() < leastPrecision {
		t.Errorf("precision = %.3f, want %.3f or more; reported:\n%s\nstray:\n%s", sums.Precision(), leastPrecision,
			list(r.Others, wrong), list(slices.Concat(r.Secrets, r.Others), stray))
	}
}

func wrong(s Score) []Place { return s.Wrong }

func stray(s Score) []Place { return s.Stray }

func list(scores []Score, places func(Score) []Place) string {
	var b strings.Builder
	for _, s := range scores {
		for _, p := range places(s) {
			b.WriteString("\t" + p.String() + "\n")
		}
	}
	return b.String()
}

func TestCovers(t *testing.T) {
	for _, c := range []struct {
		name  string
		found Span
		want  bool
	}{
		{"exact", Span{100, 120}, true},
		{"nine tenths", Span{102, 120}, true},
		{"less", Span{103, 120}, false},
		{"three times", Span{80, 140}, true},
		{"more", Span{80, 141}, false},
		{"beside", Span{120, 140}, false},
		{"shifted", Span{110, 130}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := covers(c.found, Span{100, 120}); got != c.want {
				t.Errorf("covers(%v) = %v, want %v", c.found, got, c.want)
			}
		})
	}
}

func TestMeasure(t *testing.T) {
	set := Set{
		Secrets: []Class{{ID: "s", Examples: []Example{{Path: "a", Text: "x\nsecret=«0123456789» y\nother=«abcdefghij» z\n"}}}},
		Others: []Class{
			{ID: "whole", Examples: []Example{{Path: "b", Text: "nothing at all"}}},
			{ID: "marked", Examples: []Example{{Path: "c", Text: "pass=«word» and more"}}},
		},
	}
	spans := map[string][]Span{
		"a": {{9, 19}, {0, 1}, {22, 24}, {23, 26}}, // the first secret; two strays, of which the second is two findings
		"b": {{0, 3}},
		"c": {{15, 19}},
	}
	got, err := set.Measure(func(path string, _ []byte) ([]Span, error) { return spans[path], nil })
	if err != nil {
		t.Fatal(err)
	}
	want := Result{
		Secrets: []Score{{
			Class: set.Secrets[0], Labels: 2,
			Wrong: []Place{{"s", 1, 1, "a", 3}},
			Stray: []Place{{"s", 1, 1, "a", 1}, {"s", 1, 1, "a", 3}},
		}},
		Others: []Score{
			{Class: set.Others[0], Labels: 1, Wrong: []Place{{"whole", 1, 1, "b", 1}}},
			{Class: set.Others[1], Labels: 1, Stray: []Place{{"marked", 1, 1, "c", 1}}},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Measure (-want +got):\n%s", diff)
	}
	sums := got.Sums()
	if want := (Sums{Secrets: 2, Found: 1, Others: 2, Alone: 1, Stray: 3}); sums != want {
		t.Errorf("Sums() = %+v, want %+v", sums, want)
	}
	if sums.Recall() != 0.5 || sums.Precision() != 0.2 {
		t.Errorf("recall %v and precision %v, want 0.5 and 0.2", sums.Recall(), sums.Precision())
	}
}

func TestMeasureFailsWithTheScanner(t *testing.T) {
	set := Set{Others: []Class{{ID: "x", Examples: []Example{{Text: "a"}}}}}
	broken := errors.New("broken")
	if _, err := set.Measure(func(string, []byte) ([]Span, error) { return nil, broken }); !errors.Is(err, broken) {
		t.Errorf("Measure = %v, want %v", err, broken)
	}
}
