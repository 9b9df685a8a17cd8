package decode

// span is the bytes of a text from start to before end.
type span struct{ start, end int }

// overlaps counts spans that only touch: a secret may be cut at the border of what was decoded.
func (s span) overlaps(o span) bool { return o.start <= s.end && s.start <= o.end }

func (s span) contains(o span) bool { return s.start <= o.start && o.end <= s.end }
