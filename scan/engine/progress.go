package engine

import (
	"slices"
	"strings"
)

// progress is what is known about a rule in a search.
type progress struct {
	touched bool
	applies verdict // to the path
	keyword verdict // one is in the text of this pass
	matches int
}

type verdict uint8

const (
	unknown verdict = iota
	no
	yes
)

func verdictOf(b bool) verdict {
	if b {
		return yes
	}
	return no
}

func (s *search) progress(r *rule) *progress {
	p := &s.rules[r.place]
	if !p.touched {
		p.touched = true
		s.touched = append(s.touched, r.place)
	}
	return p
}

// applies says whether a rule has to do with the path.
func (s *search) applies(r *rule) bool {
	p := s.progress(r)
	if p.applies == unknown {
		ok := r.path == nil || r.path.matches(s.path)
		p.applies = verdictOf(ok && s.passes(r.skips) && s.allowed())
	}
	return p.applies == yes
}

// allowed says whether the config does not pass over the path.
func (s *search) allowed() bool {
	if s.global == unknown {
		s.global = verdictOf(s.passes(s.engine.global))
	}
	return s.global == yes
}

func (s *search) passes(skips []*skip) bool {
	return !slices.ContainsFunc(skips, func(k *skip) bool { return matches(k.paths, s.path) })
}

// keyword says whether a text has one of the rule's keywords, which mostly are in what it matched. It is asked last: the
// whole text in lower case may cost as much as the search did.
func (s *search) keyword(r *rule, matched string) bool {
	if len(r.Keywords) == 0 {
		return true
	}
	p := s.progress(r)
	if p.keyword == unknown {
		p.keyword = verdictOf(hasKeyword(r, strings.ToLower(matched)) || hasKeyword(r, s.lowered()))
	}
	return p.keyword == yes
}

// lowered is the text of this pass as gitleaks folds it, which is not how (?i) folds.
func (s *search) lowered() string {
	if s.lower == "" {
		s.lower = strings.ToLower(s.current)
	}
	return s.lower
}

func hasKeyword(r *rule, lower string) bool {
	return slices.ContainsFunc(r.Keywords, func(word string) bool { return word != "" && strings.Contains(lower, word) })
}
