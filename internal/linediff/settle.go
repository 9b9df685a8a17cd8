package linediff

import "bytes"

// maxSlide is how far up an edit is moved in search of a better place. Below, it is at most the way to the next edit.
const maxSlide = 100

// settle moves edits that only delete or only insert to the place where they read best: a block whose first line
// equals the line after it may as well begin one line later. Where a move brings two edits together, they become
// one. The number of lines in the edits stays the same.
func settle(edits []Edit, old, now Text) []Edit {
	settled := edits[:0]
	for i, e := range edits {
		t, r := old, e.Old
		if e.Old.Len() == 0 {
			t, r = now, e.New
		} else if e.New.Len() != 0 {
			settled = append(settled, e)
			continue
		}
		down := room(t, r, edits, i, old.Len()-e.Old.End)
		if i+1 < len(edits) && down == edits[i+1].Old.Start-e.Old.End {
			edits[i+1].Old.Start = e.Old.Start + down
			edits[i+1].New.Start = e.New.Start + down
			continue
		}
		up := roomAbove(t, r, settled, e)
		if n := len(settled); n > 0 && up == e.Old.Start-settled[n-1].Old.End {
			settled[n-1].Old.End = e.Old.End - up
			settled[n-1].New.End = e.New.End - up
			continue
		}
		settled = append(settled, e.moved(bestPlace(t, r, up, down)))
	}
	return settled
}

func (e Edit) moved(by int) Edit {
	return Edit{Range{e.Old.Start + by, e.Old.End + by}, Range{e.New.Start + by, e.New.End + by}}
}

// room is how far the lines r of t, which edit i deletes or inserts, can move down; gap is the lines left below.
func room(t Text, r Range, edits []Edit, i, gap int) int {
	if i+1 < len(edits) {
		gap = edits[i+1].Old.Start - edits[i].Old.End
	}
	n := 0
	for n < gap && bytes.Equal(t.Line(r.Start+n), t.Line(r.End+n)) {
		n++
	}
	return n
}

// roomAbove is how far they can move up, at most maxSlide.
func roomAbove(t Text, r Range, settled []Edit, e Edit) int {
	gap := e.Old.Start
	if n := len(settled); n > 0 {
		gap -= settled[n-1].Old.End
	}
	n := 0
	for n < min(gap, maxSlide) && bytes.Equal(t.Line(r.Start-1-n), t.Line(r.End-1-n)) {
		n++
	}
	return n
}

// bestPlace is how far to move r: to where its two borders look most like borders, the lowest such place of several.
func bestPlace(t Text, r Range, up, down int) int {
	best, lowest := down, 1<<30
	for by := down; by >= max(-up, down-maxSlide); by-- {
		if cost := borderCost(t, r.Start+by) + borderCost(t, r.End+by); cost < lowest {
			best, lowest = by, cost
		}
	}
	return best
}

// borderCost says how unlike a border the place before line i is: a block begins after a blank line and with little
// indentation; a line that closes a block, indented less than the one before it, begins none.
func borderCost(t Text, i int) int {
	if i == 0 || i == t.Len() {
		return 0
	}
	before, after := t.Line(i-1), t.Line(i)
	cost := 4 * indent(after)
	switch {
	case blank(after):
		return 4*indent(before) + 40
	case blank(before):
		return cost - 2
	case indent(after) < indent(before):
		return cost + 20
	}
	return cost
}

func blank(line []byte) bool { return len(bytes.TrimSpace(line)) == 0 }

// indent is the width of the white space that line begins with, up to 80.
func indent(line []byte) int {
	width := 0
	for _, c := range line {
		switch c {
		case ' ':
			width++
		case '\t':
			width += 8 - width%8
		default:
			return min(width, 80)
		}
		if width >= 80 {
			break
		}
	}
	return min(width, 80)
}
