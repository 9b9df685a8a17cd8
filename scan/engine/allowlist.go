package engine

import "cofferdam/rules/secret"

// skip is an expression for paths whose files a rule, or all of them, pass over.
type skip struct{ paths *expression }

// check is what has to hold, all of it, for a match to be no secret. An allowlist one of whose checks is enough becomes
// several of them.
type check struct {
	never bool // something has to hold that cannot, such as a commit
	words *stopWords
	paths *expression
	regex *expression
	on    secret.Target
}

// newAllowlist translates an allowlist. There are no commits here, so a list that needs one never holds.
func newAllowlist(a *secret.Allowlist) (skips []*skip, checks []*check) {
	paths, regex, words := joined(a.Paths), joined(a.Regexes), newStopWords(a.StopWords)
	if a.All {
		c := &check{never: len(a.Commits) > 0, words: words, paths: paths, regex: regex, on: a.Target}
		if regex == nil && words == nil && paths != nil && !c.never {
			skips = append(skips, &skip{paths})
		}
		return skips, append(checks, c)
	}
	if paths != nil {
		skips = append(skips, &skip{paths})
	}
	if words != nil {
		checks = append(checks, &check{words: words})
	}
	if regex != nil {
		checks = append(checks, &check{regex: regex, on: a.Target})
	}
	return skips, checks
}

func joined(list []string) *expression {
	if len(list) == 0 {
		return nil
	}
	return newExpression(secret.Join(list))
}

// cost orders checks by how long they take: a search for words takes less than an expression, and a line may be long.
func (c *check) cost() int {
	switch {
	case c.never || c.words != nil:
		return 0
	case c.regex == nil || c.on == secret.TargetSecret:
		return 1
	case c.on == secret.TargetMatch:
		return 2
	}
	return 3
}

// holds says whether a check makes a candidate no secret. Nothing holds of an empty text.
func (c *check) holds(s *search, m *candidate) bool {
	if c.never || c.words != nil && !c.words.in(m.secret) || c.paths != nil && !matches(c.paths, s.path) {
		return false
	}
	if c.regex == nil {
		return c.words != nil || c.paths != nil
	}
	switch c.on {
	case secret.TargetMatch:
		return matches(c.regex, m.text)
	case secret.TargetLine:
		return s.lineHolds(c, m)
	}
	return matches(c.regex, m.secret)
}

func matches(expr *expression, text string) bool {
	return text != "" && expr.matches(text)
}
