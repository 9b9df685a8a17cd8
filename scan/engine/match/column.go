package match

import "slices"

// columns are the bytes that no instruction of an automaton tells apart: one for each such set of ASCII, and behind
// those one for each kind of byte, or of rune, beyond ASCII.
type columns struct {
	of    [256]uint8
	bytes []byte // one of each column
}

// beyond is a byte of each kind that the runes beyond ASCII are made of: what begins and what continues Kelvin and long
// s, what begins and what continues any other.
var beyond = []byte{0xc0, 0x80, 0xe2, 0x84, 0xaa, 0xc5, 0xbf}

func newColumns(classes []runeClass, runes bool) (c columns) {
	masks := []byteMask{alike[word], alike[newline]}
	for i := range classes {
		if mask := classes[i].ascii; !slices.Contains(masks, mask) {
			masks = append(masks, mask)
		}
	}
	parts := []byteMask{{^uint64(0), ^uint64(0)}}
	for _, mask := range masks {
		parts = split(parts, mask)
	}
	c.number(parts)
	if runes {
		c.bytes = append(c.bytes, kelvinSymbol, longSSymbol, otherSymbol)
		for i, b := range c.bytes[len(c.bytes)-3:] {
			c.of[b] = uint8(len(c.bytes) - 3 + i)
		}
		return c
	}
	for b := 0x80; b < 0x100; b++ {
		c.of[b] = uint8(len(c.bytes)) // as the first of beyond
		if b < 0xc0 {
			c.of[b]++
		}
	}
	for _, b := range beyond {
		c.of[b] = uint8(len(c.bytes))
		c.bytes = append(c.bytes, b)
	}
	return c
}

// split parts those of which mask has some bytes and not all.
func split(parts []byteMask, mask byteMask) []byteMask {
	for i, p := range parts {
		inside := byteMask{p[0] & mask[0], p[1] & mask[1]}
		if inside != (byteMask{}) && inside != p {
			parts[i] = inside
			parts = append(parts, byteMask{p[0] &^ mask[0], p[1] &^ mask[1]})
		}
	}
	return parts
}

// frequent is the most frequent bytes of source code, the most frequent first.
const frequent = " etnroisa\tlcdpum\"f.g/(),h:_=\nyvbk0-1x{}w2"

// number makes columns of the parts of ASCII, in the order of how frequent their bytes are, so that what is used of a
// state lies close together.
func (c *columns) number(parts []byteMask) {
	for i := range len(frequent) {
		parts = c.take(parts, frequent[i])
	}
	for b := byte(0); len(parts) > 0; b++ {
		parts = c.take(parts, b)
	}
}

// take makes a column of the part that has b.
func (c *columns) take(parts []byteMask, b byte) []byteMask {
	i := slices.IndexFunc(parts, func(p byteMask) bool { return p.has(b) })
	if i < 0 {
		return parts
	}
	for other := range byte(0x80) {
		if parts[i].has(other) {
			c.of[other] = uint8(len(c.bytes))
		}
	}
	c.bytes = append(c.bytes, b)
	return slices.Delete(parts, i, i+1)
}
