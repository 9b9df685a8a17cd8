package match

import (
	"math"
	"math/bits"
	"regexp/syntax"
	"slices"
)

// choice is a cut of a branch, with its windows.
type choice struct {
	seq     []*syntax.Regexp // the branch
	at      int              // the cut is in front of seq[at]
	windows []window
	hinted  bool // the front of the cut has no bounds, and another choice is for where it begins
	hint    bool // this is the other one
}

// What the steps of the search cost, in nanoseconds, measured on source code. They need only be right against each other.
const (
	costSurvivor = 4   // to look again at a place that the filter did not rule out
	costTail     = 40  // to run the automaton at a window
	costWide     = 20  // times that where what follows can be anything, so that it runs on
	costLoose    = 3   // times that where the front has no bounds
	costHint     = 0.1 // at most for a hint, a byte
	costSearch   = 1.5 // to run the automaton over everything, a byte
	costMost     = math.MaxFloat32
)

const (
	maxBranches = 40 // of an alternation that is taken apart
	maxApart    = 3  // alternations taken apart, one within the other
	maxTrigrams = 4096
)

// anchor chooses the cuts of seq where the search costs the least: one, or one for each branch of an alternation in it.
// The cost is in nanoseconds for each byte of ordinary source code.
func anchor(seq []*syntax.Regexp, depth int) ([]choice, float64) {
	best, least := single(seq)
	if depth == 0 {
		return best, least
	}
	for i, re := range seq {
		if re.Op != syntax.OpAlternate || len(re.Sub) > maxBranches || slices.ContainsFunc(re.Sub, narrow) {
			continue
		}
		var apart []choice
		var total float64
		for _, sub := range re.Sub {
			branch := slices.Concat(seq[:i], sequence(sub), seq[i+1:])
			choices, cost := anchor(branch, depth-1)
			apart, total = append(apart, choices...), total+cost
		}
		if total < least*0.8 {
			best, least = apart, total
		}
	}
	return best, least
}

// narrow reports whether re is too short to have a window of its own.
func narrow(re *syntax.Regexp) bool {
	least, _ := widthOf(re)
	return least < 2
}

// single chooses one cut.
func single(seq []*syntax.Regexp) (best []choice, least float64) {
	least = costMost
	for at := range seq {
		if at > 0 && isAssertion(seq[at-1]) {
			continue // the cut in front of it is better
		}
		for _, windows := range windowsOf(seq[at:]) {
			if cost := costOf(windows) * tailFactor(seq, at); cost < least {
				best, least = []choice{{seq: seq, at: at, windows: windows}}, cost
			}
		}
	}
	if len(best) > 0 && boundless(seq[:best[0].at]) {
		if h, cost := hint(seq[:best[0].at]); cost < costHint {
			best[0].hinted, least = true, least+cost
			best = append(best, h)
		}
	}
	return best, least
}

// boundless reports whether what is in front of a cut can be anything, of any size.
func boundless(front []*syntax.Regexp) bool {
	_, most := seqWidth(front)
	return most == Unbounded && slices.ContainsFunc(front, wideRun)
}

// hint chooses a cut of front, within bounds of its start, to tell where a match can start. No automaton runs there.
func hint(front []*syntax.Regexp) (best choice, least float64) {
	least = costMost
	for at := range front {
		if _, most := seqWidth(front[:at]); most == Unbounded {
			break
		}
		if width, _ := seqWidth(front[at:]); width < windowWidth {
			break
		}
		for _, windows := range windowsOf(front[at:]) {
			if cost := costOf(windows); cost < least {
				best, least = choice{seq: front, at: at, windows: windows, hint: true}, cost
			}
		}
	}
	return best, least
}

func tailFactor(seq []*syntax.Regexp, at int) float64 {
	factor := 1.0
	if slices.ContainsFunc(outset(seq[at:], 3*windowWidth), wideRun) {
		factor = costWide
	}
	if _, most := seqWidth(seq[:at]); most == Unbounded {
		factor *= costLoose
	}
	return factor
}

// wideRun reports whether re repeats something that nearly any byte is.
func wideRun(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpStar, syntax.OpPlus, syntax.OpRepeat:
		var set byteSet
		alphabetOf(re.Sub[0], &set)
		n := 0
		for _, part := range set {
			n += bits.OnesCount64(part)
		}
		return n > 160
	}
	return slices.ContainsFunc(re.Sub, wideRun)
}

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
