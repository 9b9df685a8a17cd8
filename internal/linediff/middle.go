package linediff

// point is a place between lines of a and between lines of b.
type point struct{ a, b int }

// One attempt at a shortest script may take so many steps: enough for about a thousand edits in scattered places.
const (
	attemptSteps        = 1 << 18
	attemptStepsPerLine = 8
)

// middle finds a point on a shortest edit script of x, about halfway, with the O(ND) algorithm of Myers (1986) in its
// linear-space form: furthest-reaching paths grow from both corners until two meet. It gives up after its steps;
// shortest is then false, and the point is the furthest that was reached from the start.
func (s *search) middle(x box) (at point, shortest bool) {
	a, b := s.a.ids[x.a0:x.a1], s.b.ids[x.b0:x.b1]
	n, m := len(a), len(b)
	if len(s.forward) < n+m+3 {
		s.forward, s.backward = make([]int32, n+m+3), make([]int32, n+m+3)
	}
	fwd := front{reach: s.forward, a: a, b: b}
	bwd := front{reach: s.backward, a: a, b: b, fromEnd: true}
	fwd.reach[m+2], bwd.reach[m+2] = 0, 0 // Diagonal 1: where the first step of round 0 comes from.
	odd := (n-m)%2 != 0
	limit := attemptSteps + attemptStepsPerLine*(n+m)
	found := false
	for d := 0; !found && fwd.steps+bwd.steps < limit; d++ {
		if at, found = fwd.grow(d, &bwd, odd); !found {
			at, found = bwd.grow(d, &fwd, !odd)
		}
	}
	s.budget -= fwd.steps + bwd.steps
	if !found {
		at = fwd.furthest()
	}
	// Any point of the box is a correct place to split it at.
	return point{x.a0 + min(max(at.a, 0), n), x.b0 + min(max(at.b, 0), m)}, found
}

// front is the furthest-reaching paths from one corner. Diagonal k holds the points where the number of lines of a
// passed, less that of b, is k; reach[len(b)+1+k] is the lines of a passed by the furthest path on it.
type front struct {
	reach   []int32
	a, b    []int32
	fromEnd bool
	round   int // of the last grow
	steps   int
}

// bounds is the diagonals that a path of d edits can newly reach: after len(b) edits the lowest has come to the edge
// of the box, then the one above it, and so on.
func (f *front) bounds(d int) (low, high int) {
	low, high = -d, d
	if d > len(f.b) {
		low = d - 2*len(f.b)
	}
	if d > len(f.a) {
		high = 2*len(f.a) - d
	}
	return low, high
}

// grow extends every path by one edit and the equal lines after it. Where meet says that this round's diagonals are
// those of the other front, it looks whether the two have met, and returns where.
func (f *front) grow(d int, other *front, meet bool) (point, bool) {
	zero := len(f.b) + 1
	delta := len(f.a) - len(f.b)
	low, high := f.bounds(d)
	for k := low; k <= high; k += 2 {
		i := zero + k
		var x int
		if k == -d || k != d && f.reach[i-1] < f.reach[i+1] {
			x = int(f.reach[i+1])
		} else {
			x = int(f.reach[i-1]) + 1
		}
		x0 := x
		x = f.slide(x, x-k)
		f.steps += 1 + x - x0
		f.reach[i] = int32(x)
		if opposite := delta - k; meet && other.reached(opposite) && x+int(other.reach[zero+opposite]) >= len(f.a) {
			return f.place(x, k), true
		}
	}
	f.round = d + 1
	return point{}, false
}

// reached reports whether a path of this front has come to diagonal k.
func (f *front) reached(k int) bool {
	return -f.round < k && k < f.round && -len(f.b) <= k && k <= len(f.a)
}

// slide passes the equal lines after x of a and y of b.
func (f *front) slide(x, y int) int {
	a, b := f.a, f.b
	if f.fromEnd {
		for x < len(a) && y < len(b) && a[len(a)-1-x] == b[len(b)-1-y] {
			x++
			y++
		}
		return x
	}
	for x < len(a) && y < len(b) && a[x] == b[y] {
		x++
		y++
	}
	return x
}

func (f *front) place(x, k int) point {
	if f.fromEnd {
		return point{len(f.a) - x, len(f.b) - x + k}
	}
	return point{x, x - k}
}

// furthest is the point that passed the most lines in the last round.
func (f *front) furthest() point {
	best := point{}
	low, high := f.bounds(f.round - 1)
	for k := low; k <= high; k += 2 {
		x := int(f.reach[len(f.b)+1+k])
		if y := x - k; x <= len(f.a) && y <= len(f.b) && x+y > best.a+best.b {
			best = point{x, y}
		}
	}
	return best
}
