package engine

import (
	"slices"
	"strings"
	"sync"
)

// stopWords are words one of which makes a secret no secret, in any case. They are sorted by their first two bytes when
// first needed: the default config has about 1,450 for one rule.
type stopWords struct {
	source []string
	once   sync.Once
	single [256]bool            // words of one byte
	starts [1 << 16 / 64]uint64 // the first two bytes of the others, as a set
	byPair map[uint16][]string
}

func newStopWords(source []string) *stopWords {
	if len(source) == 0 {
		return nil
	}
	return &stopWords{source: source}
}

// build leaves empty words out: gitleaks' search never finds one.
func (w *stopWords) build() {
	w.byPair = map[uint16][]string{}
	for _, word := range w.source {
		word = strings.ToLower(word)
		switch len(word) {
		case 0:
		case 1:
			w.single[word[0]] = true
		default:
			pair := uint16(word[0])<<8 | uint16(word[1])
			w.starts[pair/64] |= 1 << (pair % 64)
			w.byPair[pair] = append(w.byPair[pair], word)
		}
	}
}

func (w *stopWords) in(text string) bool {
	w.once.Do(w.build)
	text = strings.ToLower(text)
	for i := range len(text) {
		if w.single[text[i]] {
			return true
		}
		if i+1 == len(text) {
			break
		}
		pair := uint16(text[i])<<8 | uint16(text[i+1])
		if w.starts[pair/64]&(1<<(pair%64)) == 0 {
			continue
		}
		if slices.ContainsFunc(w.byPair[pair], func(word string) bool { return strings.HasPrefix(text[i:], word) }) {
			return true
		}
	}
	return false
}
