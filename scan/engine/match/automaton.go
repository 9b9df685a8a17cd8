package match

import (
	"regexp/syntax"
	"slices"
	"sync"
	"sync/atomic"
)

// automaton runs programs over a text byte by byte. Its states, each a set of places in the programs, are made when a
// text first leads to them, so that a step costs little ever after. It is safe for concurrent use.
//
// Assertions are exact, as a state knows what kind of byte is before it and decides when it sees the one behind: a match
// is noticed one byte late. Runes beyond ASCII are taken loosely (see runeClass): in a text that has some, it finds all
// matches and perhaps more.
type automaton struct {
	first   bool // of several matches at a place, follow only what package regexp prefers to the best so far
	runes   bool // take whole runes, and exactly (see rune.go)
	begins  int  // states that the user starts from
	columns columns
	memory  *memory
	current atomic.Pointer[store]

	mu      sync.Mutex // for what follows, and to make states
	insts   []inst
	classes []runeClass
	seen    []uint32 // by instruction: the expansion that last came by
	listed  []uint32 // by instruction: the list that it was last put on
	round   uint32
	stack   []uint32
	open    []item  // of an expansion: the places that take a rune
	found   []int32 // and the matches
	items   []item
}

// newAutomaton is one without programs. After the last one was added, seal has to be called, with the classes of all
// instructions that its states come to have.
func newAutomaton(first bool, begins int, m *memory) *automaton {
	return &automaton{first: first, runes: first, begins: begins, memory: m}
}

func (a *automaton) seal(classes []runeClass) { a.columns = newColumns(classes, a.runes) }

