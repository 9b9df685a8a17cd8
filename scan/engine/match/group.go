package match

import (
	"cmp"
	"math/bits"
	"slices"
)

// group puts the windows into groups such that few places have, byte by byte, what windows of a group have, though not
// of one of them. Those that are met often come first, and so get a group of their own.
func (d *deriver) group() {
	order := make([]int, len(d.Windows))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(d.chances[j], d.chances[i]) })
	passes := map[pass]*[groups]groupUnion{}
	for _, i := range order {
		w := &d.Windows[i]
		all := passes[w.pass()]
		if all == nil {
			all = new([groups]groupUnion)
			passes[w.pass()] = all
		}
		w.Group = d.bestGroup(w, all)
	}
}

// groupUnion is the bytes that windows of a group have, by place.
type groupUnion struct {
	sets   [windowWidth]byteSet
	chance float64 // that a place of a text has such bytes
}

// bestGroup adds w to the group where that makes a chance greater by the least.
func (d *deriver) bestGroup(w *Window, all *[groups]groupUnion) (best int) {
	var bestUnion groupUnion
	least := 2.0
	for i := range all {
		u := all[i].with(d.Tables, w)
		if more := u.chance - all[i].chance; more < least {
			best, bestUnion, least = i, u, more
		}
	}
	all[best] = bestUnion
	return best
}

func (u groupUnion) with(t *Tables, w *Window) groupUnion {
	u.chance = 1
	for i, class := range w.Classes {
		u.sets[i].union(setOf(t.Classes[class]))
		u.chance *= ordinary().byteChance(&u.sets[i])
	}
	return u
}

// byteChance is how likely a byte of a text is in a set.
func (f *frequencies) byteChance(set *byteSet) (sum float64) {
	for i, part := range set {
		for ; part != 0; part &= part - 1 {
			sum += f.single[i*64+bits.TrailingZeros64(part)]
		}
	}
	return sum
}
