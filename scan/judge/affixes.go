package judge

import "strings"

// prefixes finds whether a text begins with one of many words, by the first byte of each.
type prefixes [256][]string

func newPrefixes(words []string) (p prefixes) {
	for _, w := range words {
		p[w[0]] = append(p[w[0]], w)
	}
	return p
}

func (p *prefixes) match(s string) bool {
	if s == "" {
		return false
	}
	for _, w := range p[s[0]] {
		if strings.HasPrefix(s, w) {
			return true
		}
	}
	return false
}

// suffixes does so at the end.
type suffixes [256][]string

func newSuffixes(words []string) (p suffixes) {
	for _, w := range words {
		last := w[len(w)-1]
		p[last] = append(p[last], w)
	}
	return p
}

func (p *suffixes) match(s string) bool {
	if s == "" {
		return false
	}
	for _, w := range p[s[len(s)-1]] {
		if strings.HasSuffix(s, w) {
			return true
		}
	}
	return false
}
