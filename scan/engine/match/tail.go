package match

// cut is where a match has to pass.
type cut struct {
	rule          int
	tail          string
	before, after int
	alphabet      *[256]bool
	pc            uint32 // of its program in the automaton of the tails
	compiled      bool
	hinted        bool
}

func newCuts(t *Tables, classes [][256]bool) []cut {
	list := make([]cut, len(t.Cuts))
	for i := range t.Cuts {
		c := &t.Cuts[i]
		list[i] = cut{rule: c.Rule, tail: c.Tail, before: c.Before, after: c.After, alphabet: &classes[c.Alphabet], hinted: c.Hinted}
	}
	return list
}

// tailStart is the state in which all cuts of a window begin, behind a byte of kind k.
func (s *Set) tailStart(window int, k kind) *state {
	slot := &s.tails.starts[window*kinds+int(k)]
	if st := slot.Load(); st != nil {
		return st
	}
	a := s.tails
	a.mu.Lock()
	defer a.mu.Unlock()
	var pcs []uint32
	for _, id := range s.windows[window].cuts {
		c := &s.cuts[id]
		if !c.compiled {
			c.pc, c.compiled = a.add(mustCompile(mustParse(c.tail)), id), true
		}
		pcs = append(pcs, c.pc)
	}
	st := a.start(pcs, k)
	slot.Store(st)
	return st
}

// passage says that a run of the automaton went by a place in a state.
type passage struct {
	at    int
	state *state
}

const passageEvery = 256 // bytes

// tail runs over what follows the cuts of a window. Each match so ended is a hit.
//
// Where it comes by a place in the state that an earlier run had there, nothing new can follow: the earlier one has
// begun further ahead, so its hits contain those to come. Without that, a text of many beginnings and no end, such as
// of private keys, would take quadratic time.
func (sc *scan) tail(window int, w *verifier, at int) {
	if sc.work.tail > tailPerByte*len(sc.text)+tailFree || sc.work.made > madeFree+len(sc.text)/passageEvery {
		sc.giveUpCuts(w)
		return
	}
	a := sc.set.tails
	s := sc.set.tailStart(window, kindBefore(sc.text, at))
	text := sc.text
	i := at
	for i < len(text) {
		stage := min(i+passageEvery-i%passageEvery, len(text))
		sc.work.tail += stage - i
		for ; i < stage; i++ {
			next := s.to(text[i])
			if next == nil {
				next = a.step(s, text[i])
				sc.work.made++
			}
			if next.stop && sc.stop(w, next, at, i) {
				sc.work.tail -= stage - i
				return
			}
			s = next
		}
		if i < len(text) && i-at > passageEvery && sc.joins(w, passage{i, s}, at) {
			return
		}
	}
	sc.accept(a.atEnd(s), at, len(text))
}

// stop notes what a state has found in front of the byte at end, and reports whether there is no more to find.
func (sc *scan) stop(w *verifier, s *state, at, end int) bool {
	sc.accept(s.found, at, end)
	if s.wide() {
		sc.acceptAll(w, at)
		return true
	}
	return len(s.items) == 0
}

// joins reports whether an earlier run came by, and if so takes over where its hits end.
func (sc *scan) joins(w *verifier, p passage, at int) bool {
	if _, passed := sc.passed[p]; !passed {
		sc.passed[p] = struct{}{}
		return false
	}
	for _, id := range w.cuts {
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

// acceptAll takes all matches for possible that the cuts of a window can have.
func (sc *scan) acceptAll(w *verifier, at int) {
	for _, id := range w.cuts {
		end := len(sc.text)
		if after := sc.set.cuts[id].after; after != Unbounded {
			end = min(at+after, end)
		}
		sc.hit(id, at, end)
	}
}

func (sc *scan) giveUpCuts(w *verifier) {
	for _, id := range w.cuts {
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
