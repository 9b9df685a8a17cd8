package linediff

import (
	"bytes"
	"hash/maphash"
	"math/bits"
)

// intern gives equal lines of both ranges the same number, from 0 up to, not including, count. The hash is seeded
// for each call, so no input can be made to collide.
func intern(old, now Text, a, b Range) (aIDs, bIDs []int32, count int) {
	t := newInterner(a.Len() + b.Len())
	aIDs = t.addAll(old, a)
	bIDs = t.addAll(now, b)
	return aIDs, bIDs, len(t.lines)
}

// interner is a hash table with open addressing: a slot holds a line's number plus one.
type interner struct {
	seed  maphash.Seed
	slots []int32
	lines [][]byte
}

func newInterner(lines int) *interner {
	return &interner{seed: maphash.MakeSeed(), slots: make([]int32, 1<<bits.Len(uint(2*lines)))}
}

func (t *interner) addAll(text Text, r Range) []int32 {
	ids := make([]int32, 0, r.Len())
	for i := r.Start; i < r.End; i++ {
		ids = append(ids, t.add(text.Line(i)))
	}
	return ids
}

func (t *interner) add(line []byte) int32 {
	mask := uint64(len(t.slots) - 1)
	for i := maphash.Bytes(t.seed, line) & mask; ; i = (i + 1) & mask {
		id := t.slots[i] - 1
		if id < 0 {
			t.lines = append(t.lines, line)
			t.slots[i] = int32(len(t.lines))
			return int32(len(t.lines) - 1)
		}
		if bytes.Equal(t.lines[id], line) {
			return id
		}
	}
}
