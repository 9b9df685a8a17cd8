package match

import (
	"regexp/syntax"
	"unicode"
)

// inst is an instruction of a compiled expression, numbered through all programs of an automaton.
type inst struct {
	op        instOp
	empty     uint8 // syntax.EmptyOp
	looksBack bool  // the program has an assertion about the byte before
	class     uint32
	out, arg  uint32
}

type instOp uint8

const (
	opFail  instOp = iota
	opAlt          // to out, or else to arg
	opEmpty        // to out, where the assertions hold
	opRune         // takes a rune of the class, to out
	opMatch        // of the program that is number arg
)

// runeClass says which bytes a rune instruction takes. What is beyond ASCII is taken loosely: as up to any number of
// bytes that are no ASCII. But where Kelvin and long s are all there is, which come from folding case, these are taken
// as they are, as else every letter K and S would be followed up after any such byte.
type runeClass struct {
	ascii  byteMask
	odd    oddRunes
	loose  bool // has others beyond ASCII
	others int  // how many
}

// allOthers is the number of runes that are beyond ASCII and not odd. A class that has some but not all of these cannot
// be told by the rune's first byte.
const allOthers = unicode.MaxRune - unicode.MaxASCII - 2

// oddRunes is a set of the runes beyond ASCII that fold to an ASCII letter.
type oddRunes uint8

const (
	kelvin oddRunes = 1 << iota // U+212A, E2 84 AA
	longS                       // U+017F, C5 BF
)

// byteMask is a set of ASCII bytes.
type byteMask [2]uint64

func (m *byteMask) has(b byte) bool { return m[b>>6&1]>>(b&63)&1 != 0 }

func (m *byteMask) add(b byte) { m[b>>6&1] |= 1 << (b & 63) }

// item is a place in a program: an instruction, and how much of its rune has been read.
type item uint32

// The parts of a rune that were read.
const (
	nothing  = iota
	kelvin1  // E2
	kelvin2  // E2 84
	longS1   // C5
	inRune   // bytes of some rune
	partBits = 3
)

func newItem(pc uint32, part uint32) item { return item(pc<<partBits | part) }

func (it item) pc() uint32   { return uint32(it) >> partBits }
func (it item) part() uint32 { return uint32(it) & (1<<partBits - 1) }

// addRange adds the runes from low to high.
func (c *runeClass) addRange(low, high rune) {
	for r := max(low, 0); r <= min(high, unicode.MaxASCII); r++ {
		c.ascii.add(byte(r))
	}
	low = max(low, unicode.MaxASCII+1)
	if low > high {
		return
	}
	others := int(high - low + 1)
	for i, r := range [...]rune{'\u212a', '\u017f'} {
		if low <= r && r <= high {
			c.odd |= kelvin << i
			others--
		}
	}
	c.others += others
	c.loose = c.others > 0
}

// literalClass is the class of one rune, as an expression with these flags takes it.
func literalClass(r rune, flags syntax.Flags) (c runeClass) {
	c.addRange(r, r)
	if flags&syntax.FoldCase != 0 {
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			c.addRange(f, f)
		}
	}
	return c
}

// rangesClass is the class of runes from the first of each pair to the second.
func rangesClass(ranges ...rune) (c runeClass) {
	for i := 0; i+1 < len(ranges); i += 2 {
		c.addRange(ranges[i], ranges[i+1])
	}
	return c
}

// ASCII is the set of ASCII bytes that a rune instruction takes, a bit for each; none for other instructions.
func ASCII(in *syntax.Inst) [2]uint64 {
	switch {
	case in.Op == syntax.InstRuneAny:
		return rangesClass(0, unicode.MaxRune).ascii
	case in.Op == syntax.InstRuneAnyNotNL:
		return rangesClass(0, '\n'-1, '\n'+1, unicode.MaxRune).ascii
	case in.Op != syntax.InstRune && in.Op != syntax.InstRune1:
		return [2]uint64{}
	case len(in.Rune) == 1:
		return literalClass(in.Rune[0], syntax.Flags(in.Arg)).ascii
	}
	return rangesClass(in.Rune...).ascii
}
