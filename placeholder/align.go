package placeholder

import (
	"bytes"

	"cofferdam/internal/linediff"
)

// alignment is what the lines of the view have to do with those of the project's file, values apart.
type alignment struct {
	base, host []lineMarks     // those with values
	hostMarks  []mark          // the pieces
	same       []linePair      // lines that are equal
	edits      []linediff.Edit // between the other lines
}

// lineMarks is one line and the values in it: indices from first up to, not including, end.
type lineMarks struct{ line, first, end int }

type linePair struct{ base, host lineMarks }

// align compares the two texts with the same sign in the place of every value.
func (p *pairing) align() alignment {
	hostMarks := make([]mark, len(p.pieces))
	for i, piece := range p.pieces {
		hostMarks[i] = mark{start: piece.start, end: piece.end}
	}
	number(p.host.text, hostMarks)
	a := alignment{hostMarks: hostMarks, base: byLine(p.base.marks), host: byLine(hostMarks)}
	old, now := linediff.NewText(shape(p.base.text, p.base.marks)), linediff.NewText(shape(p.host.text, hostMarks))
	a.edits = linediff.Diff(old, now)
	a.match()
	return a
}

func byLine(marks []mark) []lineMarks {
	var lines []lineMarks
	for i, m := range marks {
		if n := len(lines); n > 0 && lines[n-1].line == m.line {
			lines[n-1].end = i + 1
			continue
		}
		lines = append(lines, lineMarks{m.line, i, i + 1})
	}
	return lines
}

// sign stands for a value.
const sign = "\x00value\x00"

// shape is text with the same sign for every value and one way to end lines. It has the same lines.
func shape(text []byte, marks []mark) []byte {
	out := make([]byte, 0, len(text))
	done := 0
	for _, m := range marks {
		out = append(append(out, text[done:m.start]...), sign...)
		done = m.end
	}
	return bytes.ReplaceAll(append(out, text[done:]...), []byte("\r\n"), []byte("\n"))
}

// match finds the lines with values that no edit touches.
func (a *alignment) match() {
	edit, shift, next := 0, 0, 0
	for _, b := range a.base {
		for edit < len(a.edits) && a.edits[edit].Old.End <= b.line {
			shift += a.edits[edit].New.Len() - a.edits[edit].Old.Len()
			edit++
		}
		if edit < len(a.edits) && a.edits[edit].Old.Start <= b.line {
			continue
		}
		for next < len(a.host) && a.host[next].line < b.line+shift {
			next++
		}
		if next < len(a.host) && a.host[next].line == b.line+shift && a.host[next].end-a.host[next].first == b.end-b.first {
			a.same = append(a.same, linePair{b, a.host[next]})
		}
	}
}

// byLines pairs the values on equal lines.
func (p *pairing) byLines(a alignment, same bool) {
	for _, pair := range a.same {
		for i := range pair.base.end - pair.base.first {
			p.take(pair.base.first+i, pair.host.first+i, same)
		}
	}
}
