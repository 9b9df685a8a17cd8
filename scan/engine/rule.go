package engine

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"cofferdam/rules/secret"
	"cofferdam/scan/engine/match"
)

// rule is a rule with what it needs to be applied.
type rule struct {
	*secret.Rule
	place    int  // in the config
	generic  bool // what it finds gives way to what others find
	groups   groups
	path     *expression // nil for any
	skips    []*skip
	checks   []*check // its own and those for all rules, the cheapest first
	required []requirement
	alone    func() *match.Set // its expression without keywords
}

type requirement struct {
	secret.Required
	rule *rule // nil where there is none of that id
}

func newRule(source *secret.Rule, place int, global []*check) *rule {
	r := &rule{Rule: source, place: place, checks: slices.Clone(global)}
	r.generic = strings.Contains(strings.ToLower(r.ID), "generic")
	r.groups.source, r.path = r.Regex, newExpression(r.Path)
	for i := range r.Allowlists {
		skips, checks := newAllowlist(&r.Allowlists[i])
		r.skips = append(r.skips, skips...)
		r.checks = append(r.checks, checks...)
	}
	slices.SortStableFunc(r.checks, func(a, b *check) int { return cmp.Compare(a.cost(), b.cost()) })
	// Gitleaks does not look for the keywords of a rule that another requires.
	r.alone = sync.OnceValue(func() *match.Set { return openSet([]string{r.Regex}) })
	return r
}

// secret is the place of the secret in a trimmed match: its group in what the expression finds there, without what
// stood around it. Nothing found, or no group that is not empty, makes it the match.
func (r *rule) secret(trimmed string, n *notes) (start, end int) {
	if r.groups.count() == 0 {
		return 0, len(trimmed)
	}
	places := r.groups.find(trimmed, n)
	if places == nil {
		return 0, len(trimmed)
	}
	if g := 2 * r.SecretGroup; g > 0 && g < len(places) {
		return max(places[g], 0), max(places[g+1], 0)
	}
	for g := 2; g < len(places); g += 2 {
		if places[g] < places[g+1] {
			return places[g], places[g+1]
		}
	}
	return 0, len(trimmed)
}
