package leaks

import (
	"slices"
	"strings"
)

// Prefixes is a set of words in lower case, in order, none of which begins another one. A text contains one of them
// where it contains one of the words that they were made from.
type Prefixes []string

func newPrefixes(words []string) Prefixes {
	var lower []string
	for _, word := range words {
		if word != "" {
			lower = append(lower, strings.ToLower(word))
		}
	}
	slices.Sort(lower)
	var set Prefixes
	for _, word := range lower {
		if len(set) == 0 || !strings.HasPrefix(word, set[len(set)-1]) {
			set = append(set, word)
		}
	}
	return set
}

// In reports whether text, put in lower case, contains a word of the set.
func (p Prefixes) In(text string) bool {
	text = strings.ToLower(text)
	for ; text != ""; text = text[1:] {
		// What lies between a word and a text that it begins would begin with the word too: only the last word that is
		// not behind text can begin it.
		i, found := slices.BinarySearch(p, text)
		if found || i > 0 && strings.HasPrefix(text, p[i-1]) {
			return true
		}
	}
	return false
}