// states is the store of now.
func (a *automaton) states() *store {
	if st := a.current.Load(); st != nil {
		return st
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.store()
}

// store is states under the lock.
func (a *automaton) store() *store {
	st := a.current.Load()
	if st == nil {
		st = a.memory.newStore(a)
		a.current.Store(st)
	}
	return st
}

// start is the state, in the store beside it, of those that begin at pcs behind a byte of kind k. It is the n-th that
// the user starts from.
func (a *automaton) start(n int, k kind, pcs []uint32) (*store, state) {
	st := a.states()
	if s := state(st.starts[n].Load()); s != 0 {
		return st, s
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.items, a.found = a.items[:0], a.found[:0]
	for _, pc := range pcs {
		a.items = append(a.items, newItem(pc, nothing))
	}
	st, s := a.intern(k, 0)
	st.starts[n].Store(uint32(s))
	return st, s
}

// next is the state that a byte leads to from s.
func (a *automaton) next(st *store, s state, b byte) (*store, state) {
	column := a.columns.of[b]
	if next := st.to(s, column); next != 0 {
		return st, next
	}
	return a.step(st, s, column)
}

// step makes the state that a column leads to from s. It may be in another store, if there is no more room in st.
func (a *automaton) step(st *store, s state, column uint8) (*store, state) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if next := st.to(s, column); next != 0 {
		return st, next
	}
	b := a.columns.bytes[column]
	a.expand(st.itemsOf(s), assertions(st.kindOf(s), int(b)))
	a.items = a.items[:0]
	a.round++
	extra := uint32(0)
	if a.runes && b >= 0x80 {
		extra = a.advanceRune(b)
	} else {
		for _, it := range a.open {
			a.advance(it, b)
		}
	}
	k := other
	if b < 0x80 {
		k = kindOf(b)
	}
	to, next := a.intern(k, extra)
	if to != st {
		return to, next
	}
	st.lead(s, column, next)
	if b < 0x80 {
		a.fill(st, s, next, b)
	}
	return st, next
}

// fill enters next for all columns that all places treat as they do b's: one step for a run of letters, not 26.
func (a *automaton) fill(st *store, s, next state, b byte) {
	same := alike[kindOf(b)]
	for _, it := range a.open {
		if it.part() != nothing {
			continue // takes no ASCII
		}
		mask := a.class(it).ascii
		if !mask.has(b) {
			mask = byteMask{^mask[0], ^mask[1]}
		}
		same = byteMask{same[0] & mask[0], same[1] & mask[1]}
	}
	for column, c := range a.columns.bytes {
		if c < 0x80 && same.has(c) && st.to(s, uint8(column)) == 0 {
			st.lead(s, uint8(column), next)
		}
	}
}

// expand follows items through all that takes no rune, to the places that do and to matches.
func (a *automaton) expand(items []item, holds syntax.EmptyOp) {
	a.open, a.found = a.open[:0], a.found[:0]
	a.round++
	for _, it := range items {
		if it.part() != nothing {
			a.open = append(a.open, it)
			continue
		}
		if a.follow(it.pc(), holds) && a.first {
			return
		}
	}
}

// follow expands one place and reports whether that met a match.
func (a *automaton) follow(pc uint32, holds syntax.EmptyOp) (matched bool) {
	a.stack = append(a.stack[:0], pc)
	for len(a.stack) > 0 {
		pc := a.stack[len(a.stack)-1]
		a.stack = a.stack[:len(a.stack)-1]
		if a.seen[pc] == a.round {
			continue
		}
		a.seen[pc] = a.round
		switch in := &a.insts[pc]; in.op {
		case opAlt:
			a.stack = append(a.stack, in.arg, in.out)
		case opEmpty:
			if syntax.EmptyOp(in.empty)&^holds == 0 {
				a.stack = append(a.stack, in.out)
			}
		case opRune:
			a.open = append(a.open, newItem(pc, nothing))
		case opMatch:
			a.found = append(a.found, int32(in.arg))
			if a.first {
				return true
			}
			matched = true
		}
	}
	return matched
}

// advance lists where byte b takes an open place.
func (a *automaton) advance(it item, b byte) {
	pc := it.pc()
	in, class := &a.insts[pc], a.class(it)
	switch part := it.part(); {
	case b < 0x80:
		if part == nothing && class.ascii.has(b) {
			a.list(newItem(in.out, nothing))
		}
	case part == nothing && class.loose, part == inRune && b < 0xc0:
		a.list(newItem(in.out, nothing))
		a.list(newItem(pc, inRune))
	case part == nothing && b == 0xe2 && class.odd&kelvin != 0:
		a.list(newItem(pc, kelvin1))
	case part == kelvin1 && b == 0x84:
		a.list(newItem(pc, kelvin2))
	case part == nothing && b == 0xc5 && class.odd&longS != 0:
		a.list(newItem(pc, longS1))
	case part == kelvin2 && b == 0xaa, part == longS1 && b == 0xbf:
		a.list(newItem(in.out, nothing))
	}
}

// class is what the rune instruction of a place takes.
func (a *automaton) class(it item) *runeClass { return &a.classes[a.insts[it.pc()].class] }

func (a *automaton) list(it item) {
	switch pc := it.pc(); {
	case it.part() != nothing:
		if slices.Contains(a.items, it) {
			return
		}
	case a.listed[pc] == a.round:
		return
	default:
		a.listed[pc] = a.round
	}
	a.items = append(a.items, it)
}

// intern is the state of the items and matches at hand, behind a byte of kind k.
func (a *automaton) intern(k kind, extra uint32) (*store, state) {
	looksBack := false
	for _, it := range a.items {
		looksBack = looksBack || a.insts[it.pc()].looksBack
	}
	if !looksBack {
		k = other
	}
	if !a.first {
		slices.Sort(a.items)
	}
	st := a.store()
	s := st.intern(a.items, a.found, uint32(k)|extra)
	if s == 0 {
		a.current.Store(nil)
		st = a.store()
		s = st.intern(a.items, a.found, uint32(k)|extra)
	}
	return st, s
}

// atEnd is what matches if the text ends in s.
func (a *automaton) atEnd(st *store, s state) []int32 {
	if found, known := st.final(s); known {
		return found
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.expand(st.itemsOf(s), assertions(st.kindOf(s), endOfText))
	atomic.StoreUint32(st.at(s, wordFinal), st.set(a.found)+1)
	found, _ := st.final(s)
	return found
}
