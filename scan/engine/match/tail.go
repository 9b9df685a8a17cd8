package match

import (
	"regexp/syntax"
	"sync"
)

// cut is where a match has to pass.
type cut struct {
	rule          int
	tail          func() *syntax.Regexp // what follows
	before, after int
	alphabet      *[256]bool
	gap           Gap
	hinted        bool
}

func newCuts(t *Tables, classes [][256]bool) []cut {
	list := make([]cut, len(t.Cuts))
	for i := range t.Cuts {
		c := &t.Cuts[i]
		tail := sync.OnceValue(func() *syntax.Regexp { return mustParse(c.Tail) })
		list[i] = cut{rule: c.Rule, tail: tail, before: c.Before, after: c.After, alphabet: &classes[c.Alphabet], gap: c.Gap, hinted: c.Hinted}
	}
	return list
}

// passage says that a run of the automaton went by a place in a state.
type passage struct {
	at    int
	store *store
	state state
}

const passageEvery = 256 // bytes

// tail runs over what follows some cuts. Each match so ended is a hit.
//
// Where it comes by a place in the state that an earlier run had there, nothing new can follow: the earlier one has
// begun further ahead, so its hits contain those to come. Without that, a text of many beginnings and no end, such as
// of private keys, would take quadratic time.
func (sc *scan) tail(a *tails, at int) {
	if st, s, to := a.enter(sc.text, at); s != 0 {
		sc.tailFrom(a, at, to, st, s)
	}
}

// tailFrom is tail from i on, where the automaton is in s.
func (sc *scan) tailFrom(a *tails, at, i int, st *store, s state) {
	if sc.work.tail > tailPerByte*len(sc.text)+tailFree || sc.work.made > madeFree+len(sc.text)/passageEvery {
		sc.giveUpCuts(a)
		return
	}
	if s.stops() && sc.stop(a, st, s, at, i) {
		return
	}
	text := sc.text
	for i < len(text) {
		stage := min(i+passageEvery-i%passageEvery, len(text))
		sc.work.tail += stage - i
		for ; i < stage; i++ {
			column := a.columns.of[text[i]]
			if next := st.to(s, column); next != 0 {
				s = next
			} else {
				st, s = a.step(st, s, column)
				sc.work.made++
			}
			if s.stops() && sc.stop(a, st, s, at, i) {
				sc.work.tail -= stage - i
				return
			}
		}
		if i < len(text) && i-at > passageEvery && sc.joins(a, passage{i, st, s}, at) {
			return
		}
	}
	sc.accept(a.atEnd(st, s), at, len(text))
}

// stop notes what a state has found in front of the byte at end, and reports whether there is no more to find.
func (sc *scan) stop(a *tails, st *store, s state, at, end int) bool {
	sc.accept(st.found(s), at, end)
	if st.unsure(s) {
		sc.acceptAll(a, at)
		return true
	}
	return st.dead(s)
}

// joins reports whether an earlier run came by, and if so takes over where its hits end.
func (sc *scan) joins(a *tails, p passage, at int) bool {
	if _, passed := sc.passed[p]; !passed {
		sc.passed[p] = struct{}{}
		return false
	}
	for _, id := range a.cuts {
		if end := sc.found[sc.set.cuts[id].rule].end; end > p.at {
			sc.hit(id, at, end)
		}
	}
	return true
}

func (sc *scan) accept(cuts []int32, at, end int) {
	for _, id := range cuts {
		sc.hit(int(id), at, end)
	}
}

// acceptAll takes all matches for possible that the cuts can have.
func (sc *scan) acceptAll(a *tails, at int) {
	for _, id := range a.cuts {
		end := len(sc.text)
		if after := sc.set.cuts[id].after; after != Unbounded {
			end = min(at+after, end)
		}
		sc.hit(id, at, end)
	}
}

func (sc *scan) giveUpCuts(a *tails) {
	for _, id := range a.cuts {
		sc.giveUp(sc.set.cuts[id].rule)
	}
}

func (sc *scan) hit(id, at, end int) {
	c := &sc.set.cuts[id]
	switch {
	case sc.found[c.rule].whole:
	case c.hinted:
		sc.add(c.rule, hit{0, at, end, true})
	default:
		sc.add(c.rule, hit{sc.front(id, at), at, end, false})
	}
}

// walk is how far back from a cut a match can start: to from, having begun at at.
type walk struct{ from, at int }

// front is where a match with a cut at at could start, at the earliest. No byte is looked at twice for a cut.
func (sc *scan) front(id, at int) int {
	c := &sc.set.cuts[id]
	if c.before == 0 {
		return at
	}
	w := &sc.walks[id]
	floor := 0
	if c.before != Unbounded {
		floor = max(at-c.before, 0)
	}
	if w.at > at { // of another window, out of order
		*w = walk{}
	}
	from := at
	for from > max(floor, w.at) && c.alphabet[sc.text[from-1]] {
		from--
	}
	if from == w.at && from > 0 {
		from = max(w.from, floor)
	}
	if w.at == 0 {
		sc.walked = append(sc.walked, id)
	}
	*w = walk{from, at}
	return from
}
