package linediff

import "bytes"

// Edit replaces the lines Old of one text by the lines New of the other. One of the two may be empty, not both.
type Edit struct{ Old, New Range }

// Diff returns the edits that make now out of old, in order, with at least one common line between any two. The
// number of lines in them is the least possible where that costs little, and close to it elsewhere.
//
// For every a, b: the lines of a outside the edits equal those of b outside them, one by one.
func Diff(old, now Text) []Edit {
	start := commonPrefix(old, now)
	end := commonSuffix(old, now, start)
	a := Range{start, old.Len() - end}
	b := Range{start, now.Len() - end}
	if a.Len() == 0 && b.Len() == 0 {
		return nil
	}
	var edits []Edit
	if a.Len() == 0 || b.Len() == 0 {
		edits = []Edit{{a, b}}
	} else {
		edits = diffMiddle(old, now, a, b)
	}
	return settle(edits, old, now)
}

// diffMiddle is Diff for texts that differ in their first and last line.
func diffMiddle(old, now Text, a, b Range) []Edit {
	aIDs, bIDs, ids := intern(old, now, a, b)
	s := newSearch(aIDs, bIDs, ids)
	s.solve(box{0, len(s.a.ids), 0, len(s.b.ids)})
	return editsOf(s.a.changed, s.b.changed, a.Start, b.Start)
}

// editsOf gathers runs of changed lines into edits. As many lines are unchanged on one side as on the other.
func editsOf(oldChanged, newChanged []bool, oldFrom, newFrom int) []Edit {
	var edits []Edit
	i, j := 0, 0
	for i < len(oldChanged) || j < len(newChanged) {
		i0, j0 := i, j
		for i < len(oldChanged) && oldChanged[i] {
			i++
		}
		for j < len(newChanged) && newChanged[j] {
			j++
		}
		if i > i0 || j > j0 {
			edits = append(edits, Edit{Range{oldFrom + i0, oldFrom + i}, Range{newFrom + j0, newFrom + j}})
		}
		i, j = i+1, j+1
	}
	return edits
}

func commonPrefix(a, b Text) int {
	n := min(a.Len(), b.Len())
	for i := range n {
		if !bytes.Equal(a.Line(i), b.Line(i)) {
			return i
		}
	}
	return n
}

// commonSuffix is the number of equal last lines after the first start ones.
func commonSuffix(a, b Text, start int) int {
	n := min(a.Len(), b.Len()) - start
	for i := range n {
		if !bytes.Equal(a.Line(a.Len()-1-i), b.Line(b.Len()-1-i)) {
			return i
		}
	}
	return n
}
