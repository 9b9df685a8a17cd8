package match

import (
	"encoding/binary"
	"slices"
	"sync"
)

// bundle is what is to be done where some windows stand together, as they do at every place where the same word is: one
// run of an automaton for all their cuts, instead of one for each window.
type bundle struct {
	hints []lead
	gates []Gate
	runs  []run // by how far the cuts are behind the place
}

// lead is a hint, and how far behind the place.
type lead struct{ cut, at int }

// run is the automaton of cuts that are so many bytes behind the place.
type run struct {
	at    int
	tails *tails
}

// tails is the automaton of some cuts. It is compiled when a text first gets past the gap.
type tails struct {
	*automaton
	cuts  []int
	gap   *gap // nil for none
	ready func() (pcs []uint32)
}

// binder makes bundles. What it has made it gives again.
type binder struct {
	set     *Set
	classes [][256]bool
	memory  *memory

	mu      sync.Mutex
	bundles map[string]*bundle
	tails   map[string]*tails
}

func newBinder(s *Set, classes [][256]bool, m *memory) *binder {
	return &binder{set: s, classes: classes, memory: m, bundles: map[string]*bundle{}, tails: map[string]*tails{}}
}

// of is the bundle of windows.
func (b *binder) of(windows []int) *bundle {
	b.mu.Lock()
	defer b.mu.Unlock()
	key := keyOf(windows)
	if old, known := b.bundles[key]; known {
		return old
	}
	made := b.bind(windows)
	b.bundles[key] = made
	return made
}

func (b *binder) bind(windows []int) *bundle {
	made := &bundle{}
	cuts := map[int][]int{} // by lead
	for _, id := range windows {
		w := &b.set.windows[id]
		made.gates = append(made.gates, w.gates...)
		for _, cut := range w.hints {
			made.hints = append(made.hints, lead{cut, w.lead})
		}
		cuts[w.lead] = append(cuts[w.lead], w.cuts...)
	}
	for at := range windowWidth + 1 {
		if list := cuts[at]; len(list) > 0 {
			slices.Sort(list)
			made.runs = append(made.runs, run{at, b.tailsOf(slices.Compact(list))})
		}
	}
	return made
}

func (b *binder) tailsOf(cuts []int) *tails {
	key := keyOf(cuts)
	if old, known := b.tails[key]; known {
		return old
	}
	t := &tails{automaton: newAutomaton(false, kinds, b.memory), cuts: cuts, gap: newGap(cuts, b.set.cuts, b.classes)}
	t.ready = sync.OnceValue(func() (pcs []uint32) {
		for _, id := range cuts {
			pcs = append(pcs, t.add(b.set.cuts[id].tail(), id))
		}
		t.seal()
		return pcs
	})
	b.tails[key] = t
	return t
}

func keyOf(ids []int) string {
	var key []byte
	for _, id := range ids {
		key = binary.AppendUvarint(key, uint64(id))
	}
	return string(key)
}
