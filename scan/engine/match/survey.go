package match

import (
	"math/bits"
	"strings"
)

// verifier is a window, to be compared with a text byte by byte.
type verifier struct {
	classes [windowWidth]*[256]bool
	lead    int
	cuts    []int
	hints   []int // cuts that are hints
	gates   []Gate
}

func newVerifiers(t *Tables, classes [][256]bool) []verifier {
	list := make([]verifier, len(t.Windows))
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
		for j, c := range w.Classes {
			v.classes[j] = &classes[c]
		}
	}
	return list
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
		sc.lookAll(s, base, sc.places[:n])
	}
	for at := whole; at < len(text); at += 2 {
		sc.look(s.buckets, at)
	}
	for _, b := range text[whole:] {
		all |= uint64(b)
	}
	sc.ascii = all&0x8080_8080_8080_8080 == 0
}

// lookAll looks for windows at places of a block, and one byte before each.
func (sc *scan) lookAll(s *sieve, base int, list []uint16) {
	if s != sc.set.plain {
		for _, d := range list {
			sc.look(s.buckets, base+int(d))
		}
		return
	}
	n := sc.dull.pick(bytesOf(sc.text), base, list, &sc.picked)
	for _, d := range sc.picked[:n] {
		at := base + int(d) - 1
		sc.meet(sc.wordAt(s.buckets, at), at)
	}
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

// examine does what is to be done for the windows of some groups at a place.
func (sc *scan) examine(b *buckets, groups uint64, from int) {
	if windows := sc.windowsAt(b, groups, from); len(windows) > 0 {
		bundle := sc.set.binder.of(windows)
		sc.begins(bundle, from)
		sc.runs(bundle, from)
	}
}

// windowsAt is the windows of some groups at a place, until it is asked again.
func (sc *scan) windowsAt(b *buckets, groups uint64, from int) []int {
	sc.windows = sc.windows[:0]
	inside := 0 <= from && from+windowWidth <= len(sc.text)
	for ; groups != 0; groups &= groups - 1 {
		g := bits.TrailingZeros64(groups)
		list := b.windows[g]
		if inside {
			for m := b.exact[g].at(sc.text[from : from+windowWidth]); m != 0; m &= m - 1 {
				sc.windows = append(sc.windows, list[bits.TrailingZeros64(m)])
			}
			list = list[min(crowdMost, len(list)):]
		}
		for _, id := range list {
			if sc.stands(&sc.set.windows[id], from) {
				sc.windows = append(sc.windows, id)
			}
		}
	}
	return sc.windows
}

// begins notes hints and opens gates.
func (sc *scan) begins(b *bundle, from int) {
	for _, h := range b.hints {
		sc.hint(sc.set.cuts[h.cut].rule, span{sc.front(h.cut, from+h.at), from + h.at})
	}
	for i := range b.gates {
		sc.gate(&b.gates[i], from)
	}
}

func (sc *scan) runs(b *bundle, from int) {
	for _, r := range b.runs {
		if at := from + r.at; r.tails.gap == nil || r.tails.gap.follows(sc.text, at) {
			sc.tail(r.tails, at)
		}
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

// index is where an odd rune, of two bytes or three, stands at from or behind, or the length of text. Its last byte but one
// is rarer in text than its first, which many others have.
func index(text, odd string, from int) int {
	lead := len(odd) - 2
	for i := from + lead; i < len(text); i++ {
		next := strings.IndexByte(text[i:], odd[lead])
		if next < 0 {
			break
		}
		if i += next; strings.HasPrefix(text[i-lead:], odd) {
			return i - lead
		}
	}
	return len(text)
}
