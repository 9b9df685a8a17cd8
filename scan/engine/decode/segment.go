package decode

import (
	"sort"
	"strconv"
	"strings"
)

// Segment is a part of a text that a Pass decoded.
type Segment struct {
	prev    []Segment // all of the pass before, in whose text encoded counts
	encoded span      // in the text before the pass
	decoded span      // in the text after it
	kinds   kind      // its encoding and those of what it was decoded from
	depth   int       // number of its pass, from 1
}

func newSegment(prev []Segment, m match, decoded span) Segment {
	s := Segment{prev: prev, encoded: m.span, decoded: decoded, kinds: m.kind, depth: 1}
	if len(prev) > 0 {
		s.depth += prev[0].depth
	}
	for _, p := range Overlapping(prev, m.start, m.end) {
		s.kinds |= p.kinds
	}
	return s
}

// Decoded is where the segment stands in the text after its pass.
func (s Segment) Decoded() (start, end int) { return s.decoded.start, s.decoded.end }

// Overlapping is those of segs, the segments of one pass in order, that start to end of its text overlaps or touches.
// It is a part of segs, not a copy.
func Overlapping(segs []Segment, start, end int) []Segment {
	first := sort.Search(len(segs), func(i int) bool { return segs[i].decoded.end >= start })
	segs = segs[first:]
	return segs[:sort.Search(len(segs), func(i int) bool { return segs[i].decoded.start > end })]
}

// Original maps start and end in the text after a pass to the original text. The segments are what Overlapping says of
// them; without any, start and end are returned. What lies in a segment maps to all that it was decoded from, since
// bytes of base64 have no place of their own.
func Original(segs []Segment, start, end int) (int, int) {
	s := original(segs, span{start, end})
	return s.start, s.end
}

// original climbs from pass to pass. A span that touches no segment of a pass is not moved, even where segments before it
// made the text shorter: gitleaks does not either, and what a pass decodes touches what the pass before decoded.
func original(segs []Segment, s span) span {
	touched := Overlapping(segs, s.start, s.end)
	if len(touched) == 0 {
		return s
	}
	// Segments do not overlap each other, so at most one stands before the one that contains s: it touches its start.
	for _, t := range touched[:min(2, len(touched))] {
		if t.decoded.contains(s) {
			return original(t.prev, t.encoded)
		}
	}
	// Every segment became shorter, so the first reaches furthest to the left and the last to the right.
	first, last := touched[0], touched[len(touched)-1]
	return original(first.prev, span{
		first.encoded.start + min(0, s.start-first.decoded.start),
		last.encoded.end + max(0, s.end-last.decoded.end),
	})
}

// Tags is the encodings of segs, "decoded:" before each, and "decode-depth:" with the number of their pass.
func Tags(segs []Segment) []string {
	if len(segs) == 0 {
		return []string{}
	}
	var all kind
	for _, s := range segs {
		all |= s.kinds
	}
	tags := make([]string, 0, len(kindNames)+1)
	for i, name := range kindNames {
		if all&(1<<i) != 0 {
			tags = append(tags, "decoded:"+name)
		}
	}
	return append(tags, "decode-depth:"+strconv.Itoa(segs[0].depth))
}

// Line is the lines of text, the text after a pass, that segs stand in: from the line feed before them to before the one
// after them. Without segments it is all of text.
func Line(segs []Segment, text string) string {
	if len(segs) == 0 {
		return text
	}
	first, last := segs[0].decoded, segs[len(segs)-1].decoded
	start := max(0, strings.LastIndexByte(text[:first.start+1], '\n'))
	end := strings.IndexByte(text[last.end:], '\n')
	if end < 0 {
		return text[start:]
	}
	return text[start : last.end+end]
}
