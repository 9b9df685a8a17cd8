package match

import (
	"math"
	"math/bits"
	"regexp/syntax"
)

// What the steps of the search cost, in nanoseconds, measured on source code. They need only be right against each other.
const (
	costSurvivor = 4   // to look again at a place that the filter did not rule out
	costTail     = 40  // to run the automaton at a window
	costWide     = 20  // times that where what follows can be anything, so that it runs on
	costLine     = 6   // or anything on a line
	costWord     = 2   // or anything but a space
	costLoose    = 3   // times that where the front has no bounds
	costHint     = 0.1 // at most for a hint, a byte
	costSearch   = 1.5 // to run the automaton over everything, a byte
	costMost     = math.MaxFloat32
)

// A window of more trigrams costs too much, and a class of more bytes is as good as all.
const (
	maxTrigrams = 4096
	wideClass   = 160
)

func tailFactor(seq []*syntax.Regexp, at int) float64 {
	factor := 1.0
	for _, re := range outset(seq[at:], 3*windowWidth) {
		factor = max(factor, runFactor(re))
	}
	if _, most := seqWidth(seq[:at]); most == Unbounded {
		factor *= costLoose
	}
	return factor
}

// runFactor is how much longer the automaton runs for what re repeats: over all that follows, to the end of the line, or
// to the next space.
func runFactor(re *syntax.Regexp) (factor float64) {
	switch re.Op {
	case syntax.OpStar, syntax.OpPlus, syntax.OpRepeat:
		var set byteSet
		switch alphabetOf(re.Sub[0], &set); {
		case set.size() <= wideClass:
		case set.has('\n') && set.has(' '):
			return costWide
		case set.has(' '):
			return costLine
		default:
			return costWord
		}
	}
	factor = 1
	for _, sub := range re.Sub {
		factor = max(factor, runFactor(sub))
	}
	return factor
}

// wideRun reports whether re repeats something that nearly any byte is.
func wideRun(re *syntax.Regexp) bool { return runFactor(re) == costWide }

func costOf(windows []window) float64 {
	var cost float64
	for i := range windows {
		if w := &windows[i]; !w.odd {
			cost += w.cost()
		}
	}
	return cost
}

// cost is what a window costs for each byte of ordinary text.
func (w *window) cost() float64 {
	a, b, c, d := w.classes[0].folded(), w.classes[1].folded(), w.classes[2].folded(), w.classes[3].folded()
	if productSize(a, b, c) > maxTrigrams || productSize(b, c, d) > maxTrigrams {
		return costMost
	}
	f := ordinary()
	return (f.chance(a, b, c)+f.chance(b, c, d))/2*costSurvivor + w.chance()*costTail
}

// chance is how likely a place holds the window: what is known of three bytes, put together for four.
func (w *window) chance() float64 {
	f := ordinary()
	var sets [windowWidth]uint32
	shares := 1.0
	for i := range w.classes {
		sets[i] = w.classes[i].folded()
		shares *= f.share(&w.classes[i], sets[i])
	}
	first, second := f.chance(sets[0], sets[1], sets[2]), f.chance(sets[1], sets[2], sets[3])
	return first * second / max(f.pairChance(sets[1], sets[2]), 1e-8) * shares
}

func productSize(a, b, c uint32) int {
	return bits.OnesCount32(a) * bits.OnesCount32(b) * bits.OnesCount32(c)
}

// chance is how likely a place holds bytes that fold into three sets.
func (f *frequencies) chance(a, b, c uint32) (sum float64) {
	for i := range members(a) {
		for j := range members(b) {
			for k := range members(c) {
				sum += f.trigram[i|j<<5|k<<10]
			}
		}
	}
	return sum
}

func (f *frequencies) pairChance(a, b uint32) (sum float64) {
	for i := range members(a) {
		for j := range members(b) {
			sum += f.pair[i|j<<5]
		}
	}
	return sum
}

// share is how many of the bytes that fold into a set are in the class that it was made from.
func (f *frequencies) share(class *byteSet, folded uint32) float64 {
	var in, all float64
	for b := range 256 {
		if folded>>fold(byte(b))&1 != 0 {
			all += f.single[b]
			if class.has(byte(b)) {
				in += f.single[b]
			}
		}
	}
	return in / all
}

// members yields the bits of a set.
func members(set uint32) func(func(uint32) bool) {
	return func(yield func(uint32) bool) {
		for ; set != 0; set &= set - 1 {
			if !yield(uint32(bits.TrailingZeros32(set))) {
				return
			}
		}
	}
}
