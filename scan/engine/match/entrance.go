package match

import "slices"

// entrance is where the runs of an automaton begin: at pcs or, where windows stand, ahead bytes behind. What the windows
// have in common with the expressions is so often the only place in which these tell letters apart, that the columns of
// an automaton which need not look at it again are half as many.
type entrance struct {
	pcs   []uint32
	ahead int
}

// enter begins a run at a place, and returns the state and where that is. There is no state where nothing follows.
func (t *tails) enter(text string, at int) (st *store, s state, to int) {
	e := t.ready()
	k := kindBefore(text, at)
	if e.ahead == 0 {
		st, s = t.start(int(k), k, e.pcs)
		return st, s, at
	}
	to = at + e.ahead
	if to > len(text) {
		return nil, 0, to
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.items = t.items[:0]
	for _, pc := range e.pcs {
		t.items = append(t.items, newItem(pc, nothing))
	}
	for i := at; i < to; i++ {
		t.expand(t.items, assertions(k, int(text[i])))
		t.items = t.items[:0]
		t.round++
		for _, it := range t.open {
			t.advance(it, text[i])
		}
		k = kindOf(text[i])
	}
	if len(t.items) == 0 {
		return nil, 0, to
	}
	t.found = t.found[:0] // No match is so short.
	st, s = t.intern(k, 0)
	return st, s, to
}

// outlook finds the instructions that a run can come by.
type outlook struct {
	*automaton
	known []bool
}

func newOutlook(a *automaton) *outlook { return &outlook{a, make([]bool, len(a.insts))} }

// through marks what can come behind bytes of these classes, begun at pcs. It takes more for possible than is.
func (r *outlook) through(pcs []uint32, classes []*[256]bool) {
	items := make([]item, len(pcs))
	for i, pc := range pcs {
		items[i] = newItem(pc, nothing)
	}
	for _, class := range classes {
		r.expand(items, anyAssertion)
		items = items[:0]
		beyond := slices.Contains(class[0x80:], true)
		for _, it := range r.open {
			if beyond || r.takesSome(it, class) {
				items = append(items, newItem(r.insts[it.pc()].out, nothing))
			}
			if beyond {
				items = append(items, it) // It may be in the midst of a rune.
			}
		}
	}
	for _, it := range items {
		r.mark(it.pc())
	}
}

func (r *outlook) takesSome(it item, bytes *[256]bool) bool {
	class := r.class(it)
	for b, has := range bytes[:0x80] {
		if has && class.ascii.has(byte(b)) {
			return true
		}
	}
	return false
}

// mark marks what pc leads to.
func (r *outlook) mark(pc uint32) {
	stack := []uint32{pc}
	for len(stack) > 0 {
		pc := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if r.known[pc] {
			continue
		}
		r.known[pc] = true
		switch in := &r.insts[pc]; in.op {
		case opAlt:
			stack = append(stack, in.out, in.arg)
		case opEmpty, opRune:
			stack = append(stack, in.out)
		}
	}
}

func (r *outlook) classes() (list []runeClass) {
	seen := make([]bool, len(r.automaton.classes))
	for pc, known := range r.known {
		if in := &r.insts[pc]; known && in.op == opRune && !seen[in.class] {
			seen[in.class] = true
			list = append(list, r.automaton.classes[in.class])
		}
	}
	return list
}
