// Package plain applies one rule to one text in the plainest way, with package regexp alone. It is slow and has no tricks,
// so that rules can be tried on their examples without the engine that is tested by them.
package plain

import (
	"math"
	"regexp"
	"slices"
	"strings"

	"cofferdam/rules/secret"
	"cofferdam/rules/secret/sample"
)

// Finder finds what the rules of a config find in a text. It is for one goroutine.
type Finder struct {
	Config *secret.Config
	Valid  func(name, value string) bool // does the checks of rules; nil lets all pass
	Path   string                        // of the text; rules about other paths find nothing in it

	compiled map[string]*regexp.Regexp
}

func (f *Finder) compile(expr string) *regexp.Regexp {
	if f.compiled == nil {
		f.compiled = map[string]*regexp.Regexp{}
	}
	if f.compiled[expr] == nil {
		f.compiled[expr] = regexp.MustCompile(expr)
	}
	return f.compiled[expr]
}

// Find is where the secrets are that the rule finds in text. A rule that is not in the config finds none.
func (f *Finder) Find(id, text string) []sample.Span {
	i := slices.IndexFunc(f.Config.Rules, func(r secret.Rule) bool { return r.ID == id })
	if i < 0 {
		return nil
	}
	var found []sample.Span
	r := &f.Config.Rules[i]
	for _, m := range f.matches(r, text) {
		if f.hasRequired(r, text, m.match) {
			found = append(found, m.secret)
		}
	}
	return found
}

type match struct{ match, secret sample.Span }

func (f *Finder) matches(r *secret.Rule, text string) []match {
	if r.Regex == "" || r.Path != "" && !f.compile(r.Path).MatchString(f.Path) || !hasKeyword(r, text) {
		return nil
	}
	expr := f.compile(r.Regex)
	var all []match
	for _, at := range expr.FindAllStringIndex(text, -1) {
		m := trim(text, sample.Span{Start: at[0], End: at[1]})
		s := group(expr, r.SecretGroup, text, m)
		value := text[s.Start:s.End]
		if r.Entropy > 0 && entropy(value) <= r.Entropy || r.Check != "" && f.Valid != nil && !f.Valid(r.Check, value) || f.allowed(r, text, m, s) {
			continue
		}
		all = append(all, match{m, s})
	}
	return all
}

func hasKeyword(r *secret.Rule, text string) bool {
	lower := strings.ToLower(text)
	return len(r.Keywords) == 0 || slices.ContainsFunc(r.Keywords, func(k string) bool { return strings.Contains(lower, k) })
}

func trim(text string, s sample.Span) sample.Span {
	for s.Start < s.End && text[s.Start] == '\n' {
		s.Start++
	}
	for s.End > s.Start && text[s.End-1] == '\n' {
		s.End--
	}
	return s
}

// group is the secret in a match: the group that the rule names, else the first that is not empty, else all of it.
func group(expr *regexp.Regexp, number int, text string, m sample.Span) sample.Span {
	groups := expr.FindStringSubmatchIndex(text[m.Start:m.End])
	span := func(i int) sample.Span {
		return sample.Span{Start: m.Start + max(groups[2*i], 0), End: m.Start + max(groups[2*i+1], 0)}
	}
	if number > 0 && 2*number < len(groups) {
		return span(number)
	}
	for i := 1; 2*i < len(groups); i++ {
		if s := span(i); s.End > s.Start {
			return s
		}
	}
	return m
}

func (f *Finder) allowed(r *secret.Rule, text string, m, s sample.Span) bool {
	line := text[strings.LastIndexByte(text[:m.Start], '\n')+1:]
	if end := strings.IndexByte(text[m.End:], '\n'); end >= 0 {
		line = line[:len(line)-len(text)+m.End+end]
	}
	targets := map[secret.Target]string{secret.TargetSecret: text[s.Start:s.End], secret.TargetMatch: text[m.Start:m.End], secret.TargetLine: line}
	return slices.ContainsFunc(r.Allowlists, func(a secret.Allowlist) bool {
		return f.allows(a, targets[a.Target], targets[secret.TargetSecret])
	})
}

func (f *Finder) allows(a secret.Allowlist, target, value string) bool {
	matches := func(text string) func(expr string) bool {
		return func(expr string) bool { return f.compile(expr).MatchString(text) }
	}
	var checks []bool
	if len(a.Paths) > 0 {
		checks = append(checks, slices.ContainsFunc(a.Paths, matches(f.Path)))
	}
	if len(a.Regexes) > 0 {
		checks = append(checks, slices.ContainsFunc(a.Regexes, matches(target)))
	}
	if len(a.StopWords) > 0 {
		lower := strings.ToLower(value)
		checks = append(checks, slices.ContainsFunc(a.StopWords, func(w string) bool { return strings.Contains(lower, strings.ToLower(w)) }))
	}
	if a.All {
		return len(checks) > 0 && !slices.Contains(checks, false)
	}
	return slices.Contains(checks, true)
}

func (f *Finder) hasRequired(r *secret.Rule, text string, m sample.Span) bool {
	line := func(at int) int { return strings.Count(text[:at], "\n") }
	for _, q := range r.Required {
		near := slices.ContainsFunc(f.Find(q.Rule, text), func(s sample.Span) bool {
			distance := line(s.Start) - line(m.Start)
			return q.WithinLines < 0 || max(distance, -distance) <= q.WithinLines
		})
		if !near {
			return false
		}
	}
	return true
}

// entropy in bits a byte.
func entropy(text string) float64 {
	var counts [256]int
	for i := range len(text) {
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
