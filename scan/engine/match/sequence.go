package match

import (
	"encoding/binary"
	"regexp/syntax"
	"slices"
)

// Of what is repeated, this many copies stand by themselves in a sequence, so that there can be a cut between them.
const (
	copiesBefore = 4
	copiesBehind = 3
)

// sequence is re as expressions that follow one another, in parts as small as can be. It has the same matches, but not
// their preferences.
func sequence(re *syntax.Regexp) []*syntax.Regexp {
	switch re.Op {
	case syntax.OpEmptyMatch:
		return nil
	case syntax.OpCapture:
		return sequence(re.Sub[0])
	case syntax.OpConcat:
		var seq []*syntax.Regexp
		for _, sub := range re.Sub {
			seq = append(seq, sequence(sub)...)
		}
		return seq
	case syntax.OpLiteral:
		var seq []*syntax.Regexp
		for i := range re.Rune {
			seq = append(seq, &syntax.Regexp{Op: syntax.OpLiteral, Flags: re.Flags, Rune: re.Rune[i : i+1]})
		}
		return seq
	case syntax.OpPlus, syntax.OpRepeat:
		return unrolled(re)
	}
	return []*syntax.Regexp{re}
}

func unrolled(re *syntax.Regexp) []*syntax.Regexp {
	from, to := repetition(re)
	before := min(from, copiesBefore)
	behind := min(from-before, copiesBehind)
	if re.Sub[0].Op != syntax.OpCharClass {
		before, behind = min(before, 1), 0
	}
	seq := slices.Concat(slices.Repeat(sequence(re.Sub[0]), before))
	from -= before + behind
	if to != Unbounded {
		to -= before + behind
	}
	if to != 0 {
		seq = append(seq, repeated(re.Sub[0], from, to))
	}
	return append(seq, slices.Repeat(sequence(re.Sub[0]), behind)...)
}

// repeated is sub from so often to so often. Package syntax has other words for where to has no end.
func repeated(sub *syntax.Regexp, from, to int) *syntax.Regexp {
	re := &syntax.Regexp{Op: syntax.OpRepeat, Sub: []*syntax.Regexp{sub}, Min: from, Max: to}
	if from == 0 && to == Unbounded {
		re.Op = syntax.OpStar
	}
	return re
}

// isAssertion reports whether re takes no byte whatever it stands before.
func isAssertion(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return true
	}
	return false
}

// concat is one expression for a sequence. It shares nothing with it nor within itself, as String of an expression that
// does is wrong (Go 1.26).
func concat(seq []*syntax.Regexp) *syntax.Regexp {
	if len(seq) == 0 {
		return &syntax.Regexp{Op: syntax.OpEmptyMatch}
	}
	re := &syntax.Regexp{Op: syntax.OpConcat}
	for _, sub := range seq {
		re.Sub = append(re.Sub, copied(sub))
	}
	return re
}

func copied(re *syntax.Regexp) *syntax.Regexp {
	c := *re
	c.Sub = nil
	for _, sub := range re.Sub {
		c.Sub = append(c.Sub, copied(sub))
	}
	return &c
}

// outset is the beginning of seq that has at least width bytes in any match, what is repeated in it cut short.
func outset(seq []*syntax.Regexp, width int) []*syntax.Regexp {
	var short []*syntax.Regexp
	for _, re := range seq {
		if width <= 0 {
			break
		}
		least, _ := widthOf(re)
		width -= least
		if re.Op == syntax.OpRepeat {
			to := re.Max
			if to > windowWidth {
				to = windowWidth
			}
			re = repeated(re.Sub[0], min(re.Min, windowWidth), to)
		}
		short = append(short, re)
	}
	return short
}

// alphabetOf adds to set the bytes that matches of re are made of.
func alphabetOf(re *syntax.Regexp, set *byteSet) {
	for _, sub := range re.Sub {
		alphabetOf(sub, set)
	}
	switch re.Op {
	case syntax.OpLiteral, syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
	default:
		return
	}
	for _, sub := range sequence(re) {
		a := newAutomaton(false, 0, nil)
		a.add(sub, 0)
		for i := range a.classes {
			set.addClass(&a.classes[i])
		}
	}
}

// spell appends what tells re from other expressions. Its String would do, but takes very long over large classes.
func spell(b []byte, re *syntax.Regexp) []byte {
	b = append(b, byte(re.Op), byte(re.Flags&syntax.FoldCase))
	b = binary.AppendVarint(b, int64(re.Min))
	b = binary.AppendVarint(b, int64(re.Max))
	b = binary.AppendVarint(b, int64(len(re.Rune)))
	for _, r := range re.Rune {
		b = binary.AppendVarint(b, int64(r))
	}
	b = binary.AppendVarint(b, int64(len(re.Sub)))
	for _, sub := range re.Sub {
		b = spell(b, sub)
	}
	return b
}
