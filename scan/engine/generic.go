package engine

import (
	"index/suffixarray"
	"slices"
	"strings"
)

// withoutGeneric drops what a generic rule found where another rule found a secret that contains it, in the same line.
func (s *search) withoutGeneric() []Match {
	if !slices.ContainsFunc(s.matches, func(m Match) bool { return m.rule.generic }) {
		return s.matches
	}
	lines := map[int]*lineSecrets{}
	for i := range s.matches {
		if m := &s.matches[i]; !m.rule.generic {
			line := s.start(m).StartLine
			if lines[line] == nil {
				lines[line] = &lineSecrets{}
			}
			lines[line].add(m.Secret)
		}
	}
	return slices.DeleteFunc(s.matches, func(m Match) bool {
		if !m.rule.generic {
			return false
		}
		known := lines[s.start(&m).StartLine]
		if known == nil {
			return false
		}
		contains, tried := known.contain(m.Secret)
		s.truncated = s.truncated || !tried
		return contains
	})
}

// lineSecrets are the secrets that other rules found in one line.
type lineSecrets struct {
	list  []string
	size  int                // bytes in list
	tried int                // bytes searched through
	index *suffixarray.Index // of all, for many questions; nil until then
}

const (
	plainSearch = 64 << 20 // bytes that may be searched through without an index
	maxIndexed  = 8 << 20  // bytes that an index may have: it takes four times as much memory
	separator   = "\xff"   // between secrets in the index: no valid text has it
)

func (l *lineSecrets) add(secret string) {
	l.list = append(l.list, secret)
	l.size += len(secret)
}

// contain says whether one of them contains secret. That takes time in proportion to both for each question, so many
// questions are put to an index, and what cannot be put to it is given up after a while: the finding stays then.
func (l *lineSecrets) contain(secret string) (contains, tried bool) {
	switch {
	case l.tried < plainSearch:
		l.tried += l.size
		return slices.ContainsFunc(l.list, func(other string) bool { return strings.Contains(other, secret) }), true
	case l.size > maxIndexed || strings.Contains(secret, separator):
		return false, false
	case l.index == nil:
		l.index = suffixarray.New([]byte(strings.Join(l.list, separator)))
	}
	return len(l.index.Lookup([]byte(secret), 1)) > 0 || secret == "", true
}
