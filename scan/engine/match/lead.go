package match

import (
	"regexp/syntax"
	"unicode/utf8"
)

// reluctant is how an expression begins that takes some runes of a class, as few as it can, before all else: most rules for
// a value beside a word do, as [\w.-]{0,50}?. What follows matches where it would match alone, and the match starts as far
// before that as the class goes. So an automaton need not count these runes, of which each number would be a state.
type reluctant struct {
	class *syntax.Regexp
	most  int // runes; Unbounded for any number
}

// withoutReluctant takes such a begin off re. It is nil where there is none.
func withoutReluctant(re *syntax.Regexp) (lead *reluctant, rest *syntax.Regexp) {
	for re.Op == syntax.OpCapture {
		re = re.Sub[0]
	}
	if re.Op != syntax.OpConcat || len(re.Sub) < 2 {
		return nil, re
	}
	first := re.Sub[0]
	if first.Flags&syntax.NonGreedy == 0 {
		return nil, re
	}
	most := first.Max
	switch {
	case first.Op == syntax.OpStar:
		most = Unbounded
	case first.Op != syntax.OpRepeat || first.Min != 0:
		return nil, re
	}
	switch first.Sub[0].Op {
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
	default:
		return nil, re
	}
	rest = concat(re.Sub[1:])
	if mayBeEmpty(rest) {
		return nil, re
	}
	return &reluctant{first.Sub[0], most}, rest
}

// start is where a match starts whose rest does so at a place: at low at the earliest.
func (l *reluctant) start(text string, at, low int) int {
	for n := 0; at > low && n != l.most; n++ {
		r, width := utf8.DecodeLastRuneInString(text[low:at])
		if !l.takes(r) {
			break
		}
		at -= width
	}
	return at
}

func (l *reluctant) takes(r rune) bool {
	switch l.class.Op {
	case syntax.OpAnyChar:
		return true
	case syntax.OpAnyCharNotNL:
		return r != '\n'
	}
	for i := 0; i+1 < len(l.class.Rune); i += 2 {
		if l.class.Rune[i] <= r && r <= l.class.Rune[i+1] {
			return true
		}
	}
	return false
}
