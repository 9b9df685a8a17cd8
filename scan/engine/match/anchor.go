package match

import (
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

const (
	maxBranches = 40 // of an alternation that is taken apart
	maxApart    = 3  // alternations taken apart, one within the other
)

// chooser chooses cuts. Many expressions have parts in common, so it remembers what windows those have.
type chooser struct {
	known map[string][]offer
	at    map[place][]offer
}

// place is the begin of a sequence, by its parts.
type place struct {
	border bool
	parts  [8]*syntax.Regexp
}

// offer is windows that could be chosen.
type offer struct {
	windows []window
	cost    float64
}

func (c *chooser) offers(seq []*syntax.Regexp) []offer {
	border := false
	for len(seq) > 0 && isAssertion(seq[0]) {
		border = border || seq[0].Op == syntax.OpWordBoundary
		seq = seq[1:]
	}
	short := outset(seq, windowWidth)
	where := place{border: border}
	if len(short) <= len(where.parts) {
		copy(where.parts[:], seq[:len(short)])
		if list, known := c.at[where]; known {
			return list
		}
	}
	list := c.spelled(concat(short), border)
	if len(short) <= len(where.parts) {
		c.at[where] = list
	}
	return list
}

// spelled is offers, as they are known by the text of their expression.
func (c *chooser) spelled(re *syntax.Regexp, border bool) []offer {
	key := string(spell(nil, re))
	if border {
		key = "\\b" + key
	}
	list, known := c.known[key]
	if !known {
		for _, windows := range windowsOf(re, border) {
			list = append(list, offer{windows, costOf(windows)})
		}
		c.known[key] = list
	}
	return list
}

// anchor chooses the cuts of seq where the search costs the least: one, or one for each branch of an alternation in it.
// The cost is in nanoseconds for each byte of ordinary source code. Alternations are taken apart only in a part of seq:
// those in a branch of another one, but not several one after the other, as these multiply.
func (c *chooser) anchor(seq []*syntax.Regexp, part span, depth int) ([]choice, float64) {
	best, least := c.single(seq)
	if depth == 0 {
		return best, least
	}
	for i := part.start; i < part.end; i++ {
		re := seq[i]
		if re.Op != syntax.OpAlternate || len(re.Sub) > maxBranches || slices.ContainsFunc(re.Sub, narrow) {
			continue
		}
		var apart []choice
		var total float64
		for _, sub := range re.Sub {
			middle := sequence(sub)
			branch := slices.Concat(seq[:i], middle, seq[i+1:])
			choices, cost := c.anchor(branch, span{i, i + len(middle)}, depth-1)
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
func (c *chooser) single(seq []*syntax.Regexp) (best []choice, least float64) {
	least = costMost
	for at := range seq {
		if at > 0 && isAssertion(seq[at-1]) {
			continue // the cut in front of it is better
		}
		for _, o := range c.offers(seq[at:]) {
			if o.cost >= least {
				continue
			}
			if cost := o.cost * tailFactor(seq, at); cost < least {
				best, least = []choice{{seq: seq, at: at, windows: o.windows}}, cost
			}
		}
	}
	if len(best) > 0 && boundless(seq[:best[0].at]) {
		if h, cost := c.hint(seq[:best[0].at]); cost < costHint {
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
func (c *chooser) hint(front []*syntax.Regexp) (best choice, least float64) {
	least = costMost
	for at := range front {
		if _, most := seqWidth(front[:at]); most == Unbounded {
			break
		}
		if width, _ := seqWidth(front[at:]); width < windowWidth {
			break
		}
		for _, o := range c.offers(front[at:]) {
			if o.cost < least {
				best, least = choice{seq: front, at: at, windows: o.windows, hint: true}, o.cost
			}
		}
	}
	return best, least
}
