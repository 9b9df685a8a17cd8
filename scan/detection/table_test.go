package detection

import (
	"strings"
	"testing"
)

func TestTable(t *testing.T) {
	secrets := Class{ID: "s", Group: "g", Title: "some secrets"}
	others := Class{ID: "o", Group: "g", Title: "others"}
	miss := Place{Class: "s", Example: 2, Copy: 1, Path: "a.yml", Line: 3}
	ours := Result{
		Secrets: []Score{{Class: secrets, Labels: 4, Wrong: []Place{miss, {Class: "s", Example: 2, Copy: 2, Path: "a.yml", Line: 3}}}},
		Others:  []Score{{Class: others, Labels: 8}},
	}
	theirs := Result{
		Secrets: []Score{{Class: secrets, Labels: 4, Wrong: []Place{miss, miss, miss}}},
		Others:  []Score{{Class: others, Labels: 8, Wrong: []Place{miss}}},
	}
	page := Table(ours, theirs)
	for _, want := range []string{
		"| secrets found, of 4 in 1 kinds | 2 | 1 |",
		"| **recall** | 50.0% | 25.0% |",
		"| **precision** | 100.0% | 50.0% |",
		"| g | some secrets | 4 | 2 | 50.0% | 0 | 1 |",
		"| g | others | 8 | 8 | 100.0% | 0 | 7 |",
		"## Missed\n\nThe examples, counted from 1 in their kind, and in how many of their places a secret is missed.\n\n- s/2 `a.yml`: 2\n",
		"## Stray\n\nNone.\n",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

func TestPercentNeverRoundsUp(t *testing.T) {
	for p, want := range map[float64]string{0.99999: "99.9%", 1: "100.0%", 0: "0.0%", 0.5: "50.0%"} {
		if got := percent(p); got != want {
			t.Errorf("percent(%v) = %s, want %s", p, got, want)
		}
	}
}
