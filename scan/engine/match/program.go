package match

import (
	"regexp/syntax"
	"unicode"
)

// inst is an instruction of a compiled expression, numbered through all programs of an automaton.
type inst struct {
	op        syntax.InstOp
	out, arg  uint32
	class     *runeClass // of a rune instruction
	empty     syntax.EmptyOp
	looksBack bool // the program has an assertion about the byte before
}

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

// newRuneClass is the class of a rune instruction, as its method MatchRune has it.
func newRuneClass(in *syntax.Inst) *runeClass {
	c := new(runeClass)
	switch {
	case in.Op == syntax.InstRuneAny:
		c.addRange(0, unicode.MaxRune)
	case in.Op == syntax.InstRuneAnyNotNL:
		c.addRange(0, '\n'-1)
		c.addRange('\n'+1, unicode.MaxRune)
	case len(in.Rune) == 1:
		r := in.Rune[0]
		c.addRange(r, r)
		if syntax.Flags(in.Arg)&syntax.FoldCase != 0 {
			for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
				c.addRange(f, f)
			}
		}
	default:
		for i := 0; i+1 < len(in.Rune); i += 2 {
			c.addRange(in.Rune[i], in.Rune[i+1])
		}
	}
	return c
}

// compile is the program of re.
func compile(re *syntax.Regexp) (*syntax.Prog, error) { return syntax.Compile(re.Simplify()) }

// add appends a program whose match is number id, and returns its first instruction.
func (a *automaton) add(prog *syntax.Prog, id int) uint32 {
	base := uint32(len(a.insts))
	looksBack := false
	classes := map[*rune]*runeClass{} // copies of a repeated part share their runes
	for i := range prog.Inst {
		from := &prog.Inst[i]
		in := inst{op: from.Op, out: base + from.Out, arg: base + from.Arg}
		switch from.Op {
		case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
			in.op, in.class = syntax.InstRune, sharedClass(classes, from)
		case syntax.InstEmptyWidth:
			in.empty = syntax.EmptyOp(from.Arg)
			looksBack = looksBack || in.empty&^(syntax.EmptyEndText|syntax.EmptyEndLine) != 0
		case syntax.InstMatch:
			in.arg = uint32(id)
		case syntax.InstCapture:
			in.op = syntax.InstNop
		}
		a.insts = append(a.insts, in)
	}
	for i := base; i < uint32(len(a.insts)); i++ {
		a.insts[i].looksBack = looksBack
	}
	a.seen = append(a.seen, make([]uint32, len(prog.Inst))...)
	a.listed = append(a.listed, make([]uint32, len(prog.Inst))...)
	return base + uint32(prog.Start)
}

func sharedClass(classes map[*rune]*runeClass, in *syntax.Inst) *runeClass {
	if len(in.Rune) < 2 {
		return newRuneClass(in)
	}
	c, known := classes[&in.Rune[0]]
	if !known {
		c = newRuneClass(in)
		classes[&in.Rune[0]] = c
	}
	return c
}
