// Package byteclass finds the bytes of a class, 64 at a time.
package byteclass

import "unsafe"

// Class is a set of ASCII bytes.
type Class struct {
	lower, upper [16]uint8 // by the halves of a byte: it is in the class if both have a bit in common
	has          [256]bool
}

// New is the class of some ASCII bytes. The upper halves of these may come with no more than eight sets of lower ones.
func New(bytes string) *Class {
	c := new(Class)
	var sets [16]uint16 // by the upper half: the lower ones that come with it
	for _, b := range []byte(bytes) {
		if b >= 0x80 {
			panic("BUG: a class of what is not ASCII")
		}
		c.has[b] = true
		sets[b>>4] |= 1 << (b & 15)
	}
	bits := map[uint16]uint8{}
	for upper, set := range sets {
		if set == 0 {
			continue
		}
		if bits[set] == 0 {
			if len(bits) == 8 {
				panic("BUG: too many sets of lower halves")
			}
			bit := uint8(1) << len(bits)
			bits[set] = bit
		}
		c.upper[upper] = bits[set]
		for lower := range 16 {
			if set>>lower&1 != 0 {
				c.lower[lower] |= bits[set]
			}
		}
	}
	return c
}

// Wide reports whether Blocks is quick here: 64 bytes in a few cycles. Else it looks at one byte after the other.
func Wide() bool { return hasWide }

// Blocks sets each of blocks to a bit for each of 64 bytes of text that is of the class, one block behind the other. Behind
// the end of text there is none.
func (c *Class) Blocks(text []byte, blocks []uint64) {
	done := min(len(blocks), len(text)/64)
	if done > 0 && hasWide {
		wideBlocks(c, unsafe.SliceData(text), done, unsafe.SliceData(blocks))
	} else {
		done = 0
	}
	for ; done < len(blocks); done++ {
		blocks[done] = c.block(text[min(64*done, len(text)):min(64*(done+1), len(text))])
	}
}

func (c *Class) block(text []byte) (mask uint64) {
	for i, b := range text {
		if c.has[b] {
			mask |= 1 << i
		}
	}
	return mask
}
