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

func newColumns(insts []inst, runes bool) (c columns) {
	masks := []byteMask{alike[word], alike[newline]}
	for i := range insts {
		if class := insts[i].class; class != nil && !slices.Contains(masks, class.ascii) {
			masks = append(masks, class.ascii)
		}
	}
	c.bytes = []byte{0}
	for _, mask := range masks {
		c.split(mask)
	}
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

// split parts the columns of ASCII of which mask has some bytes and not all.
func (c *columns) split(mask byteMask) {
	var inside, outside [0x80]bool // by column
	for b := range byte(0x80) {
		if mask.has(b) {
			inside[c.of[b]] = true
		} else {
			outside[c.of[b]] = true
		}
	}
	var fresh [0x80]uint8 // what becomes of the column inside
	for b := range byte(0x80) {
		column := c.of[b]
		if !inside[column] || !outside[column] {
			continue
		}
		if !mask.has(b) {
			c.bytes[column] = b
			continue
		}
		if fresh[column] == 0 {
			fresh[column] = uint8(len(c.bytes))
			c.bytes = append(c.bytes, b)
		}
		c.of[b] = fresh[column]
	}
}
