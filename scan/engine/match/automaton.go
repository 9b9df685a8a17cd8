package match

import (
	"encoding/binary"
	"regexp/syntax"
	"slices"
	"sync"
	"sync/atomic"
)

// automaton runs programs over a text byte by byte. Its states, each a set of places in the programs, are made when a
// text first leads to them, so that a step costs one load ever after. It is safe for concurrent use.
//
// Assertions are exact, as a state knows what kind of byte is before it and decides when it sees the one behind: a match
// is noticed one byte late. Runes beyond ASCII are taken loosely (see runeClass): in a text that has some, it finds all
// matches and perhaps more.
type automaton struct {
	first  bool                    // of several matches at a place, follow only what package regexp prefers to the best so far
	starts []atomic.Pointer[state] // for the user, who gets them emptied when the states are dropped

	mu     sync.Mutex // for what follows, and to make states
	insts  []inst
	states map[string]*state
	seen   []uint32 // by instruction: the expansion that last came by
	listed []uint32 // by instruction: the list that it was last put on
	round  uint32
	stack  []uint32
	open   []item  // of an expansion: the places that take a rune
	found  []int32 // and the matches
	items  []item
	key    []byte
}

func newAutomaton(first bool, starts int) *automaton {
	return &automaton{first: first, starts: make([]atomic.Pointer[state], starts), states: map[string]*state{}}
}

// limit is how many states are kept. There are many automata of one expression, and one of them all.
func (a *automaton) limit() int {
	if a.first {
		return maxStates / 8
	}
	return maxStates
}

// drop forgets the states. Whoever runs over some can go on with them.
func (a *automaton) drop() {
	clear(a.states)
	for i := range a.starts {
		a.starts[i].Store(nil)
	}
}

// start is the state of those that begin at pcs, behind a byte of kind k.
func (a *automaton) start(pcs []uint32, k kind) *state {
	a.items = a.items[:0]
	for _, pc := range pcs {
		a.items = append(a.items, newItem(pc, nothing))
	}
	a.found = a.found[:0]
	return a.intern(k)
}

// step makes the state that byte b leads to from s.
func (a *automaton) step(s *state, b byte) *state {
	a.mu.Lock()
	defer a.mu.Unlock()
	if next := s.to(b); next != nil {
		return next
	}
	a.expand(s.items, assertions(s.kind, int(b)))
	a.items = a.items[:0]
	a.round++
	if a.first && b >= 0x80 {
		return a.stepRune(s, b)
	}
	for _, it := range a.open {
		a.advance(it, b)
	}
	next := a.intern(kindOf(b))
	s.lead(b, next)
	if b < 0x80 {
		a.fill(s, next, b)
	}
	return next
}

// fill enters next for all bytes that all places treat as they do b: one step for a run of letters, not 26.
func (a *automaton) fill(s, next *state, b byte) {
	same := alike[kindOf(b)]
	for _, it := range a.open {
		if it.part() != nothing {
			continue // takes no ASCII
		}
		mask := a.insts[it.pc()].class.ascii
		if !mask.has(b) {
			mask = byteMask{^mask[0], ^mask[1]}
		}
		same = byteMask{same[0] & mask[0], same[1] & mask[1]}
	}
	for c := range byte(0x80) {
		if same.has(c) {
			s.next[c].Store(next)
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
		case syntax.InstAlt, syntax.InstAltMatch:
			a.stack = append(a.stack, in.arg, in.out)
		case syntax.InstNop:
			a.stack = append(a.stack, in.out)
		case syntax.InstEmptyWidth:
			if in.empty&^holds == 0 {
				a.stack = append(a.stack, in.out)
			}
		case syntax.InstRune:
			a.open = append(a.open, newItem(pc, nothing))
		case syntax.InstMatch:
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
	in := &a.insts[pc]
	switch part := it.part(); {
	case b < 0x80:
		if part == nothing && in.class.ascii.has(b) {
			a.list(newItem(in.out, nothing))
		}
	case part == nothing && in.class.loose, part == inRune && b < 0xc0:
		a.list(newItem(in.out, nothing))
		a.list(newItem(pc, inRune))
	case part == nothing && b == 0xe2 && in.class.odd&kelvin != 0:
		a.list(newItem(pc, kelvin1))
	case part == kelvin1 && b == 0x84:
		a.list(newItem(pc, kelvin2))
	case part == nothing && b == 0xc5 && in.class.odd&longS != 0:
		a.list(newItem(pc, longS1))
	case part == kelvin2 && b == 0xaa, part == longS1 && b == 0xbf:
		a.list(newItem(in.out, nothing))
	}
}

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
func (a *automaton) intern(k kind) *state {
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
	a.key = append(a.key[:0], byte(k), byte(len(a.found)), byte(len(a.found)>>8))
	for _, id := range a.found {
		a.key = binary.LittleEndian.AppendUint32(a.key, uint32(id))
	}
	for _, it := range a.items {
		a.key = binary.LittleEndian.AppendUint32(a.key, uint32(it))
	}
	if s, known := a.states[string(a.key)]; known {
		return s
	}
	if len(a.states) >= a.limit() {
		a.drop()
	}
	s := &state{items: slices.Clone(a.items), found: slices.Clone(a.found), kind: k}
	s.stop = len(s.found) > 0 || len(s.items) == 0 || s.wide()
	a.states[string(a.key)] = s
	return s
}

// atEnd is what matches if the text ends in s.
func (a *automaton) atEnd(s *state) []int32 {
	if found := s.final.Load(); found != nil {
		return *found
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.expand(s.items, assertions(s.kind, endOfText))
	found := slices.Clone(a.found)
	s.final.Store(&found)
	return found
}
