package scan

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/zricethezav/gitleaks/v8/regexp"

	"cofferdam/scan/internal/leaks"
)

// promising reports whether the detector can make a finding of a match of r. It refuses those of low entropy and those
// with a stop word, which most are, and only what is left needs the rule's allowlists and the detector itself. This
// answers yes too often, never no.
func promising(r *leaks.Rule, expr *regexp.Regexp, match string) bool {
	if r.Entropy == 0 && !slices.ContainsFunc(r.Allowlists, refusesWords) {
		return true
	}
	secret, ok := secretOf(r, expr, match)
	if !ok {
		return true
	}
	if r.Entropy != 0 && entropy(secret) < r.Entropy-entropySlack {
		return false
	}
	return !slices.ContainsFunc(r.Allowlists, func(l leaks.Allowlist) bool { return refusesWords(l) && l.StopWords.In(secret) })
}

// refusesWords reports whether a stop word alone makes a list allow a secret.
func refusesWords(l leaks.Allowlist) bool { return len(l.StopWords) > 0 && !l.And() }

// secretOf is what the detector takes for the secret in a match; not ok where it could be another part.
func secretOf(r *leaks.Rule, expr *regexp.Regexp, match string) (secret string, ok bool) {
	match = strings.Trim(match, "\n")
	groups := expr.FindStringSubmatch(match)
	switch {
	case len(groups) < 2:
		return match, true
	case r.SecretGroup >= len(groups):
		return "", false
	case r.SecretGroup > 0:
		return groups[r.SecretGroup], true
	}
	for _, group := range groups[1:] {
		if group != "" {
			return group, true
		}
	}
	return match, true
}

// entropySlack covers that the detector adds the same numbers up in any order.
const entropySlack = 1e-6

// entropy is how many bits a character of text carries, given how often each is in it; of a text that is not ASCII it
// is taken to be any number.
func entropy(text string) float64 {
	var counts [utf8.RuneSelf]int
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return math.Inf(1)
		}
		counts[text[i]]++
	}
	bits := 0.0
	for _, n := range counts {
		if n > 0 {
			p := float64(n) / float64(len(text))
			bits -= p * math.Log2(p)
		}
	}
	return bits
}
