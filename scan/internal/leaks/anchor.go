package leaks

import (
	"regexp/syntax"
	"strings"
	"unicode"
	"unicode/utf8"
)

// anchor is a text that a match of a rule contains, in lower case, and what must follow it: least bytes of a class.
type anchor struct {
	text  string
	least int
	class *[256]bool
}

// anchors is a set of anchors of which every match of re, in ASCII lower case, contains one; nil where the expression
// has none. The best set is taken: the one whose shortest text is longest.
//
// Folding case, Go takes U+017F for an s and U+212A for a k; matches with those runes may have no anchor.
func anchors(re *syntax.Regexp) []anchor { return literalsOf(re).best }

// literals is what is known of the matches of an expression: that they are exactly one of a set, or contain one.
type literals struct {
	exact []anchor // nil where it is not a small set; nothing follows them
	best  []anchor
}

const maxLiterals = 64

func literalsOf(re *syntax.Regexp) literals {
	switch re.Op {
	case syntax.OpEmptyMatch, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText,
		syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return literals{exact: []anchor{{}}}
	case syntax.OpLiteral:
		return exactly([]anchor{{text: strings.ToLower(string(re.Rune))}})
	case syntax.OpCharClass:
		return classLiterals(re.Rune)
	case syntax.OpCapture:
		return literalsOf(re.Sub[0])
	case syntax.OpConcat:
		return concatLiterals(re.Sub)
	case syntax.OpAlternate:
		return alternateLiterals(re.Sub)
	case syntax.OpPlus:
		return literals{best: literalsOf(re.Sub[0]).best}
	case syntax.OpRepeat:
		if re.Min > 0 {
			return literals{best: literalsOf(re.Sub[0]).best}
		}
	}
	return literals{}
}

func exactly(set []anchor) literals {
	l := literals{exact: set}
	if shortest(set) > 0 {
		l.best = set
	}
	return l
}

func classLiterals(ranges []rune) literals {
	var set []anchor
	for i := 0; i+1 < len(ranges); i += 2 {
		for r := ranges[i]; r <= ranges[i+1]; r++ {
			if len(set) == 4 {
				return literals{}
			}
			set = append(set, anchor{text: string(unicode.ToLower(r))})
		}
	}
	return exactly(set)
}

func concatLiterals(subs []*syntax.Regexp) literals {
	run := []anchor{{}}
	var best []anchor
	whole := true
	for _, sub := range subs {
		l := literalsOf(sub)
		if l.exact == nil || len(run)*len(l.exact) > maxLiterals {
			best = better(best, followed(run, sub))
			run, whole = []anchor{{}}, false
		}
		if l.exact == nil || len(l.exact) > maxLiterals {
			best = better(best, l.best)
			continue
		}
		run = product(run, l.exact)
	}
	best = better(best, run)
	if whole {
		return literals{exact: run, best: best}
	}
	return literals{best: best}
}

// followed is a set of anchors that sub follows.
func followed(set []anchor, sub *syntax.Regexp) []anchor {
	for sub.Op == syntax.OpCapture {
		sub = sub.Sub[0]
	}
	least := 1
	switch {
	case sub.Op == syntax.OpRepeat:
		least, sub = sub.Min, sub.Sub[0]
	case sub.Op == syntax.OpPlus:
		sub = sub.Sub[0]
	}
	if sub.Op != syntax.OpCharClass || least == 0 {
		return set
	}
	class := classBytes(sub.Rune)
	after := make([]anchor, len(set))
	for i, a := range set {
		after[i] = anchor{a.text, least, class}
	}
	return after
}

// classBytes is the bytes that characters of a class are made of.
func classBytes(ranges []rune) *[256]bool {
	var class [256]bool
	for c := range class {
		for i := 0; i+1 < len(ranges); i += 2 {
			if r := rune(c); ranges[i] <= r && r <= ranges[i+1] || c >= utf8.RuneSelf && ranges[i+1] >= utf8.RuneSelf {
				class[c] = true
			}
		}
	}
	return &class
}

func alternateLiterals(subs []*syntax.Regexp) literals {
	var union literals
	for i, sub := range subs {
		l := literalsOf(sub)
		if l.exact == nil || i > 0 && union.exact == nil || len(union.exact)+len(l.exact) > maxLiterals {
			union.exact = nil
		} else {
			union.exact = append(union.exact, l.exact...)
		}
		if l.best == nil || i > 0 && union.best == nil || len(union.best)+len(l.best) > maxLiterals {
			union.best = nil
		} else {
			union.best = append(union.best, l.best...)
		}
	}
	return union
}

func product(a, b []anchor) []anchor {
	all := make([]anchor, 0, len(a)*len(b))
	for _, x := range a {
		for _, y := range b {
			all = append(all, anchor{text: x.text + y.text})
		}
	}
	return all
}

// better is the set whose shortest text is longer, the smaller one among equals.
func better(a, b []anchor) []anchor {
	la, lb := shortest(a), shortest(b)
	if lb > la || lb == la && lb > 0 && len(b) < len(a) {
		return b
	}
	if la == 0 {
		return nil
	}
	return a
}

func shortest(set []anchor) int {
	if len(set) == 0 {
		return 0
	}
	n := len(set[0].text)
	for _, a := range set {
		n = min(n, len(a.text))
	}
	return n
}
