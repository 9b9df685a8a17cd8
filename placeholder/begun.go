package placeholder

import (
	"bytes"
	"cmp"
	"slices"
	"sort"
	"strings"
)

// prefixes adds what begins as a token does and was not found: those of other sessions, and beginnings of known ones.
func (f *finder) prefixes() {
	var more []Occurrence
	next := 0
	for at := 0; ; {
		i := bytes.Index(f.text[at:], []byte(prefix))
		if i < 0 {
			break
		}
		start := at + i
		at = start + len(prefix)
		for next < len(f.found) && f.found[next].End <= start {
			next++
		}
		if next < len(f.found) && f.found[next].Start < at {
			continue
		}
		limit := min(len(f.text), start+maxToken)
		if next < len(f.found) {
			limit = min(limit, f.found[next].Start)
		}
		if o, ok := f.begun(start, limit); ok {
			more = append(more, o)
			at = o.End
		}
	}
	if more != nil {
		f.found = append(f.found, more...)
		slices.SortFunc(f.found, func(a, b Occurrence) int { return cmp.Compare(a.Start, b.Start) })
	}
}

// begun is the token that begins at start, or the beginning of one of the set with the whole rule.
func (f *finder) begun(start, limit int) (Occurrence, bool) {
	end := start
	for end < limit && inToken(f.text[end]) {
		end++
	}
	word := string(f.text[start:end])
	for size := len(prefix) + 2 + tagSize; size <= len(word); size++ {
		if isToken(word[:size]) {
			return Occurrence{start, start + size, word[:size], Whole, false}, true
		}
	}
	if f.set == nil {
		return Occurrence{}, false
	}
	tokens := f.set.tokens
	i := sort.Search(len(tokens), func(i int) bool { return tokens[i].text >= word })
	if i < len(tokens) && strings.HasPrefix(tokens[i].text, word) && len(word) > len(tokens[i].text)-tagSize {
		return Occurrence{start, end, tokens[i].text, Truncated, true}, true
	}
	return Occurrence{}, false
}
