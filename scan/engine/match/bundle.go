package match

import (
	"encoding/binary"
	"regexp/syntax"
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

// tails is the automaton of some cuts at which some windows stand. It is compiled when a text first gets past the gap.
type tails struct {
	*automaton
	cuts  []int
	gap   *gap // nil for none
	ready func() entrance
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
	if len(b.bundles) >= mostBundles {
		clear(b.bundles)
		clear(b.tails)
	}
	made := b.bind(windows)
	b.bundles[key] = made
	return made
}

// mostBundles is how many are kept. The built-in rules come to some 600, whatever the text.
const mostBundles = 4096

func (b *binder) bind(windows []int) *bundle {
	made := &bundle{}
	var byLead [windowWidth + 1][]int
	for _, id := range windows {
		w := &b.set.windows[id]
		made.gates = append(made.gates, w.gates...)
		for _, cut := range w.hints {
			made.hints = append(made.hints, lead{cut, w.lead})
		}
		if len(w.cuts) > 0 {
			byLead[w.lead] = append(byLead[w.lead], id)
		}
	}
	for at, list := range byLead {
		if len(list) > 0 {
			made.runs = append(made.runs, run{at, b.tailsOf(list, at)})
		}
	}
	return made
}

// tailsOf is the automaton of the cuts at which windows of a lead stand.
func (b *binder) tailsOf(windows []int, lead int) *tails {
	key := keyOf(windows)
	if old, known := b.tails[key]; known {
		return old
	}
	var cuts []int
	for _, id := range windows {
		cuts = append(cuts, b.set.windows[id].cuts...)
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	t := &tails{automaton: newAutomaton(false, kinds, b.memory), cuts: cuts, gap: newGap(cuts, b.set.cuts, b.classes)}
	t.ready = sync.OnceValue(func() entrance {
		var e entrance
		e.ahead = windowWidth - lead
		exprs := make([]*syntax.Regexp, len(cuts))
		for i, id := range cuts {
			exprs[i] = b.set.cuts[id].tail()
			if least, _ := widthOf(exprs[i]); least < e.ahead {
				e.ahead = 0
			}
		}
		t.reserve(exprs...)
		for i, re := range exprs {
			e.pcs = append(e.pcs, t.add(re, cuts[i]))
		}
		t.seal(b.reached(t, windows, &e))
		return e
	})
	b.tails[key] = t
	return t
}

// reached is the classes that a run can come by behind the windows, or all where it does not begin there.
func (b *binder) reached(t *tails, windows []int, e *entrance) []runeClass {
	if e.ahead == 0 {
		return t.classes
	}
	r := newOutlook(t.automaton)
	for _, id := range windows {
		w := &b.set.windows[id]
		r.through(e.pcs, w.classes[windowWidth-e.ahead:])
	}
	return r.classes()
}

func keyOf(ids []int) string {
	var key []byte
	for _, id := range ids {
		key = binary.AppendUvarint(key, uint64(id))
	}
	return string(key)
}
