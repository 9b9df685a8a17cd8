package match

import (
	"regexp/syntax"
	"strings"
	"sync"
	"unicode/utf8"
)

// searcher is a rule that is looked for in a pass of its own.
type searcher struct {
	rule     int
	plain    bool
	always   bool
	keywords []string
	sieve    func() *sieve // of its cuts, or nil
	odd      func() *buckets
	ends     func() *ending
}

// ending finds where matches of an expression end.
type ending struct {
	*automaton
	pcs   []uint32
	width int // of a match, at most
}

func newSearchers(exprs []Expr, t *Tables, m *memory) []searcher {
	list := make([]searcher, len(t.Searched))
	for i, s := range t.Searched {
		text := exprs[s.Rule].Regex
		list[i] = searcher{rule: s.Rule, plain: s.Plain, always: s.Open, keywords: exprs[s.Rule].Keywords,
			ends: sync.OnceValue(func() *ending { return newEnding(text, m) })}
		if s.Cuts {
			only := s.Rule + 1
			list[i].sieve = sync.OnceValue(func() *sieve { return newSieve(t, pass{only: only}) })
			list[i].odd = sync.OnceValue(func() *buckets { return newBuckets(t, pass{odd: true, only: only}) })
		}
	}
	return list
}

func newEnding(expr string, m *memory) *ending {
	re := mustParse(expr)
	e := &ending{automaton: newAutomaton(false, 1, m)}
	_, e.width = widthOf(re)
	anything := &syntax.Regexp{Op: syntax.OpStar, Sub: []*syntax.Regexp{{Op: syntax.OpAnyChar}}}
	e.pcs = []uint32{e.add(concat([]*syntax.Regexp{anything, re}), 0)}
	e.seal(e.classes)
	return e
}

// gate opens a rule if its keyword is there, of which a window was seen at from.
func (sc *scan) gate(g *Gate, from int) {
	from -= g.At
	if from < 0 || from+len(g.Keyword) > len(sc.text) || !strings.EqualFold(sc.text[from:from+len(g.Keyword)], g.Keyword) {
		return
	}
	for i := range sc.set.search {
		if sc.set.search[i].rule == g.Rule {
			sc.open[i] = true
		}
	}
}

// searchOpen looks for the rules that the text has keywords of.
func (sc *scan) searchOpen() {
	sc.openOdd()
	for i, open := range sc.open {
		switch s := &sc.set.search[i]; {
		case !open:
		case s.plain:
			sc.giveUp(s.rule)
		case s.sieve != nil:
			sc.survey(s.sieve())
			sc.surveyOdd(s.odd)
		default:
			sc.searchAll(s)
		}
	}
}

// Runes beyond ASCII whose lower case is a letter that is not. The law counts keywords that have them.
var lowered = []string{"\u212a", "\u0130"}

// openOdd opens the rules of which a keyword stands around such a rune. Where there are many, it opens all.
func (sc *scan) openOdd() {
	if sc.ascii || len(sc.open) == 0 {
		return
	}
	left := 100
	for _, r := range lowered {
		for at := index(sc.text, r, 0); at < len(sc.text); at = index(sc.text, r, at+1) {
			for i := range sc.open {
				sc.open[i] = sc.open[i] || left == 0 || sc.set.search[i].keywordAround(sc.text, at)
			}
			if left == 0 {
				return
			}
			left--
		}
	}
}

// keywordAround reports whether a keyword stands in the lower case of what is around a place.
func (s *searcher) keywordAround(text string, at int) bool {
	for _, word := range s.keywords {
		reach := utf8.UTFMax * len(word)
		if strings.Contains(strings.ToLower(text[max(at-reach, 0):min(at+reach, len(text))]), word) {
			return true
		}
	}
	return false
}

// searchAll makes a hit of each place where a match ends.
func (sc *scan) searchAll(r *searcher) {
	e := r.ends()
	st, s := e.start(0, begin, e.pcs)
	made := 0
	for i := range len(sc.text) {
		column := e.columns.of[sc.text[i]]
		if next := st.to(s, column); next != 0 {
			s = next
		} else {
			st, s = e.step(st, s, column)
			made++
		}
		if !s.stops() {
			continue
		}
		if len(st.found(s)) > 0 {
			sc.endsAt(r.rule, e, i)
		}
		if st.unsure(s) || made > madeFree {
			sc.giveUp(r.rule)
			return
		}
		if st.dead(s) {
			return
		}
	}
	if len(e.atEnd(st, s)) > 0 {
		sc.endsAt(r.rule, e, len(sc.text))
	}
}

func (sc *scan) endsAt(rule int, e *ending, end int) {
	from := 0
	if e.width != Unbounded {
		from = max(end-e.width, 0)
	}
	sc.add(rule, hit{from, end - 1, end, false})
}
