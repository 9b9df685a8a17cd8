package diff3

import "bytes"

const leastMarker = 7

// MarkerSize is the number of characters of a marker: 7, or as many more as it takes that no line of the text can be
// mistaken for one. A reader that looks for markers of this size finds those of Marked and no others.
func (r Result) MarkerSize() int {
	taken := map[int]bool{}
	for i := range r.Regions {
		region := &r.Regions[i]
		if region.Kind != Conflict {
			takeMarkers(taken, region.resolved(Ours), "<") // The others mean nothing outside a conflict.
			continue
		}
		for _, p := range []Piece{region.Base, region.Ours, region.Theirs} {
			takeMarkers(taken, p.Text, "<|=>")
		}
	}
	size := leastMarker
	for taken[size] {
		size++
	}
	return size
}

// takeMarkers notes the sizes of lines that look like markers of one of marks: a run of it, then white space or nothing.
func takeMarkers(taken map[int]bool, text []byte, marks string) {
	for len(text) > 0 {
		line := text
		if i := bytes.IndexByte(text, '\n'); i >= 0 {
			line = text[:i]
			text = text[i+1:]
		} else {
			text = nil
		}
		if len(line) < leastMarker || bytes.IndexByte([]byte(marks), line[0]) < 0 {
			continue
		}
		rest := bytes.TrimLeft(line, string(line[:1]))
		if len(rest) == 0 || rest[0] == ' ' || rest[0] == '\t' || rest[0] == '\r' {
			taken[len(line)-len(rest)] = true
		}
	}
}
