package match

import (
	"cmp"
	"regexp/syntax"
	"slices"
	"unicode/utf8"
)

// preferred finds the match at a place that package regexp prefers.
type preferred struct {
	*automaton
	pcs  []uint32
	lead *reluctant // what is before it, or nil
}

func newPreferred(re *syntax.Regexp, m *memory) *preferred {
	p := &preferred{automaton: newAutomaton(true, kinds, m)}
	p.reserve(re)
	p.pcs = []uint32{p.add(re, 0)}
	p.seal(p.classes)
	return p
}

// newExact is what settles the matches of an expression.
func newExact(expr string, m *memory) *preferred {
	lead, rest := withoutReluctant(mustParse(expr))
	p := newPreferred(rest, m)
	p.lead = lead
	return p
}

// verdict is how a look at one place ended.
type verdict int

const (
	nothingThere verdict = iota
	matchThere
	unsure // some runes have to be told apart, or there is too much to keep
)

// at looks for a match that starts at a place of text, and returns its end and how many bytes that took.
func (p *preferred) at(text string, from int) (end, work int, v verdict) {
	k := kindBefore(text, from)
	st, s := p.start(int(k), k, p.pcs)
	for i := from; i < len(text); {
		b, width := text[i], 1
		if b >= utf8.RuneSelf {
			b, width = symbol(text[i:])
		}
		column := p.columns.of[b]
		if next := st.to(s, column); next != 0 {
			s = next
		} else {
			st, s = p.step(st, s, column)
		}
		if s.stops() {
			if len(st.found(s)) > 0 {
				end, v = i, matchThere
			}
			if st.unsure(s) {
				return 0, i - from, unsure
			}
			if st.dead(s) {
				return end, i - from, v
			}
		}
		i += width
	}
	if len(p.atEnd(st, s)) > 0 {
		end, v = len(text), matchThere
	}
	return end, len(text) - from, v
}

// symbol is what an automaton that takes whole runes takes for the one beyond ASCII that text begins with.
func symbol(text string) (b byte, width int) {
	r, width := utf8.DecodeRuneInString(text)
	switch r {
	case '\u212a':
		return kelvinSymbol, width
	case '\u017f':
		return longSSymbol, width
	}
	return otherSymbol, width
}

// settle finds the matches of a rule among its hits.
func (sc *scan) settle(rule int) {
	sc.matches = sc.matches[:0]
	f := &sc.found[rule]
	if f.whole {
		sc.everywhere(rule, 0, len(sc.text))
		return
	}
	f.follow()
	slices.SortFunc(f.hits, func(a, b hit) int { return cmp.Compare(a.from, b.from) })
	for hits := f.hits; len(hits) > 0; {
		n := cluster(hits)
		sc.settleCluster(rule, hits[:n])
		hits = hits[n:]
	}
}

// cluster is how many hits, beginning with the first, overlap. Matches of other ones can neither contain theirs nor be
// contained, so that each cluster can be looked at alone.
func cluster(hits []hit) int {
	end := hits[0].end
	for n, h := range hits {
		if h.from >= end {
			return n
		}
		end = max(end, h.end)
	}
	return len(hits)
}

// Bounds of the work of an automaton on a cluster: it begins anew at every place.
const (
	firstPerByte = 64
	firstFree    = 4096
)

func (sc *scan) settleCluster(rule int, hits []hit) {
	p := sc.set.rules[rule].first()
	before := len(sc.matches)
	end := 0
	for _, h := range hits {
		end = max(end, h.end)
	}
	left := firstPerByte*(end-hits[0].from) + firstFree
	pos, low := 0, 0
	for _, h := range hits {
		for from := max(runeBegin(sc.text, h.from), pos); from <= h.to; {
			to, n, v := p.at(sc.text, from)
			sc.work.first += n
			left -= n
			switch {
			case v == unsure || left < 0:
				sc.matches = sc.matches[:before]
				sc.everywhere(rule, hits[0].from, end)
				return
			case v == matchThere:
				start := from
				if p.lead != nil {
					start = p.lead.start(sc.text, from, low)
				}
				sc.matches = append(sc.matches, span{start, to})
				from, low = to, to
			case sc.text[from] < utf8.RuneSelf:
				from++
			default:
				_, width := symbol(sc.text[from:])
				from += width
			}
			pos = from
		}
	}
}

// everywhere finds the matches between two places, wherever they start.
func (sc *scan) everywhere(rule, from, to int) {
	before := len(sc.matches)
	l := sc.set.rules[rule].leftmost()
	if l == nil || !sc.byLeftmost(l, from, to) {
		sc.matches = sc.matches[:before]
		sc.byRegexp(rule, from, to)
	}
}

// byRegexp finds the matches between two places with package regexp. It gets a part of the text with a rune more on
// either side. Assertions can be wrong at the edges of the part; where a match touches one, the part is made wider.
// What begins or ends outside of the two places belongs to another cluster.
func (sc *scan) byRegexp(rule, from, to int) {
	before := len(sc.matches)
	for margin := 1; ; margin *= 16 {
		low, high := runeStart(sc.text, from-margin), runeStart(sc.text, to+margin+utf8.UTFMax)
		part := sc.text[low:high]
		sc.work.regexp += len(part)
		touches := false
		for _, m := range sc.set.rules[rule].regexp().FindAllStringIndex(part, -1) {
			s := span{low + m[0], low + m[1]}
			if s.end <= from && from > 0 || s.start >= to && to < len(sc.text) {
				continue
			}
			touches = touches || s.start == low && low > 0 || s.end == high && high < len(sc.text)
			sc.matches = append(sc.matches, s)
		}
		if !touches {
			return
		}
		sc.matches = sc.matches[:before]
	}
}

// runeStart is the last place up to at where package regexp, going through the text, sees a rune begin.
func runeStart(text string, at int) int {
	if at <= 0 {
		return 0
	}
	if at >= len(text) {
		return len(text)
	}
	for back := range min(utf8.UTFMax, at+1) {
		if utf8.RuneStart(text[at-back]) {
			return at - back
		}
	}
	return at // too many bytes that continue a rune: each is one of its own
}

// runeBegin is the first place from at on where package regexp sees a rune begin.
func runeBegin(text string, at int) int {
	from := runeStart(text, at)
	for from < at {
		_, width := utf8.DecodeRuneInString(text[from:])
		from += width
	}
	return from
}
