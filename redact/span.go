package redact

import (
	"cmp"
	"slices"

	"cofferdam/placeholder"
	"cofferdam/scan/fields"
)

// spanOf is what was found in the redacted text as a span of the file. Where it touches a placeholder, all that this
// stands for is part of it.
func (s *search) spanOf(f found) (placeholder.Span, error) {
	start, end := s.rawOf(f.start, false), s.rawOf(f.end, true)
	if start >= end || start < 0 || end > len(s.raw) {
		return placeholder.Span{}, unfit("%s was found in it, nobody can say where", f.rule)
	}
	span := placeholder.Span{Start: start, End: end, Rule: f.rule, Name: cmp.Or(f.name, f.rule)}
	field := s.at(start, end)
	if field == nil {
		return span, nil
	}
	span.Name, span.Context = field.Key, placeholder.Context(field.Quote)
	if field.Quote == fields.Literal {
		return s.span(field), nil // A part of a number has no quotes.
	}
	return span, nil
}

// rawOf is the place in the file of a place in the redacted text.
func (s *search) rawOf(at int, end bool) int {
	shift := 0 // bytes that the file has more, so far
	for i, p := range s.redacted.Record.Places {
		piece := s.redacted.Pieces[i] // what the placeholder stands for
		switch {
		case at < p.Start || end && at == p.Start:
			return at + shift
		case at < p.End || end && at == p.End:
			if end {
				return piece.End
			}
			return piece.Start
		}
		shift = piece.End - p.End
	}
	return at + shift
}

// tidy is spans in order, without those that others hold whole.
func tidy(spans []placeholder.Span) []placeholder.Span {
	slices.SortStableFunc(spans, func(x, y placeholder.Span) int {
		return cmp.Or(cmp.Compare(x.Start, y.Start), cmp.Compare(y.End, x.End))
	})
	kept, end := spans[:0], -1
	for _, s := range spans {
		if s.End <= end {
			continue
		}
		kept, end = append(kept, s), s.End
	}
	return kept
}
