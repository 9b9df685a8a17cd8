package match

import "regexp/syntax"

// Gap is something that every match has behind a cut: up to Most bytes of class In, then one of class Stop. Not more than
// Within bytes behind where that stands begin Least bytes or more of class Run. Between a word such as "token" and its
// value stand more letters and an operator; looking for that first, and how long the value is, spares most runs of the
// automaton. A Gap of Most 0 is none; one of Least 0 has no run.
type Gap struct {
	In, Stop, Most     int
	Run, Within, Least int
}

// Bounds of a gap that is of use.
const (
	gapLeast   = 16 // bytes in its class
	gapLongest = 256
	stopMost   = 48 // bytes in the class that it stops at
	runMost    = 96 // bytes in the class of a run
	runLeast   = 6  // bytes in it
	runEnough  = 16
	runWithin  = 40
)

// gap is a Gap to be looked for, of one cut or of several: then it is each of theirs, and more.
type gap struct {
	bytes               [256]uint8 // inGap, atStop, or neither
	run                 [256]bool
	most, within, least int
}

const (
	inGap  = 1 << iota
	atStop // where both, one gap stops there and another goes on
)

// gapOf finds the first part of seq whose first bytes are none of those before it.
func (d *deriver) gapOf(seq []*syntax.Regexp) Gap {
	var in byteSet
	most := 0
	for i, re := range seq {
		if least, _ := widthOf(re); least > 0 && most > windowWidth && in.size() >= gapLeast {
			if first := firstBytes(re); first.size() <= stopMost && first.disjoint(&in) {
				g := Gap{In: d.class(&in), Stop: d.class(&first), Most: most}
				d.addRun(&g, seq[i:])
				return g
			}
		}
		_, width := widthOf(re)
		if most = plus(most, width); most == Unbounded || most > gapLongest {
			break
		}
		alphabetOf(re, &in)
	}
	return Gap{}
}

// addRun finds the longest run that is behind a few parts of seq.
func (d *deriver) addRun(g *Gap, seq []*syntax.Regexp) {
	within := 0
	for i, re := range seq {
		if class, least := runOf(seq[i:]); least > g.Least {
			g.Run, g.Within, g.Least = d.class(&class), within, least
		}
		_, width := widthOf(re)
		if within = plus(within, width); within == Unbounded || within > runWithin {
			return
		}
	}
}

// runOf is how many bytes of some class seq begins with, at least.
func runOf(seq []*syntax.Regexp) (class byteSet, least int) {
	for _, re := range seq {
		wider := class
		alphabetOf(re, &wider)
		if wider.size() > runMost {
			break
		}
		width, _ := widthOf(re)
		class, least = wider, least+width
		if least >= runEnough {
			return class, runEnough
		}
	}
	if least < runLeast {
		return byteSet{}, 0
	}
	return class, least
}

// firstBytes is the bytes that a match of re can begin with.
func firstBytes(re *syntax.Regexp) (set byteSet) {
	a := newAutomaton(false, 0, nil)
	a.expand([]item{newItem(a.add(re, 0), nothing)}, anyAssertion)
	for _, it := range a.open {
		set.addClass(a.class(it))
	}
	return set
}

func (s *byteSet) disjoint(t *byteSet) bool {
	for i := range s {
		if s[i]&t[i] != 0 {
			return false
		}
	}
	return true
}

// newGap is what any of the gaps of some cuts needs, or nil where one of them has none.
func newGap(cuts []int, all []cut, classes [][256]bool) *gap {
	n := &gap{least: runEnough}
	for _, id := range cuts {
		g := &all[id].gap
		if g.Most == 0 {
			return nil
		}
		n.most, n.within, n.least = max(n.most, g.Most), max(n.within, g.Within), min(n.least, g.Least)
		for b := range n.bytes {
			switch {
			case classes[g.Stop][b]:
				n.bytes[b] |= atStop
			case classes[g.In][b]:
				n.bytes[b] |= inGap
			}
			n.run[b] = n.run[b] || classes[g.Run][b]
		}
	}
	return n
}

// follows reports whether text has the gap at a place.
func (g *gap) follows(text string, at int) bool {
	part := text[at:min(at+g.most+1, len(text))]
	for i := range len(part) {
		if what := g.bytes[part[i]]; what != inGap {
			return what != 0 && (what != atStop || g.least == 0 || g.runs(text[at+i:]))
		}
	}
	return false
}

// runs reports whether a run begins near enough to the begin of text.
func (g *gap) runs(text string) bool {
	n := 0
	for i := range min(g.within+g.least, len(text)) {
		if !g.run[text[i]] {
			if n = 0; i >= g.within {
				return false
			}
			continue
		}
		if n++; n == g.least {
			return true
		}
	}
	return false
}
