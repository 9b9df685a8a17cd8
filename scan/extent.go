package scan

import (
	"regexp/syntax"
	"unicode/utf8"
)

// unbounded is an extent without a limit.
const unbounded = -1

// extent is how far the matches of an expression reach at most.
type extent struct {
	bytes int
	lines int // line ends in a match
}

func extentOf(re *syntax.Regexp) extent {
	switch re.Op {
	case syntax.OpLiteral:
		return runesExtent(re.Rune)
	case syntax.OpCharClass:
		return classExtent(re.Rune)
	case syntax.OpAnyChar:
		return extent{utf8.UTFMax, 1}
	case syntax.OpAnyCharNotNL:
		return extent{utf8.UTFMax, 0}
	case syntax.OpCapture, syntax.OpQuest:
		return extentOf(re.Sub[0])
	case syntax.OpStar, syntax.OpPlus:
		return extentOf(re.Sub[0]).times(unbounded)
	case syntax.OpRepeat:
		return extentOf(re.Sub[0]).times(re.Max)
	case syntax.OpConcat:
		var sum extent
		for _, sub := range re.Sub {
			e := extentOf(sub)
			sum = extent{add(sum.bytes, e.bytes), add(sum.lines, e.lines)}
		}
		return sum
	case syntax.OpAlternate:
		var most extent
		for _, sub := range re.Sub {
			e := extentOf(sub)
			most = extent{larger(most.bytes, e.bytes), larger(most.lines, e.lines)}
		}
		return most
	}
	return extent{} // an assertion
}

func runesExtent(runes []rune) extent {
	var e extent
	for _, r := range runes {
		e.bytes += utf8.UTFMax // folding case may lengthen it
		if r == '\n' {
			e.lines++
		}
	}
	return e
}

func classExtent(ranges []rune) extent {
	e := extent{bytes: 1}
	for i := 0; i+1 < len(ranges); i += 2 {
		if ranges[i] <= '\n' && '\n' <= ranges[i+1] {
			e.lines = 1
		}
		if ranges[i+1] >= utf8.RuneSelf {
			e.bytes = utf8.UTFMax
		}
	}
	return e
}

func (e extent) times(n int) extent { return extent{multiply(e.bytes, n), multiply(e.lines, n)} }

func multiply(a, n int) int {
	if a == 0 || n == 0 {
		return 0
	}
	if a < 0 || n < 0 {
		return unbounded
	}
	return a * n
}

func add(a, b int) int {
	if a < 0 || b < 0 {
		return unbounded
	}
	return a + b
}

func larger(a, b int) int {
	if a < 0 || b < 0 {
		return unbounded
	}
	return max(a, b)
}
