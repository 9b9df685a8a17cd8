package match

import (
	"encoding/binary"
	"unsafe"
)

// marks are the trigrams of windows, as bytes for the loop below and as bits for vectors.
type marks struct {
	bytes trigrams
	bits  [1 << 10]uint32
}

// trigrams says of three bytes, each folded to five bits, whether a window could stand there: 1 or 0. Each window enters its
// first three bytes and its last three. So one of these stands at an even place wherever the window does, and only every
// second place of a text needs to be looked at.
type trigrams [1 << 15]uint8

func newMarks(t *Tables, p pass) *marks {
	m := new(marks)
	folded := make([]uint32, len(t.Classes))
	for i, bitmap := range t.Classes {
		set := setOf(bitmap)
		folded[i] = set.folded()
	}
	for i := range t.Windows {
		if w := &t.Windows[i]; w.pass() == p {
			m.bytes.add(folded[w.Classes[0]], folded[w.Classes[1]], folded[w.Classes[2]])
			m.bytes.add(folded[w.Classes[1]], folded[w.Classes[2]], folded[w.Classes[3]])
		}
	}
	for i, marked := range m.bytes {
		m.bits[i>>5] |= uint32(marked) << (i & 31)
	}
	return m
}

func (m *trigrams) add(a, b, c uint32) {
	for i := range members(a) {
		for j := range members(b) {
			for k := range members(c) {
				m[i|j<<5|k<<10] = 1
			}
		}
	}
}

// Places of a text are looked at in blocks, so that they fit the first cache together with the marks.
const (
	blockSize = 8 << 10
	stride    = 8 // bytes a round
	reach     = 10
)

// places are distances into a block. The array is as large as its index can count, so that no bounds are checked.
type places [1 << 16]uint16

// find lists the even places of a block that are marked, up to the last round of bytes. It returns how many there are,
// and all bytes ORed, for their highest bits.
func (m *marks) find(block []byte, list *places) (n uint16, all uint64) {
	if !hasWide || len(block) == 0 {
		return m.bytes.find(block, list, 0, 0)
	}
	done, found, some := findWide(&m.bits, &block[0], len(block), list)
	n, all = m.bytes.find(block, list, done, uint16(found))
	return n, all | uint64(some)
}

// find goes on at a place, having found n.
//
// A place is written in any case and counted only if it is marked: no branch depends on the text.
func (m *trigrams) find(block []byte, list *places, from int, n uint16) (found uint16, all uint64) {
	const five = 0x001f_001f_001f_001f
	for i := from; i+reach <= len(block); i += stride {
		round := block[i : i+reach : i+reach]
		x := binary.LittleEndian.Uint64(round)
		y := binary.LittleEndian.Uint64(round[2:])
		all |= x
		t := x&five | x>>3&(five<<5) | y&five<<10
		at := uint16(i)
		list[n] = at
		n += uint16(m[t&0x7fff])
		list[n] = at + 2
		n += uint16(m[t>>16&0x7fff])
		list[n] = at + 4
		n += uint16(m[t>>32&0x7fff])
		list[n] = at + 6
		n += uint16(m[t>>48&0x7fff])
	}
	return n, all
}

// rounds is how many bytes of a text are in whole rounds.
func rounds(size int) int {
	if size < reach {
		return 0
	}
	return (size-reach)/stride*stride + stride
}

func bytesOf(text string) []byte { return unsafe.Slice(unsafe.StringData(text), len(text)) }
