package match

import (
	"math/bits"
	"regexp/syntax"
	"slices"
)

const (
	windowWidth = 4
	maxWindows  = 64 // of one cut
)

// window is four classes of bytes that follow a cut.
type window struct {
	classes [windowWidth]byteSet
	lead    int
	odd     bool
}

// windowsOf is windows of which one stands at each match of re, or nil where these are too many to be of use. Where re
// begins at the border of a word, they may begin one byte earlier.
func windowsOf(re *syntax.Regexp, border bool) [][]window {
	set := enumerate(re)
	if set == nil {
		return nil
	}
	choices := [][]window{set}
	if border && !slices.ContainsFunc(set, func(w window) bool { return !wordsOnly(w.classes[0]) }) {
		choices = append(choices, led(set))
	}
	return choices
}

func wordsOnly(set byteSet) bool {
	for b := range 256 {
		if set.has(byte(b)) && kindOf(byte(b)) != word && !oddBytes.has(byte(b)) {
			return false
		}
	}
	return true
}

// led is windows moved to begin with the byte in front of them, which is in no word.
func led(set []window) []window {
	front := noASCII
	for b := range byte(0x80) {
		if kindOf(b) != word {
			front.add(b)
		}
	}
	moved := slices.Clone(set)
	for i := range moved {
		w := &moved[i]
		if w.odd {
			continue // an odd rune is in no word either: its border is that with a word
		}
		copy(w.classes[1:], w.classes[:windowWidth-1])
		w.classes[0], w.lead = front, 1
	}
	return moved
}

// enumerate goes through an expression's first bytes, in as many windows as tell its ways apart or, where these are too
// many, in fewer and wider ones.
func enumerate(re *syntax.Regexp) []window {
	for apart := windowWidth - 1; apart >= 0; apart-- {
		e := &enumeration{automaton: newAutomaton(false, 0, nil), apart: apart}
		first := e.add(re, 0)
		e.walk([]item{newItem(first, nothing)}, window{}, 0)
		if len(e.windows) <= maxWindows {
			return e.windows
		}
	}
	return nil
}

// enumeration gathers windows. Down to a depth it keeps apart the bytes that lead to different places.
type enumeration struct {
	*automaton
	apart   int
	windows []window
}

const anyAssertion = ^syntax.EmptyOp(0)

func (e *enumeration) walk(items []item, w window, depth int) {
	if depth == windowWidth || len(e.windows) > maxWindows {
		e.windows = append(e.windows, w)
		return
	}
	e.expand(items, anyAssertion)
	if len(e.found) > 0 { // anything can follow, or nothing, which is taken for a byte 0
		for i := depth; i < windowWidth; i++ {
			w.classes[i] = allBytes
		}
		e.windows = append(e.windows, w)
		return
	}
	for _, s := range e.successors(depth) {
		w := w
		w.classes[depth] = s.bytes
		w.odd = w.odd || s.odd
		e.walk(s.items, w, depth+1)
	}
}

// successor is where some bytes lead.
type successor struct {
	bytes byteSet
	odd   bool
	items []item
}

func (e *enumeration) successors(depth int) []successor {
	var list []successor
	open := slices.Clone(e.open)
	e.ascii(open, func(bytes byteSet, items []item) { list = e.merge(list, successor{bytes, false, items}, depth) })
	for _, b := range []byte("\u212a\u017f") {
		if items := e.after(open, b, true); len(items) > 0 {
			s := successor{odd: true, items: items}
			s.bytes.add(b)
			list = e.merge(list, s, depth)
		}
	}
	if items := e.after(open, 0x80, false); len(items) > 0 {
		list = e.merge(list, successor{noASCII, false, items}, depth)
	}
	return list
}

// after is where byte b leads: in odd runes, or in all others.
func (e *enumeration) after(open []item, b byte, odd bool) []item {
	e.items = e.items[:0]
	e.round++
	for _, it := range open {
		part := it.part()
		if b < 0x80 || odd == (part != inRune && !(part == nothing && e.class(it).loose)) {
			e.advance(it, b)
		}
	}
	return slices.Clone(e.items)
}

// ascii calls use with each set of ASCII bytes that lead to the same places.
func (e *enumeration) ascii(open []item, use func(byteSet, []item)) {
	left := byteMask{^uint64(0), ^uint64(0)}
	for left != (byteMask{}) {
		b := byte(bits.TrailingZeros64(left[0]))
		if left[0] == 0 {
			b = 64 + byte(bits.TrailingZeros64(left[1]))
		}
		same := left
		for _, it := range open {
			if it.part() != nothing {
				continue
			}
			mask := e.class(it).ascii
			if !mask.has(b) {
				mask = byteMask{^mask[0], ^mask[1]}
			}
			same = byteMask{same[0] & mask[0], same[1] & mask[1]}
		}
		left = byteMask{left[0] &^ same[0], left[1] &^ same[1]}
		if items := e.after(open, b, false); len(items) > 0 {
			use(byteSet{same[0], same[1]}, items)
		}
	}
}

// merge adds s to list, to one that leads to the same places or, beyond the depth, to any other.
func (e *enumeration) merge(list []successor, s successor, depth int) []successor {
	slices.Sort(s.items)
	for i := range list {
		old := &list[i]
		if old.odd == s.odd && (depth >= e.apart || slices.Equal(old.items, s.items)) {
			old.bytes.union(s.bytes)
			old.items = slices.Compact(slices.Sorted(slices.Values(append(old.items, s.items...))))
			return list
		}
	}
	return append(list, s)
}
