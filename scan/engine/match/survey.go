package match

import (
	"encoding/binary"
	"math/bits"
	"strings"
	"sync"
)

// verifier is a window, to be compared with a text byte by byte.
type verifier struct {
	classes [windowWidth]*[256]bool
	lead    int
	cuts    []int
	tails   func() *tails
	gap     *gap  // of the cuts
	hints   []int // cuts that are hints
	gates   []Gate
}

func newVerifiers(t *Tables, classes [][256]bool, cuts []cut, m *memory) []verifier {
	list := make([]verifier, len(t.Windows))
	gaps := map[Gap]*gap{}
	shared := map[string]func() *tails{}
	for i := range t.Windows {
		w := &t.Windows[i]
		v := &list[i]
		v.lead, v.gates = w.Lead, w.Gates
		for _, id := range w.Cuts {
			if t.Cuts[id].Hint {
				v.hints = append(v.hints, id)
			} else {
				v.cuts = append(v.cuts, id)
			}
		}
		if len(v.cuts) > 0 {
			v.gap = sharedGap(gaps, t.Cuts[v.cuts[0]].Gap, classes)
			v.tails = sharedTails(shared, v.cuts, cuts, m)
		}
		for j, c := range w.Classes {
			v.classes[j] = &classes[c]
		}
	}
	return list
}

// sharedTails is the automaton of some cuts, the same for windows that have the same cuts.
func sharedTails(known map[string]func() *tails, ids []int, cuts []cut, m *memory) func() *tails {
	var key []byte
	for _, id := range ids {
		key = binary.AppendUvarint(key, uint64(id))
	}
	t, old := known[string(key)]
	if !old {
		t = sync.OnceValue(func() *tails { return newTails(ids, cuts, m) })
		known[string(key)] = t
	}
	return t
}

// sieve is what a pass over a text looks for.
type sieve struct {
	*marks
	*buckets
}

func newSieve(t *Tables, p pass) *sieve { return &sieve{newMarks(t, p), newBuckets(t, p)} }

// survey looks at all of the text, and runs over what follows each window.
func (sc *scan) survey(s *sieve) {
	clear(sc.passed)
	text := bytesOf(sc.text)
	whole := rounds(len(text))
	var all uint64
	sc.examine(s.buckets, s.led, -1)
	for base := 0; base < whole; base += blockSize {
		n, some := s.find(text[base:min(base+blockSize-stride+reach, len(text))], &sc.places)
		all |= some
		n = s.sift(text, base, &sc.places, n)
		for _, d := range sc.places[:n] {
			sc.look(s.buckets, base+int(d))
		}
	}
	for at := whole; at < len(text); at += 2 {
		sc.look(s.buckets, at)
	}
	for _, b := range text[whole:] {
		all |= uint64(b)
	}
	sc.ascii = all&0x8080_8080_8080_8080 == 0
}

// look looks for windows at a place and one byte before.
func (sc *scan) look(b *buckets, at int) {
	if at > 0 {
		sc.examine(b, sc.groups(b, at-1), at-1)
	}
	sc.examine(b, sc.groups(b, at), at)
}

// groups is the groups that the bytes at a place can be a window of. Beyond the text, there are zeros.
func (sc *scan) groups(b *buckets, from int) uint64 {
	if from+windowWidth > len(sc.text) {
		return b.of(sc.at(from), sc.at(from+1), sc.at(from+2), sc.at(from+3))
	}
	t := sc.text[from : from+windowWidth]
	return b.of(t[0], t[1], t[2], t[3])
}

func (sc *scan) at(i int) byte {
	if i < len(sc.text) {
		return sc.text[i]
	}
	return 0
}

// examine looks for the windows of some groups.
func (sc *scan) examine(b *buckets, groups uint64, from int) {
	inside := 0 <= from && from+windowWidth <= len(sc.text)
	for ; groups != 0; groups &= groups - 1 {
		g := bits.TrailingZeros64(groups)
		list := b.windows[g]
		if c := b.exact[g]; c != nil && inside {
			for m := c.at(sc.text[from : from+windowWidth]); m != 0; m &= m - 1 {
				sc.meet(&sc.set.windows[list[bits.TrailingZeros64(m)]], from)
			}
			list = list[min(crowdMost, len(list)):]
		}
		for _, id := range list {
			if w := &sc.set.windows[id]; sc.stands(w, from) {
				sc.meet(w, from)
			}
		}
	}
}

// meet does what is to be done at a window.
func (sc *scan) meet(w *verifier, from int) {
	at := from + w.lead
	for _, id := range w.hints {
		sc.hint(sc.set.cuts[id].rule, span{sc.front(id, at), at})
	}
	for i := range w.gates {
		sc.gate(&w.gates[i], from)
	}
	if len(w.cuts) > 0 && (w.gap == nil || w.gap.follows(sc.text, at)) {
		sc.tail(w, at)
	}
}

func (sc *scan) stands(w *verifier, from int) bool {
	if from < 0 || from+windowWidth > len(sc.text) {
		for i, class := range w.classes {
			if from+i < 0 && i >= w.lead || from+i >= 0 && !class[sc.at(from+i)] {
				return false
			}
		}
		return true
	}
	t := sc.text[from : from+windowWidth]
	return w.classes[0][t[0]] && w.classes[1][t[1]] && w.classes[2][t[2]] && w.classes[3][t[3]]
}

// surveyOdd looks around the runes that are not ASCII and fold to a letter that is. The windows that have bytes of them
// are apart from the others, so that a text without them does not pay for them.
func (sc *scan) surveyOdd(windows func() *buckets) {
	if sc.ascii {
		return
	}
	clear(sc.passed) // what ran before ran over the text in order, and so does what runs now
	next := 0        // what was not looked at
	for at := range oddPlaces(sc.text) {
		odd := windows()
		for from := max(at-windowWidth+1, next, 0); from < at+len("\u212a"); from++ {
			sc.examine(odd, sc.groups(odd, from), from)
			next = from + 1
		}
	}
}

// oddPlaces yields, in order, where Kelvin or long s stand.
func oddPlaces(text string) func(func(int) bool) {
	return func(yield func(int) bool) {
		k, s := index(text, "\u212a", 0), index(text, "\u017f", 0)
		for k < len(text) || s < len(text) {
			at := min(k, s)
			if !yield(at) {
				return
			}
			if at == k {
				k = index(text, "\u212a", at+1)
			} else {
				s = index(text, "\u017f", at+1)
			}
		}
	}
}

// index is where word stands at from or behind, or the length of text.
func index(text, word string, from int) int {
	if i := strings.Index(text[from:], word); i >= 0 {
		return from + i
	}
	return len(text)
}
