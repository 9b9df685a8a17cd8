package match

import (
	"regexp/syntax"
	"slices"
	"unicode"
)

// compiler appends the program of an expression to an automaton, from its end to its begin, so that every instruction is
// complete when it is written. Package regexp/syntax makes the same program, but copies a tree for each turn of a
// repetition on the way, and what an expression is made of takes several times the memory of what it is run by.
type compiler struct {
	*automaton
	classes  map[*syntax.Regexp]uint32
	literals map[literal]uint32
}

type literal struct {
	r    rune
	fold bool
}

// reserve makes room for the programs of expressions, so that what holds them is not copied as it grows.
func (a *automaton) reserve(exprs ...*syntax.Regexp) {
	size := len(exprs)
	for _, re := range exprs {
		size += instsOf(re)
	}
	a.insts = slices.Grow(a.insts, size)
	a.seen, a.listed = slices.Grow(a.seen, size), slices.Grow(a.listed, size)
}

// instsOf is how many instructions re has, at most.
func instsOf(re *syntax.Regexp) int {
	size := 0
	for _, sub := range re.Sub {
		size += instsOf(sub)
	}
	switch re.Op {
	case syntax.OpLiteral:
		return len(re.Rune)
	case syntax.OpStar:
		return size + 2
	case syntax.OpPlus, syntax.OpQuest:
		return size + 1
	case syntax.OpRepeat:
		return max(re.Min, re.Max, 1)*(size+1) + 1
	case syntax.OpAlternate:
		return size + len(re.Sub)
	}
	return size + 1
}

// add appends the program of re, whose match is number id, and returns its first instruction.
func (a *automaton) add(re *syntax.Regexp, id int) uint32 {
	c := compiler{a, map[*syntax.Regexp]uint32{}, map[literal]uint32{}}
	base := len(a.insts)
	first := c.emit(re, c.write(inst{op: opMatch, arg: uint32(id)}))
	looksBack := false
	for _, in := range a.insts[base:] {
		looksBack = looksBack || in.op == opEmpty && syntax.EmptyOp(in.empty)&^(syntax.EmptyEndText|syntax.EmptyEndLine) != 0
	}
	for i := base; i < len(a.insts); i++ {
		a.insts[i].looksBack = looksBack
	}
	grown := len(a.insts) - len(a.seen)
	a.seen, a.listed = append(a.seen, make([]uint32, grown)...), append(a.listed, make([]uint32, grown)...)
	return first
}

func (c *compiler) write(in inst) uint32 {
	c.insts = append(c.insts, in)
	return uint32(len(c.insts) - 1)
}

// emit writes what matches re and goes on at next, and returns where that begins.
func (c *compiler) emit(re *syntax.Regexp, next uint32) uint32 {
	switch re.Op {
	case syntax.OpEmptyMatch:
		return next
	case syntax.OpLiteral:
		for i := len(re.Rune) - 1; i >= 0; i-- {
			next = c.write(inst{op: opRune, class: c.literal(re.Rune[i], re.Flags), out: next})
		}
		return next
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return c.write(inst{op: opRune, class: c.class(re), out: next})
	case syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return c.write(inst{op: opEmpty, empty: uint8(assertionOf(re.Op)), out: next})
	case syntax.OpCapture:
		return c.emit(re.Sub[0], next)
	case syntax.OpStar, syntax.OpPlus, syntax.OpQuest, syntax.OpRepeat:
		return c.repeat(re, next)
	case syntax.OpConcat:
		for i := len(re.Sub) - 1; i >= 0; i-- {
			next = c.emit(re.Sub[i], next)
		}
		return next
	case syntax.OpAlternate:
		begins := make([]uint32, len(re.Sub))
		for i, sub := range re.Sub {
			begins[i] = c.emit(sub, next)
		}
		first := begins[len(begins)-1]
		for i := len(begins) - 2; i >= 0; i-- {
			first = c.write(inst{op: opAlt, out: begins[i], arg: first})
		}
		return first
	}
	return c.write(inst{op: opFail})
}

func assertionOf(op syntax.Op) syntax.EmptyOp {
	switch op {
	case syntax.OpBeginLine:
		return syntax.EmptyBeginLine
	case syntax.OpEndLine:
		return syntax.EmptyEndLine
	case syntax.OpBeginText:
		return syntax.EmptyBeginText
	case syntax.OpEndText:
		return syntax.EmptyEndText
	case syntax.OpWordBoundary:
		return syntax.EmptyWordBoundary
	}
	return syntax.EmptyNoWordBoundary
}

// repeat writes re, a repetition.
func (c *compiler) repeat(re *syntax.Regexp, next uint32) uint32 {
	sub, greedy := re.Sub[0], re.Flags&syntax.NonGreedy == 0
	least, most := re.Min, re.Max
	switch re.Op {
	case syntax.OpStar:
		least, most = 0, -1
	case syntax.OpPlus:
		least, most = 1, -1
	case syntax.OpQuest:
		least, most = 0, 1
	}
	first := next
	switch {
	case most >= 0:
		for range most - least {
			first = c.either(greedy, c.emit(sub, first), next)
		}
	case least > 0:
		first = c.loop(sub, greedy, next)
		least--
	case mayBeEmpty(sub):
		// As (x+)?, so that a turn that takes nothing comes after those that take something.
		first = c.either(greedy, c.loop(sub, greedy, next), next)
	default:
		turn := c.write(inst{op: opAlt})
		c.setEither(turn, greedy, c.emit(sub, turn), next)
		first = turn
	}
	for range least {
		first = c.emit(sub, first)
	}
	return first
}

// loop writes one turn or more.
func (c *compiler) loop(sub *syntax.Regexp, greedy bool, next uint32) uint32 {
	turn := c.write(inst{op: opAlt})
	first := c.emit(sub, turn)
	c.setEither(turn, greedy, first, next)
	return first
}

func (c *compiler) either(greedy bool, more, next uint32) uint32 {
	in := c.write(inst{op: opAlt})
	c.setEither(in, greedy, more, next)
	return in
}

func (c *compiler) setEither(in uint32, greedy bool, more, next uint32) {
	if !greedy {
		more, next = next, more
	}
	c.insts[in].out, c.insts[in].arg = more, next
}

func (c *compiler) literal(r rune, flags syntax.Flags) uint32 {
	key := literal{r, flags&syntax.FoldCase != 0}
	n, known := c.literals[key]
	if !known {
		n = c.newClass(literalClass(r, flags))
		c.literals[key] = n
	}
	return n
}

func (c *compiler) class(re *syntax.Regexp) uint32 {
	n, known := c.classes[re]
	if !known {
		n = c.newClass(classOf(re))
		c.classes[re] = n
	}
	return n
}

func (c *compiler) newClass(class runeClass) uint32 {
	c.automaton.classes = append(c.automaton.classes, class)
	return uint32(len(c.automaton.classes) - 1)
}

// classOf is the class of an expression that takes one rune.
func classOf(re *syntax.Regexp) runeClass {
	switch re.Op {
	case syntax.OpAnyChar:
		return rangesClass(0, unicode.MaxRune)
	case syntax.OpAnyCharNotNL:
		return rangesClass(0, '\n'-1, '\n'+1, unicode.MaxRune)
	}
	return rangesClass(re.Rune...)
}

// mayBeEmpty reports whether re can match without taking a rune.
func mayBeEmpty(re *syntax.Regexp) bool {
	least, _ := widthOf(re)
	return least == 0
}
