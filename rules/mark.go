package rules

import (
	"encoding/binary"
	"math/bits"

	"cofferdam/internal/byteclass"
)

// A mark is one of the bytes ":;<=>?v". Of an operator one of ":=>" is always part, and of what else leads to a value the
// < of a tag or the v of value; it is quicker to test for the range from : to ? than for its members.

const (
	blockSize = 64             // bytes that are searched for marks at a time: one for each bit of a word
	chunkSize = 16 * blockSize // bytes whose marks are gathered before they are looked at
	usual     = 4              // marks that are written down for every block
)

// marked is marks of one chunk, as their offsets in it.
type marked [chunkSize + usual]uint16

// gather writes down the marks in text, which is no longer than a chunk, and says how many they are. How many a block has
// a processor cannot foretell, and to guess wrong costs it more than to write four, whether there are so many or not.
func (p *marked) gather(text []byte) (count int) {
	var blocks [chunkSize / blockSize]uint64
	some := blocks[:(len(text)+blockSize-1)/blockSize]
	markBlocks(text, some)
	for block, marks := range some {
		at := block * blockSize
		four := (*[usual]uint16)(p[count:])
		count += bits.OnesCount64(marks)
		for i := range four {
			four[i] = uint16(at + bits.TrailingZeros64(marks))
			marks &= marks - 1
		}
		for n := count - bits.OnesCount64(marks); marks != 0; n++ {
			p[n] = uint16(at + bits.TrailingZeros64(marks))
			marks &= marks - 1
		}
	}
	return count
}

// markClass is the marks.
var markClass = byteclass.New(":;<=>?v")

// markBlocks sets the marks of each block of text, a bit for each byte.
func markBlocks(text []byte, blocks []uint64) {
	if byteclass.Wide() {
		markClass.Blocks(text, blocks)
		return
	}
	for n := range blocks {
		blocks[n] = marksAt(text, n*blockSize)
	}
}

// marksAt is the marks in the block at a place in text, a bit for each byte.
func marksAt(text []byte, at int) uint64 {
	rest := text[at:]
	if len(rest) < blockSize {
		var last [blockSize]byte
		copy(last[:], rest)
		rest = last[:]
	}
	b := (*[blockSize]byte)(rest)
	return ^(others(b[:8]) | others(b[8:16])<<8 | others(b[16:24])<<16 | others(b[24:32])<<24 |
		others(b[32:40])<<32 | others(b[40:48])<<40 | others(b[48:56])<<48 | others(b[56:])<<56)
}

// others is those of eight bytes that are no marks: to ask for them takes the fewest steps.
func others(eight []byte) uint64 {
	const (
		each = 0x0101010101010101 // a number in each byte, times this
		high = 0x80 * each        // the bits that answer; the sums below do not carry beyond them
		// A product with this has the high bits of the eight bytes in its last byte, in their order.
		gather = 0x0002040810204081
	)
	text := binary.LittleEndian.Uint64(eight)
	ascii := text & (0x7f * each)
	below := (0x80+':'-1)*each - ascii
	above := text << 1 // what follows ? has this bit
	notV := (ascii ^ 'v'*each) + 0x7f*each
	return (((below | above) & notV) | text) & high * gather >> 56
}
