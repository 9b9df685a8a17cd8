package match

import (
	"cmp"
	"encoding/binary"
	"math/bits"
	"slices"
)

// buckets are the windows in 64 groups, a bit for each: by place in a window and by byte, the groups of which a window
// has that byte there. Four bytes can be a window of the groups that all four have in common. That is exact for a
// group of one window, and nearly so for others, as these have windows that are alike.
type buckets struct {
	groups  [windowWidth][256]uint64
	led     uint64 // groups with windows that begin in front of the cut
	windows [64][]int
}

// alone is how many windows, those that are met most often, are in a group of their own.
const alone = 40

func newBuckets(t *Tables, odd bool) *buckets {
	b := new(buckets)
	var list []int
	for i := range t.Windows {
		if t.Windows[i].Odd == odd {
			list = append(list, i)
		}
	}
	for group, i := range list[:min(alone, len(list))] {
		b.add(t, i, group)
	}
	list = list[min(alone, len(list)):]
	slices.SortFunc(list, func(i, j int) int {
		return cmp.Or(slices.Compare(t.Windows[i].Classes, t.Windows[j].Classes), cmp.Compare(i, j))
	})
	for n, i := range list {
		b.add(t, i, alone+n*(64-alone)/len(list))
	}
	return b
}

func (b *buckets) add(t *Tables, window, group int) {
	w := &t.Windows[window]
	b.windows[group] = append(b.windows[group], window)
	if w.Lead > 0 {
		b.led |= 1 << group
	}
	for i, class := range w.Classes {
		for j, part := range setOf(t.Classes[class]) {
			for ; part != 0; part &= part - 1 {
				b.groups[i][j*64+bits.TrailingZeros64(part)] |= 1 << group
			}
		}
	}
}

// of is the groups that four bytes can be a window of.
func (b *buckets) of(w0, w1, w2, w3 byte) uint64 {
	return b.groups[0][w0] & b.groups[1][w1] & b.groups[2][w2] & b.groups[3][w3]
}

// sift keeps of n places those where a window can stand, at the place itself or one byte before it. Like find, it has no
// branch that depends on the text.
func (b *buckets) sift(text []byte, base int, list *places, n uint16) (kept uint16) {
	for i := range n {
		d := list[i]
		at := base + int(d)
		x := binary.LittleEndian.Uint32(text[at:])
		m := b.of(byte(x), byte(x>>8), byte(x>>16), byte(x>>24))
		m |= b.of(text[max(at-1, 0)], byte(x), byte(x>>8), byte(x>>16))
		list[kept] = d
		kept += uint16((m | -m) >> 63)
	}
	return kept
}
