package diff3

import "iter"

// Result is the three texts cut into regions, in order.
//
// For each of the three: its pieces of all regions, put together, are the text, in the line ending of the result.
type Result struct{ Regions []Region }

// Conflicts goes through the regions in conflict, which the caller must not change.
func (r Result) Conflicts() iter.Seq[*Region] {
	return func(yield func(*Region) bool) {
		for i := range r.Regions {
			if r.Regions[i].Kind == Conflict && !yield(&r.Regions[i]) {
				return
			}
		}
	}
}

// Clean reports whether nothing conflicts.
func (r Result) Clean() bool {
	for range r.Conflicts() {
		return false
	}
	return true
}

// Merged is the text with the edits of both sides. It reports false, and gives no text, where anything conflicts.
func (r Result) Merged() ([]byte, bool) {
	if !r.Clean() {
		return nil, false
	}
	return r.Resolved(Ours), true
}

// Side is one of the two sides of a conflict.
type Side uint8

const (
	Ours Side = iota
	Theirs
)

// Resolved is the text with the edits of both sides and, where they conflict, those of s.
func (r Result) Resolved(s Side) []byte {
	size := 0
	for i := range r.Regions {
		size += len(r.Regions[i].resolved(s))
	}
	text := make([]byte, 0, size)
	for i := range r.Regions {
		text = append(text, r.Regions[i].resolved(s)...)
	}
	return text
}

func (r *Region) resolved(s Side) []byte {
	if r.Kind == TheirsOnly || r.Kind == Conflict && s == Theirs {
		return r.Theirs.Text
	}
	return r.Ours.Text
}
