// Package linediff compares two texts by lines. It knows nothing of files or patches. Its work is bounded: on input
// made to be hard, the answer gets coarser, never wrong.
package linediff

import "bytes"

// Text is a text cut into lines. A line includes its line feed, so a last line without one differs from one with.
type Text struct {
	data []byte
	ends []int
}

// NewText cuts data into lines as git does: after every line feed. It keeps data and takes 8 bytes a line more.
func NewText(data []byte) Text {
	t := Text{data: data, ends: make([]int, 0, bytes.Count(data, newline)+1)}
	for from := 0; from < len(data); {
		end := len(data)
		if i := bytes.IndexByte(data[from:], '\n'); i >= 0 {
			end = from + i + 1
		}
		t.ends = append(t.ends, end)
		from = end
	}
	return t
}

var newline = []byte{'\n'}

// Len is the number of lines.
func (t Text) Len() int { return len(t.ends) }

// Line is line i, counted from 0, with its line feed.
func (t Text) Line(i int) []byte { return t.Lines(Range{i, i + 1}) }

// Lines is the text of the lines of r, in one piece.
func (t Text) Lines(r Range) []byte { return t.data[t.offset(r.Start):t.offset(r.End)] }

func (t Text) offset(line int) int {
	if line == 0 {
		return 0
	}
	return t.ends[line-1]
}

// Range is the lines from Start up to, not including, End, counted from 0.
type Range struct{ Start, End int }

// Len is the number of lines in r.
func (r Range) Len() int { return r.End - r.Start }
