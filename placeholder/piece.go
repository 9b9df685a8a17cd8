package placeholder

import "bytes"

// piece is bytes of a body that one token stands for. They are on one line.
type piece struct {
	start, end int
	rule, name string
	context    Context
	quote      byte
	group      int // of those that were one span
	mac        mac
}

// raw is the bytes in the body.
func (p piece) raw(text []byte) []byte { return text[p.start:p.end] }

// cut makes pieces of spans in raw, which is b encoded, in order. What is no secret in them stays: white pieces, line
// ends, indentation, and the first and last lines of PEM blocks.
func cut(b body, size int, spans []Span, key Key) ([]piece, error) {
	placed, err := inBody(b, size, spans)
	if err != nil {
		return nil, err
	}
	var pieces []piece
	for group, s := range placed {
		for _, p := range s.parts(b.text) {
			made := piece{start: p.start, end: p.end, rule: s.Rule, name: s.Name, context: s.Context, group: group}
			value := made.raw(b.text)
			if p == (part{s.Start, s.End}) {
				made.quote = s.Quote
				if s.Value.text != nil {
					value = []byte(*s.Value.text)
				}
			}
			made.mac = key.mac(value)
			pieces = append(pieces, made)
		}
	}
	named := newNames(b.text, pieces, placed, key)
	for i := range pieces {
		pieces[i].name = named.clean(pieces[i].name)
	}
	return pieces, nil
}

type part struct{ start, end int }

// parts is what tokens stand for in s.
func (s Span) parts(text []byte) []part {
	lines := splitLines(text, s.Start, s.End)
	var parts []part
	for _, line := range lines {
		if len(lines) > 1 {
			line = line.trim(text, " \t\v\f")
		}
		parts = appendWithoutMarks(parts, text, line)
	}
	return parts
}

// splitLines is text[start:end] without line ends.
func splitLines(text []byte, start, end int) []part {
	var lines []part
	for {
		i := bytes.IndexAny(text[start:end], "\r\n")
		if i < 0 {
			return append(lines, part{start, end})
		}
		lines = append(lines, part{start, start + i})
		start += i + 1
	}
}

func (p part) trim(text []byte, white string) part {
	p.end -= len(text[p.start:p.end]) - len(bytes.TrimRight(text[p.start:p.end], white))
	p.start += len(text[p.start:p.end]) - len(bytes.TrimLeft(text[p.start:p.end], white))
	return p
}

// appendPart adds p, unless there is nothing to hide.
func appendPart(parts []part, text []byte, p part) []part {
	if len(bytes.TrimSpace(text[p.start:p.end])) == 0 {
		return parts
	}
	return append(parts, p)
}
