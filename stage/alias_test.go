package stage

import (
	"fmt"
	"strings"
	"testing"
)

// A hostile tree of links must not cost more than their texts: resolved naively, each of these walks all before it.
func TestLinksCostTheirTexts(t *testing.T) {
	set := newSet(t, hideRules, "")
	tree := []string{".env"}
	const count = 20_000
	for i := range count {
		target := fmt.Sprintf("l%d", i+1)
		if i == count-1 {
			target = ".env"
		}
		tree = append(tree, fmt.Sprintf("l%d -> %s%s", i, strings.Repeat("./", 20), target))
	}
	report := parseTree(set, tree...)
	plan, err := NewPlan(report, Options{Set: set})
	if err != nil {
		t.Fatal(err)
	}
	if len(plan.Decisions) != count+1 {
		t.Errorf("%d decisions, want %d", len(plan.Decisions), count+1)
	}
}

// Links to everything give more names than can be judged in proportion to the tree; those that are too much are hidden.
func TestTooManyAliases(t *testing.T) {
	set := newSet(t, hideRules, "")
	var tree []string
	for i := range 3000 {
		tree = append(tree, fmt.Sprintf("f%d", i))
	}
	for i := range 10 {
		tree = append(tree, fmt.Sprintf("l%d -> .", i))
	}
	plan, err := NewPlan(parseTree(set, tree...), Options{Set: set})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(plan.Decisions); n == 0 || n > 5 {
		t.Errorf("%d decisions, want those for the last few links", n)
	}
	for _, d := range plan.Decisions {
		if d.Path[0] != 'l' || d.Source != FromLink {
			t.Errorf("decision %+v, want one of a link", d)
		}
	}
}
