package linediff

// search finds the changed lines of two sequences of line numbers.
type search struct {
	a, b     sequence
	forward  []int32 // furthest line of a on each diagonal, from the start
	backward []int32 // and from the end
	seen     []occurrence
	budget   int // steps left for the whole search
}

// sequence is the lines of one side that the other side has too. A line without a partner is changed whatever the
// rest looks like, so it takes no part in the search; most edits leave nothing but equal sequences.
type sequence struct {
	ids     []int32
	lines   []int32 // index of each in changed
	changed []bool
}

func (s *sequence) mark(from, to int) {
	for _, line := range s.lines[from:to] {
		s.changed[line] = true
	}
}

// box is the lines of a from a0 to a1 against those of b from b0 to b1.
type box struct{ a0, a1, b0, b1 int }

func (x box) size() int { return x.a1 - x.a0 + x.b1 - x.b0 }

// A step is one diagonal looked at or one line compared. The whole search may take a fixed number and some for each
// line, so its time grows with the input and no faster.
const (
	searchSteps = 1 << 24
	stepsALine  = 24
)

func newSearch(aIDs, bIDs []int32, ids int) *search {
	s := &search{seen: make([]occurrence, ids), budget: searchSteps + stepsALine*(len(aIDs)+len(bIDs))}
	inA, inB := make([]bool, ids), make([]bool, ids)
	for _, id := range aIDs {
		inA[id] = true
	}
	for _, id := range bIDs {
		inB[id] = true
	}
	s.a = withPartners(aIDs, inB)
	s.b = withPartners(bIDs, inA)
	return s
}

func withPartners(ids []int32, inOther []bool) sequence {
	partners := 0
	for _, id := range ids {
		if inOther[id] {
			partners++
		}
	}
	s := sequence{changed: make([]bool, len(ids)), ids: make([]int32, 0, partners), lines: make([]int32, 0, partners)}
	for line, id := range ids {
		if !inOther[id] {
			s.changed[line] = true
			continue
		}
		s.ids = append(s.ids, id)
		s.lines = append(s.lines, int32(line))
	}
	return s
}

// solve marks the changed lines of x. It first looks for a shortest edit script, then for anchors. Without either it
// goes as far as the first attempt got; with its budget spent it calls all that is left changed.
func (s *search) solve(x box) {
	for {
		x = s.trim(x)
		if x.a0 == x.a1 || x.b0 == x.b1 || s.budget <= 0 {
			s.a.mark(x.a0, x.a1)
			s.b.mark(x.b0, x.b1)
			return
		}
		at, shortest := s.middle(x)
		if !shortest && s.solveBetweenAnchors(x) {
			return
		}
		left := box{x.a0, at.a, x.b0, at.b}
		right := box{at.a, x.a1, at.b, x.b1}
		if left.size() == 0 || right.size() == 0 {
			s.budget = 0 // No progress: a coarse answer instead of a loop.
			continue
		}
		s.solve(left)
		x = right
	}
}

func (s *search) trim(x box) box {
	from := x
	for x.a0 < x.a1 && x.b0 < x.b1 && s.a.ids[x.a0] == s.b.ids[x.b0] {
		x.a0++
		x.b0++
	}
	for x.a0 < x.a1 && x.b0 < x.b1 && s.a.ids[x.a1-1] == s.b.ids[x.b1-1] {
		x.a1--
		x.b1--
	}
	s.budget -= from.size() - x.size()
	return x
}
