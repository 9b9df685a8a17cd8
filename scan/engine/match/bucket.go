package match

import (
	"encoding/binary"
	"math/bits"
)

const groups = 64

// buckets are the windows in groups, a bit for each: by place in a window and by byte, the groups of which a window
// has that byte there. Four bytes can be a window of the groups that all four have in common. That is exact for a
// group of one window, and nearly so for others, as these have windows that are alike.
type buckets struct {
	byByte  [windowWidth][256]uint64
	led     uint64 // groups with windows that begin in front of the cut
	windows [groups][]int
	exact   [groups]*crowd
}

// crowd is the first windows of a group, a bit for each: by place and by byte, those that have that byte there. So one of
// dozens is found without a look at each.
type crowd [windowWidth][256]uint64

const crowdMost = 64

// at is the windows that stand on four bytes.
func (c *crowd) at(t string) uint64 {
	return c[0][t[0]] & c[1][t[1]] & c[2][t[2]] & c[3][t[3]]
}

func newCrowd(t *Tables, windows []int) *crowd {
	c := new(crowd)
	for i := range c {
		clear(c[i][:]) // as newChunk
	}
	for n, id := range windows[:min(crowdMost, len(windows))] {
		for i, class := range t.Windows[id].Classes {
			for j, part := range setOf(t.Classes[class]) {
				for ; part != 0; part &= part - 1 {
					c[i][j*64+bits.TrailingZeros64(part)] |= 1 << n
				}
			}
		}
	}
	return c
}

// pass is a way through a text, on which some of the windows are looked for.
type pass struct {
	odd  bool
	only int
}

func (w *Window) pass() pass { return pass{w.Odd, w.Only} }

func newBuckets(t *Tables, p pass) *buckets {
	b := new(buckets)
	for i := range t.Windows {
		if t.Windows[i].pass() == p {
			b.add(t, i)
		}
	}
	for g, windows := range b.windows {
		if len(windows) > 0 {
			b.exact[g] = newCrowd(t, windows)
		}
	}
	return b
}

func (b *buckets) add(t *Tables, window int) {
	w := &t.Windows[window]
	group := w.Group & (groups - 1)
	b.windows[group] = append(b.windows[group], window)
	if w.Lead > 0 {
		b.led |= 1 << group
	}
	for i, class := range w.Classes {
		for j, part := range setOf(t.Classes[class]) {
			for ; part != 0; part &= part - 1 {
				b.byByte[i][j*64+bits.TrailingZeros64(part)] |= 1 << group
			}
		}
	}
}

// of is the groups that four bytes can be a window of.
func (b *buckets) of(w0, w1, w2, w3 byte) uint64 {
	return b.byByte[0][w0] & b.byByte[1][w1] & b.byByte[2][w2] & b.byByte[3][w3]
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
