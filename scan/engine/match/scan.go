package match

import "slices"

// scan is one search of one text: what the parts of it leave for one another. It is used again for other texts.
type scan struct {
	set   *Set
	text  string
	ascii bool

	places  places
	picked  picked
	dull    dull
	known   known
	windows []int   // at the place at hand
	found   []found // by rule
	touched []int   // rules in found, but for those
	hinted  []int   // that have only hints
	walks   []walk  // by cut
	walked  []int   // cuts in walks
	passed  map[passage]struct{}
	open    []bool // searchers that have to run
	matches []span // of the rule at hand
	work    work
}

// span is [start, end) of a text.
type span struct{ start, end int }

// found is what is known of the matches of a rule.
type found struct {
	hits  []hit
	hints []span
	whole bool // nothing: package regexp has to look everywhere
	end   int  // the greatest of the hits
}

// hit says that a match could start between two places, including both, and end at another one or before. Where it is
// hinted, it could start only where there is a hint.
type hit struct {
	from, to, end int
	hinted        bool
}

// work counts bytes, so that no text makes a search cost more than in proportion to its size.
type work struct {
	tail   int // that automata of cuts went over
	made   int // states they made
	first  int // that automata of rules went over
	regexp int // that package regexp was given
}

// Bounds of work. What is beyond goes to package regexp.
const (
	tailPerByte = 8
	tailFree    = 64 << 10
	madeFree    = 20_000
)

func newScan(s *Set) *scan {
	sc := &scan{
		set: s, found: make([]found, len(s.rules)), walks: make([]walk, len(s.cuts)),
		passed: map[passage]struct{}{}, open: make([]bool, len(s.search)),
	}
	sc.dull.clear()
	clear(sc.known[:]) // as newChunk
	return sc
}

func (sc *scan) findAll(text string, emit func(rule, start, end int)) {
	sc.begin(text)
	defer sc.reset()
	sc.survey(sc.set.plain)
	sc.surveyOdd(sc.set.odd)
	sc.searchOpen()
	for _, rule := range sc.touched {
		sc.settle(rule)
		for _, m := range sc.matches {
			emit(rule, m.start, m.end)
		}
	}
}

func (sc *scan) begin(text string) {
	sc.text = text
	sc.work = work{}
	for i := range sc.open {
		sc.open[i] = sc.set.search[i].always
	}
}

func (sc *scan) reset() {
	sc.text = ""
	for _, rule := range sc.touched {
		f := &sc.found[rule]
		*f = found{hits: f.hits[:0], hints: f.hints}
	}
	sc.touched = sc.touched[:0]
	for _, rule := range sc.hinted {
		sc.found[rule].hints = sc.found[rule].hints[:0]
	}
	sc.hinted = sc.hinted[:0]
	for _, id := range sc.walked {
		sc.walks[id] = walk{}
	}
	sc.walked = sc.walked[:0]
	clear(sc.passed)
	sc.matches = sc.matches[:0]
}

// rule is what was found of a rule, from now on listed as such.
func (sc *scan) rule(rule int) *found {
	f := &sc.found[rule]
	if len(f.hits) == 0 && !f.whole {
		sc.touched = append(sc.touched, rule)
	}
	return f
}

// add enters a hit. Those of a rule mostly come in order.
func (sc *scan) add(rule int, h hit) {
	f := sc.rule(rule)
	f.end = max(f.end, h.end)
	if n := len(f.hits); n > 0 && !f.whole {
		if last := &f.hits[n-1]; last.from <= h.from && h.from <= last.to+1 && last.hinted == h.hinted {
			last.to, last.end = max(last.to, h.to), max(last.end, h.end)
			return
		}
	}
	f.hits = append(f.hits, h)
}

// hint notes where a match of a rule could start, to which a cut far behind belongs.
func (sc *scan) hint(rule int, h span) {
	f := &sc.found[rule]
	if len(f.hints) == 0 {
		sc.hinted = append(sc.hinted, rule)
	}
	f.hints = append(f.hints, h)
}

// follow puts in place of the hinted hits those that the hints make of them.
func (f *found) follow() {
	n := len(f.hits)
	for _, h := range f.hits[:n] {
		if !h.hinted {
			continue
		}
		for _, s := range f.hints {
			if from, to := max(h.from, s.start), min(h.to, s.end); from <= to {
				f.hits = append(f.hits, hit{from, to, h.end, false})
			}
		}
	}
	f.hits = slices.DeleteFunc(f.hits, func(h hit) bool { return h.hinted })
}

// giveUp leaves the whole text to package regexp.
func (sc *scan) giveUp(rule int) {
	sc.rule(rule).whole = true
}
