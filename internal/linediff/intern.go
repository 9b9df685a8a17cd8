package linediff

import (
	"bytes"
	"hash/maphash"
	"math/bits"
)

// intern gives equal lines of both ranges the same number, from 0 up to, not including, count. The hash is seeded
// for each call, so no input can be made to collide.
func intern(old, now Text, a, b Range) (aIDs, bIDs []int32, count int) {
	t := newInterner(old, now, a.Len()+b.Len())
	aIDs, bIDs = make([]int32, 0, a.Len()), make([]int32, 0, b.Len())
	for i := a.Start; i < a.End; i++ {
		aIDs = append(aIDs, t.add(old.Line(i), int32(i)))
	}
	for i := b.Start; i < b.End; i++ {
		bIDs = append(bIDs, t.add(now.Line(i), ^int32(i)))
	}
	return aIDs, bIDs, len(t.places)
}

// interner is a hash table with open addressing: a slot holds a line's number plus one.
type interner struct {
	seed     maphash.Seed
	slots    []int32
	old, now Text
	places   []int32 // where each number's line is: its index in old, or the complement of that in now
}

func newInterner(old, now Text, lines int) *interner {
	return &interner{seed: maphash.MakeSeed(), slots: make([]int32, 1<<bits.Len(uint(2*lines))), old: old, now: now}
}

func (t *interner) add(line []byte, place int32) int32 {
	mask := uint64(len(t.slots) - 1)
	for i := maphash.Bytes(t.seed, line) & mask; ; i = (i + 1) & mask {
		id := t.slots[i] - 1
		if id < 0 {
			t.places = append(t.places, place)
			t.slots[i] = int32(len(t.places))
			return int32(len(t.places) - 1)
		}
		if bytes.Equal(t.line(id), line) {
			return id
		}
	}
}

func (t *interner) line(id int32) []byte {
	if place := t.places[id]; place < 0 {
		return t.now.Line(int(^place))
	}
	return t.old.Line(int(t.places[id]))
}
