package rules

// suffixes is the endings of patterns like *.json, as a tree that is walked from the last byte of a name. Most walks end
// after two steps.
type suffixes struct {
	steps []step // a hash table, at most half full; its size is a power of two
	count int    // of steps; a node is numbered after the step that leads to it, and 0 is the root
	ids   [][]int
}

// step leads from a node by a byte to the next node. The zero step is none.
type step struct {
	from uint16
	by   byte
	to   uint16
}

func (s *suffixes) add(suffix string, id int) {
	node := uint16(0)
	for i := len(suffix) - 1; i >= 0; i-- {
		to := s.next(node, suffix[i])
		if to == 0 {
			to = s.grow(node, suffix[i])
		}
		node = to
	}
	s.ids[node] = append(s.ids[node], id)
}

// grow adds a step to a new node.
func (s *suffixes) grow(from uint16, by byte) (to uint16) {
	if s.count++; 2*s.count > len(s.steps) {
		old := s.steps
		s.steps = make([]step, max(64, 2*len(old)))
		for _, step := range old {
			s.put(step)
		}
	}
	s.ids = append(s.ids, make([][]int, s.count+1-len(s.ids))...)
	to = uint16(s.count)
	s.put(step{from, by, to})
	return to
}

func (s *suffixes) put(new step) {
	if new.to == 0 {
		return
	}
	i := s.slot(new.from, new.by)
	for s.steps[i].to != 0 {
		i = (i + 1) & (len(s.steps) - 1)
	}
	s.steps[i] = new
}

func (s *suffixes) slot(from uint16, by byte) int {
	return int((uint32(from)<<8|uint32(by))*0x9e3779b1>>16) & (len(s.steps) - 1)
}

// next is the node to which a byte leads, or 0.
func (s *suffixes) next(from uint16, by byte) uint16 {
	if len(s.steps) == 0 {
		return 0
	}
	for i := s.slot(from, by); ; i = (i + 1) & (len(s.steps) - 1) {
		switch at := s.steps[i]; {
		case at.to == 0:
			return 0
		case at.from == from && at.by == by:
			return at.to
		}
	}
}

// each calls f for every pattern that name ends in.
func (s *suffixes) each(name string, f func(id int)) {
	node := uint16(0)
	for i := len(name) - 1; i >= 0; i-- {
		if node = s.next(node, name[i]); node == 0 {
			return
		}
		for _, id := range s.ids[node] {
			f(id)
		}
	}
}
