package placeholder

// holdBack decides which hunks are held back because of what they take away. A value that a hunk took away and another
// brought somewhere else is not lost, unless that other one is held back, or conflicts and may not land.
func (r *restorer) holdBack() {
	b := balance{sums: map[mac]int{}, takers: map[mac][]*hunk{}, accepted: r.accepted}
	for _, h := range r.hunks {
		for value, n := range h.delta {
			if !h.conflict || n < 0 {
				b.sums[value] += n
			}
			if n < 0 {
				b.takers[value] = append(b.takers[value], h)
			}
		}
	}
	r.askForLosses(b.sums)
	for _, h := range r.hunks {
		if h.held {
			b.hold(h)
		}
	}
	for len(b.queue) > 0 {
		value := b.queue[len(b.queue)-1]
		b.queue = b.queue[:len(b.queue)-1]
		if b.sums[value] >= 0 || b.accepted[value] {
			continue
		}
		takers := b.takers[value]
		b.takers[value] = nil
		for _, h := range takers {
			if !h.held {
				h.held = true
				r.bind(h, value)
				b.hold(h)
			}
		}
	}
}

// balance is how many tokens the hunks that land add and take away, by their values.
type balance struct {
	sums     map[mac]int
	takers   map[mac][]*hunk
	accepted map[mac]bool
	queue    []mac // values that may be out of balance
}

// hold takes h out of the balance.
func (b *balance) hold(h *hunk) {
	for value, n := range h.delta {
		if h.conflict && n > 0 {
			continue
		}
		b.sums[value] -= n
		if n > 0 {
			b.queue = append(b.queue, value)
		}
	}
}

// askForLosses asks about each token that is taken away and stands nowhere else instead. All tokens of a value have to be
// given up, or no hunk that takes one away lands.
func (r *restorer) askForLosses(sums map[mac]int) {
	refused := map[mac]bool{}
	asked := map[mac][]*hunk{}
	for _, h := range r.hunks {
		var sorted [][]byte
		done := map[mac]int{}
		for _, place := range h.lost {
			c := r.current(place)
			if c == nil || h.held || sums[c.mac] >= 0 || done[c.mac] >= -h.delta[c.mac] {
				continue
			}
			done[c.mac]++
			if sorted == nil {
				sorted = r.sortedLines(h.theirs)
			}
			e := r.loss(h, place, sorted)
			if !r.accepts(e) {
				refused[c.mac] = true
			}
			asked[c.mac] = append(asked[c.mac], h)
			r.pending = append(r.pending, pending{e, h})
		}
	}
	for value, hunks := range asked {
		r.accepted[value] = !refused[value]
		for _, h := range hunks {
			h.held = h.held || refused[value]
		}
	}
}

// bind notes that h is held back for the sake of a value that another hunk would have brought elsewhere.
func (r *restorer) bind(h *hunk, value mac) {
	for _, place := range h.lost {
		if c := r.current(place); c != nil && c.mac == value {
			m := r.base.marks[place]
			line := r.baseLines.part(m.line)
			r.pending = append(r.pending, pending{Event{
				Kind: Bound, Name: r.nameOf(place), Token: m.token, Line: m.line + 1, Column: m.start - line.start + 1,
			}, h})
			return
		}
	}
}
