package leaks

import (
	"regexp/syntax"
	"unicode/utf8"
)

// Unbounded is an extent without a limit.
const Unbounded = -1

// Extent is how far the matches of an expression reach at most.
type Extent struct {
	Bytes int
	Lines int // line ends in a match
}

func extentOf(re *syntax.Regexp) Extent {
	switch re.Op {
	case syntax.OpLiteral:
		return runesExtent(re.Rune)
	case syntax.OpCharClass:
		return classExtent(re.Rune)
	case syntax.OpAnyChar:
		return Extent{utf8.UTFMax, 1}
	case syntax.OpAnyCharNotNL:
		return Extent{utf8.UTFMax, 0}
	case syntax.OpCapture, syntax.OpQuest:
		return extentOf(re.Sub[0])
	case syntax.OpStar, syntax.OpPlus:
		return extentOf(re.Sub[0]).times(Unbounded)
	case syntax.OpRepeat:
		return extentOf(re.Sub[0]).times(re.Max)
	case syntax.OpConcat:
		var sum Extent
		for _, sub := range re.Sub {
			e := extentOf(sub)
			sum = Extent{add(sum.Bytes, e.Bytes), add(sum.Lines, e.Lines)}
		}
		return sum
	case syntax.OpAlternate:
		var most Extent
		for _, sub := range re.Sub {
			e := extentOf(sub)
			most = Extent{larger(most.Bytes, e.Bytes), larger(most.Lines, e.Lines)}
		}
		return most
	}
	return Extent{} // an assertion
}

func runesExtent(runes []rune) Extent {
	var e Extent
	for _, r := range runes {
		e.Bytes += utf8.UTFMax // folding case may lengthen it
		if r == '\n' {
			e.Lines++
		}
	}
	return e
}

func classExtent(ranges []rune) Extent {
	e := Extent{Bytes: 1}
	for i := 0; i+1 < len(ranges); i += 2 {
		if ranges[i] <= '\n' && '\n' <= ranges[i+1] {
			e.Lines = 1
		}
		if ranges[i+1] >= utf8.RuneSelf {
			e.Bytes = utf8.UTFMax
		}
	}
	return e
}

func (e Extent) times(n int) Extent { return Extent{multiply(e.Bytes, n), multiply(e.Lines, n)} }

func multiply(a, n int) int {
	if a == 0 || n == 0 {
		return 0
	}
	if a < 0 || n < 0 {
		return Unbounded
	}
	return a * n
}

func add(a, b int) int {
	if a < 0 || b < 0 {
		return Unbounded
	}
	return a + b
}

func larger(a, b int) int {
	if a < 0 || b < 0 {
		return Unbounded
	}
	return max(a, b)
}
