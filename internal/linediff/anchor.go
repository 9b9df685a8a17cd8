package linediff

import "sort"

// occurrence counts a line number in a box and says where b has it.
type occurrence struct{ inA, inB, lineB int32 }

// solveBetweenAnchors marks the changed lines of x around its anchors: the lines that occur once on each side, as many
// of them as stand in the same order on both (patience, after Bram Cohen). It reports false where there are none.
func (s *search) solveBetweenAnchors(x box) bool {
	anchors := inOrder(s.unique(x))
	for _, at := range anchors {
		s.solve(box{x.a0, at.a, x.b0, at.b})
		x.a0, x.b0 = at.a+1, at.b+1
	}
	if len(anchors) > 0 {
		s.solve(x)
	}
	return len(anchors) > 0
}

// unique is the lines that occur once on each side of x, in the order of a.
func (s *search) unique(x box) []point {
	s.budget -= 2 * x.size()
	for line := x.a0; line < x.a1; line++ {
		o := &s.seen[s.a.ids[line]]
		o.inA++
	}
	for line := x.b0; line < x.b1; line++ {
		o := &s.seen[s.b.ids[line]]
		o.inB++
		o.lineB = int32(line)
	}
	var found []point
	for line := x.a0; line < x.a1; line++ {
		if o := s.seen[s.a.ids[line]]; o.inA == 1 && o.inB == 1 {
			found = append(found, point{line, int(o.lineB)})
		}
	}
	for _, id := range s.a.ids[x.a0:x.a1] {
		s.seen[id] = occurrence{}
	}
	for _, id := range s.b.ids[x.b0:x.b1] {
		s.seen[id] = occurrence{}
	}
	return found
}

// inOrder is a longest part of points, given in the order of a, that is in the order of b too.
func inOrder(points []point) []point {
	var last []int // last[n] is the point that ends the sequence of length n+1 with the smallest b.
	before := make([]int, len(points))
	for i, p := range points {
		n := sort.Search(len(last), func(n int) bool { return points[last[n]].b >= p.b })
		before[i] = -1
		if n > 0 {
			before[i] = last[n-1]
		}
		if n == len(last) {
			last = append(last, i)
		} else {
			last[n] = i
		}
	}
	chain := make([]point, len(last))
	if len(last) > 0 {
		i := last[len(last)-1]
		for n := len(chain) - 1; n >= 0; n-- {
			chain[n] = points[i]
			i = before[i]
		}
	}
	return chain
}
