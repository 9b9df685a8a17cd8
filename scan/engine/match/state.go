package match

import (
	"regexp/syntax"
	"sync/atomic"
)

// state is a set of places in programs, in order of preference where the automaton has one.
type state struct {
	next  [128]atomic.Pointer[state]     // by ASCII byte
	high  atomic.Pointer[[128]stateCell] // by the others, once there is one
	final atomic.Pointer[[]int32]        // what matches if the text ends here
	items []item
	found []int32 // what matched just before the byte that led here
	kind  kind
	stop  bool // something was found, or nothing more can be, or there are too many items to go on
}

type stateCell = atomic.Pointer[state]

// to is the state that a byte leads to, if it is made.
func (s *state) to(b byte) *state {
	if b < 0x80 {
		return s.next[b].Load()
	}
	if high := s.high.Load(); high != nil {
		return high[b&0x7f].Load()
	}
	return nil
}

// lead enters where a byte leads. The automaton is locked.
func (s *state) lead(b byte, next *state) {
	if b < 0x80 {
		s.next[b].Store(next)
		return
	}
	high := s.high.Load()
	if high == nil {
		high = new([128]stateCell)
		s.high.Store(high)
	}
	high[b&0x7f].Store(next)
}

// Limits of an automaton: the states that it keeps, and the places in one of them.
const (
	maxStates = 12_000
	maxItems  = 1500
)

// kind is what an assertion can know of the byte before a place.
type kind uint8

const (
	other kind = iota
	word
	newline
	begin // of the text
	kinds = iota
)

func kindOf(b byte) kind { return kindTable[b] }

var kindTable = func() (table [256]kind) {
	for b := range table {
		if b < 0x80 && syntax.IsWordChar(rune(b)) {
			table[b] = word
		}
	}
	table['\n'] = newline
	return table
}()

// kindBefore is the kind of the byte before at.
func kindBefore(text string, at int) kind {
	if at == 0 {
		return begin
	}
	return kindOf(text[at-1])
}

// alike is the ASCII bytes of each kind.
var alike = func() (masks [3]byteMask) {
	for b := range byte(0x80) {
		masks[kindOf(b)].add(b)
	}
	return masks
}()

const endOfText = -1

// assertions is what holds between a byte of kind k and the next one.
func assertions(k kind, next int) syntax.EmptyOp {
	var before, after rune = '.', '.'
	switch k {
	case begin:
		before = -1
	case newline:
		before = '\n'
	case word:
		before = 'a'
	}
	switch {
	case next == endOfText:
		after = -1
	case next < 0x80:
		after = rune(next)
	}
	return syntax.EmptyOpContext(before, after)
}

// wide reports whether it would take too long to make the states that follow.
func (s *state) wide() bool { return len(s.items) > maxItems }
