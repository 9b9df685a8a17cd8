package decode

import (
	"math/bits"

	"cofferdam/internal/byteclass"
)

// mark is where a match begins that is no run: one percent, escape or code point. Behind the last, at is the text's end.
type mark struct {
	at   int
	kind markKind
}

type markKind uint8

const (
	noMark markKind = iota
	percentMark
	escapeMark
	codePointMark
)

// markClass is the bytes that give marks away: the first ones and, of a code point, the second, which is rarer.
var markClass = byteclass.New("%\\+")

// nextMark is the first mark from at on.
func (m *matcher) nextMark() mark {
	for at, count := m.at, 1; at < len(m.text); at, count = at+64*count, len(m.marks) {
		some := m.marks[:min(count, (len(m.text)-at+63)/64)]
		markClass.Blocks(bytesOf(m.text[at:]), some)
		for n, block := range some {
			for ; block != 0; block &= block - 1 {
				if found := m.markAt(at + 64*n + bits.TrailingZeros64(block)); found.kind != noMark {
					return found
				}
			}
		}
	}
	return mark{at: len(m.text)}
}

// markAt is the mark that a byte gives away, if it does.
func (m *matcher) markAt(at int) mark {
	switch c := m.text[at]; {
	case c == '%' && isPercent(m.text, at):
		return mark{at, percentMark}
	case c == '\\' && escapeEnd(m.text, at) >= 0:
		return mark{at, escapeMark}
	case c == '+' && at > m.at && codePointEnd(m.text, at-1) >= 0:
		return mark{at - 1, codePointMark}
	}
	return mark{}
}
