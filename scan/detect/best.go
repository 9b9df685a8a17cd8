package detect

import (
	"cmp"
	"slices"
)

// best leaves out, of matches that overlap, those that only say less well what another says: a guess where a rule knows
// the form, and what lies wholly in a match that is worth more. No byte is lost by it: a match that takes the place of a
// guess takes its bytes too.
func best(list []Match) []Match {
	if len(list) < 2 {
		return list
	}
	slices.SortStableFunc(list, func(a, b Match) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End)) })
	gone := make([]bool, len(list))
	for i := range list {
		for j := i + 1; j < len(list) && !gone[i] && list[j].Start < list[i].End; j++ {
			if gone[j] {
				continue
			}
			switch a, b := &list[i], &list[j]; {
			case a.yields(b):
				gone[i] = true
				b.cover(a)
			case b.yields(a):
				gone[j] = true
				a.cover(b)
			}
		}
	}
	kept := list[:0]
	for i := range list {
		if !gone[i] {
			kept = append(kept, list[i])
		}
	}
	return kept
}

// yields reports whether other makes f superfluous.
func (m *Match) yields(other *Match) bool {
	if m.Guess != other.Guess {
		return m.Guess
	}
	if other.Start > m.Start || m.End > other.End {
		return false
	}
	if m.part != other.part {
		return m.part
	}
	return m.worth() <= other.worth()
}

func (m *Match) worth() int { return slices.Index(severities, m.Severity) }

// severities from the least to the worst.
var severities = []string{"low", "medium", "high", "critical"}

// cover takes the bytes of a match that yields. What was decoded is a place of its own.
func (m *Match) cover(other *Match) {
	if len(m.Decoded) == 0 && len(other.Decoded) == 0 {
		m.Start, m.End = min(m.Start, other.Start), max(m.End, other.End)
	}
}
