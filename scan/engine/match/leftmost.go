package match

import (
	"regexp/syntax"
	"unicode/utf8"
)

// leftmost finds the matches of an expression in time in proportion to the text, however many places they could start
// at: an automaton that may begin anywhere runs to the end of the leftmost match, and one of the expression reversed runs
// from there to where that starts. Package regexp is linear, too, and takes a hundred times as long.
type leftmost struct {
	ahead *preferred
	back  *automaton
	pcs   []uint32 // of back
}

// madeMost is how many states a search may make before it is left to package regexp.
const madeMost = 10_000

func newLeftmost(expr string, m *memory) *leftmost {
	re := mustParse(expr)
	if mayBeEmpty(re) {
		return nil
	}
	anything := &syntax.Regexp{Op: syntax.OpStar, Flags: syntax.NonGreedy, Sub: []*syntax.Regexp{{Op: syntax.OpAnyChar}}}
	l := &leftmost{ahead: newPreferred(concat([]*syntax.Regexp{anything, re}), m), back: newAutomaton(false, kinds, m)}
	l.back.runes = true
	l.pcs = []uint32{l.back.add(reversed(re), 0)}
	l.back.seal(l.back.classes)
	return l
}

// reversed matches what re does, read from its end.
func reversed(re *syntax.Regexp) *syntax.Regexp {
	r := *re
	r.Sub, r.Rune = nil, re.Rune
	for i := range re.Sub {
		sub := i
		if re.Op == syntax.OpConcat {
			sub = len(re.Sub) - 1 - i
		}
		r.Sub = append(r.Sub, reversed(re.Sub[sub]))
	}
	switch re.Op {
	case syntax.OpLiteral:
		r.Rune = nil
		for i := len(re.Rune) - 1; i >= 0; i-- {
			r.Rune = append(r.Rune, re.Rune[i])
		}
	case syntax.OpBeginLine:
		r.Op = syntax.OpEndLine
	case syntax.OpEndLine:
		r.Op = syntax.OpBeginLine
	case syntax.OpBeginText:
		r.Op = syntax.OpEndText
	case syntax.OpEndText:
		r.Op = syntax.OpBeginText
	}
	return &r
}

// byLeftmost finds the matches between two places. It is not ok where some runes have to be told apart, or there are too
// many states.
func (sc *scan) byLeftmost(l *leftmost, from, to int) (ok bool) {
	left := madeMost
	for pos := runeBegin(sc.text, from); ; {
		end, v := l.end(sc.text, pos, to, &left)
		if v != matchThere {
			return v == nothingThere
		}
		start, v := l.start(sc.text, pos, end, &left)
		if v != matchThere {
			return false
		}
		sc.matches = append(sc.matches, span{start, end})
		pos = end
	}
}

// end is where the leftmost match ends that starts at pos or behind, and ends at most at most.
func (l *leftmost) end(text string, pos, most int, left *int) (end int, v verdict) {
	p := l.ahead
	k := kindBefore(text, pos)
	st, s := p.start(int(k), k, p.pcs)
	for i := pos; i < len(text) && i <= most; {
		b, width := text[i], 1
		if b >= utf8.RuneSelf {
			b, width = symbol(text[i:])
		}
		if st, s, v = p.goOn(st, s, b, v, left); v == unsure {
			return 0, v
		}
		if s.stops() {
			if len(st.found(s)) > 0 {
				end, v = i, matchThere
			}
			if st.dead(s) {
				return end, v
			}
		}
		i += width
	}
	if most == len(text) && len(p.atEnd(st, s)) > 0 {
		end, v = len(text), matchThere
	}
	return end, v
}

// start is where the match that ends at end starts, at pos or behind.
func (l *leftmost) start(text string, pos, end int, left *int) (start int, v verdict) {
	a := l.back
	k := begin // so read, the end of the text is its begin
	if end < len(text) {
		k = kindOf(text[end])
	}
	st, s := a.start(int(k), k, l.pcs)
	for i := end; ; {
		if i == 0 {
			if len(a.atEnd(st, s)) > 0 {
				start, v = 0, matchThere
			}
			return start, v
		}
		b, width := text[i-1], 1
		if b >= utf8.RuneSelf {
			b, width = lastSymbol(text[:i])
		}
		if st, s, v = a.goOn(st, s, b, v, left); v == unsure {
			return 0, v
		}
		if s.stops() {
			if len(st.found(s)) > 0 {
				start, v = i, matchThere
			}
			if st.dead(s) {
				return start, v
			}
		}
		if i -= width; i < pos {
			return start, v
		}
	}
}

// goOn is next, with a bound on the states that are made.
func (a *automaton) goOn(st *store, s state, b byte, v verdict, left *int) (*store, state, verdict) {
	column := a.columns.of[b]
	if next := st.to(s, column); next != 0 {
		s = next
	} else {
		st, s = a.step(st, s, column)
		*left--
	}
	if *left < 0 || s.stops() && st.unsure(s) {
		v = unsure
	}
	return st, s, v
}

// lastSymbol is symbol of the rune that text ends with.
func lastSymbol(text string) (b byte, width int) {
	_, width = utf8.DecodeLastRuneInString(text)
	b, _ = symbol(text[len(text)-width:])
	return b, width
}
