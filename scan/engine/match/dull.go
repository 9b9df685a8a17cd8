package match

import "encoding/binary"

// dull is a scan's own memory of four bytes on which no window stands, though the filter and the buckets thought so, by
// hash. Text repeats itself, so most of what these let through is known here after a while.
type dull [1 << dullBits]uint32

const dullBits = 13

func dullSlot(word uint32) uint32 { return word * 0x9e3779b1 >> (32 - dullBits) }

func (d *dull) add(word uint32) { d[dullSlot(word)] = word }

// clear makes d empty. The slot of four zeros gets what belongs to another one, as it would say that they are dull.
func (d *dull) clear() {
	*d = dull{}
	d[dullSlot(0)] = 1
}

// picked are places to look at, counted from one byte before a block. There are two for each place that was sifted.
type picked [blockSize + 16]uint16

// pick lists the places of list, and those one byte before, that are not dull. Like find, it has no branch that depends on
// the text.
func (d *dull) pick(text []byte, base int, list []uint16, out *picked) (kept uint16) {
	for _, place := range list {
		at := base + int(place)
		word := binary.LittleEndian.Uint32(text[at:])
		if at > 0 {
			before := word<<8 | uint32(text[at-1])
			out[kept] = place
			kept += differ(d[dullSlot(before)], before)
		}
		out[kept] = place + 1
		kept += differ(d[dullSlot(word)], word)
	}
	return kept
}

// differ is 1 if a and b differ.
func differ(a, b uint32) uint16 {
	x := a ^ b
	return uint16((x | -x) >> 31)
}
