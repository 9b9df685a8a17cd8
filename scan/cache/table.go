package cache

import (
	"encoding/binary"
	"math/bits"
)

// table finds records by a hash: open addressing, half of the slots free. A slot of four bytes is zero, or the number of
// a record plus one with eight bits of its hash above, so that a record is seldom looked at in vain.
type table []byte

const (
	slotLen   = 4
	numberLen = 24               // bits
	maxNumber = 1<<numberLen - 2 // the greatest number of a record
	// maxProbe bounds the walk over full slots. With half of them free, a million records have no run of a hundred.
	maxProbe = 256
)

// slotsFor is how many slots n records need.
func slotsFor(n int) int { return 2 * n }

// find is the first record with this hash that is the same.
func (t table) find(hash uint64, same func(number int) bool) (number int, ok bool) {
	_, number, ok = t.probe(hash, same)
	return number, ok
}

// insert enters a record, unless there is one that is the same, or no room near its place.
func (t table) insert(hash uint64, number int, same func(number int) bool) bool {
	slot, _, taken := t.probe(hash, same)
	if taken || slot < 0 {
		return false
	}
	binary.LittleEndian.PutUint32(t[slot*slotLen:], tag(hash)|uint32(number+1))
	return true
}

// probe is the record with this hash that is the same, or else the free slot where it would be, -1 for none.
func (t table) probe(hash uint64, same func(number int) bool) (slot, number int, found bool) {
	slots := len(t) / slotLen
	place, _ := bits.Mul64(hash, uint64(slots))
	slot = int(place)
	for range min(maxProbe, slots) {
		entry := binary.LittleEndian.Uint32(t[slot*slotLen:])
		if entry == 0 {
			return slot, 0, false
		}
		number = int(entry&(1<<numberLen-1)) - 1
		if entry>>numberLen == tag(hash)>>numberLen && number >= 0 && same(number) {
			return slot, number, true
		}
		if slot++; slot == slots {
			slot = 0
		}
	}
	return -1, 0, false
}

// tag is the low bits of a hash, as its place comes from the high ones, where an entry has them.
func tag(hash uint64) uint32 { return uint32(hash) << numberLen }
