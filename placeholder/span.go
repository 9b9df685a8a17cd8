package placeholder

import (
	"cmp"
	"fmt"
	"slices"
)

// Context is what a value stands in, and so how it is written there: any number of the caller's, 0 where it is not known.
type Context uint16

// Span is a place in a text, to the byte, where a value stands.
type Span struct {
	Start, End int     // bytes of the text as it is
	Rule       string  // id of the rule that found it
	Name       string  // what a person knows the value by, such as "users.0.password"; may be empty
	Context    Context // what it stands in
	Quote      byte    // written on both sides of the token and not of the value, as for a number of JSON; 0 for nothing
	Value      Value   // what the bytes mean in their context, where that is known and not the bytes themselves
}

// String is the place and the rule.
func (s Span) String() string { return fmt.Sprintf("%d:%d %q", s.Start, s.End, s.Rule) }

func (s Span) check(size int) error {
	if s.Start < 0 || s.End < s.Start || s.End > size {
		return fmt.Errorf("bytes %d to %d of %d are no place for a placeholder", s.Start, s.End, size)
	}
	if s.Quote != 0 && s.Quote != '"' && s.Quote != '\'' {
		return fmt.Errorf("byte %d is no quote to put around a placeholder", s.Quote)
	}
	return nil
}

// inBody is spans by their bytes in the body of raw: in order, on whole characters, apart from each other and from the
// byte order mark. Those that overlap are one.
func inBody(b body, size int, spans []Span) ([]Span, error) {
	placed := make([]Span, 0, len(spans))
	for _, s := range spans {
		if err := s.check(size); err != nil {
			return nil, err
		}
		if s.Start < s.End {
			placed = append(placed, s)
		}
	}
	b.place(placed)
	slices.SortStableFunc(placed, func(x, y Span) int {
		return cmp.Or(cmp.Compare(x.Start, y.Start), cmp.Compare(y.End, x.End))
	})
	return unite(placed), nil
}

// place turns bytes of the raw text to bytes of the body.
func (b body) place(spans []Span) {
	starts := cursor{b: b}
	slices.SortStableFunc(spans, func(x, y Span) int { return cmp.Compare(x.Start, y.Start) })
	for i := range spans {
		spans[i].Start, _ = starts.to(spans[i].Start)
	}
	ends := cursor{b: b}
	slices.SortStableFunc(spans, func(x, y Span) int { return cmp.Compare(x.End, y.End) })
	mark := b.markSize()
	for i := range spans {
		s := &spans[i]
		s.End = ends.past(s.End)
		s.Start, s.End = wholeRunes(b.text, s.Start, s.End)
		s.Start, s.End = max(s.Start, mark), max(s.End, mark)
	}
}

// byteOrderMark is that of UTF-8, and of every body.
const byteOrderMark = "\ufeff"

func (b body) markSize() int {
	if len(b.text) >= len(byteOrderMark) && string(b.text[:len(byteOrderMark)]) == byteOrderMark {
		return len(byteOrderMark)
	}
	return 0
}

// unite makes one of spans that overlap. What one of them knows of its value is not true of more bytes.
func unite(spans []Span) []Span {
	var united []Span
	for _, s := range spans {
		n := len(united)
		if n == 0 || s.Start >= united[n-1].End {
			united = append(united, s)
			continue
		}
		last := &united[n-1]
		switch {
		case s.Start == last.Start && s.End == last.End:
			last.learn(s)
		case s.End > last.End:
			last.End, last.Quote, last.Value, last.Context = s.End, 0, Value{}, 0
			fallthrough
		default:
			last.Name = cmp.Or(last.Name, s.Name)
		}
	}
	return united
}

// learn takes what other, which is the same place, knows more.
func (s *Span) learn(other Span) {
	if s.Value.text == nil && s.Context == 0 && s.Quote == 0 {
		s.Context, s.Quote, s.Value = other.Context, other.Quote, other.Value
	}
	s.Name = cmp.Or(s.Name, other.Name)
}
