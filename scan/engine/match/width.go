package match

import (
	"regexp/syntax"
	"unicode/utf8"
)

// widthOf is how many bytes a match of re has, at least and at most.
func widthOf(re *syntax.Regexp) (least, most int) {
	switch re.Op {
	case syntax.OpLiteral:
		for _, r := range re.Rune {
			least, most = least+1, most+runeWidth(re, r)
		}
	case syntax.OpCharClass:
		if len(re.Rune) == 0 {
			return 0, 0
		}
		return 1, widest(re.Rune[len(re.Rune)-1]) // a byte that is no UTF-8 counts as U+FFFD
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return 1, utf8.UTFMax
	case syntax.OpCapture:
		return widthOf(re.Sub[0])
	case syntax.OpConcat:
		return seqWidth(re.Sub)
	case syntax.OpAlternate:
		least, most = widthOf(re.Sub[0])
		for _, sub := range re.Sub[1:] {
			l, m := widthOf(sub)
			least, most = min(least, l), larger(most, m)
		}
	case syntax.OpStar, syntax.OpPlus, syntax.OpQuest, syntax.OpRepeat:
		l, m := widthOf(re.Sub[0])
		from, to := repetition(re)
		return l * from, times(m, to)
	}
	return least, most
}

// seqWidth is the width of expressions one after the other.
func seqWidth(seq []*syntax.Regexp) (least, most int) {
	for _, re := range seq {
		l, m := widthOf(re)
		least, most = least+l, plus(most, m)
	}
	return least, most
}

// runeWidth is how many bytes a rune of a literal has at most.
func runeWidth(re *syntax.Regexp, r rune) int {
	switch {
	case re.Flags&syntax.FoldCase == 0:
		return widest(r)
	case r == 'k' || r == 'K' || r == 's' || r == 'S':
		return len("\u212a")
	case r < utf8.RuneSelf:
		return 1
	}
	return utf8.UTFMax
}

func widest(r rune) int {
	if n := utf8.RuneLen(r); n > 0 {
		return n
	}
	return utf8.UTFMax
}

// repetition is how often re repeats its part; to may be Unbounded.
func repetition(re *syntax.Regexp) (from, to int) {
	switch re.Op {
	case syntax.OpStar:
		return 0, Unbounded
	case syntax.OpPlus:
		return 1, Unbounded
	case syntax.OpQuest:
		return 0, 1
	}
	return re.Min, re.Max
}

func plus(a, b int) int {
	if a == Unbounded || b == Unbounded {
		return Unbounded
	}
	return a + b
}

func times(width, n int) int {
	switch {
	case width == 0:
		return 0
	case width == Unbounded || n == Unbounded:
		return Unbounded
	}
	return width * n
}

func larger(a, b int) int {
	if a == Unbounded || b == Unbounded {
		return Unbounded
	}
	return max(a, b)
}
