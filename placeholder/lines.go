package placeholder

import (
	"bytes"
	"sort"
)

// lines is where the lines of a text are, and so how places become lines and columns.
type lines struct {
	text   []byte
	starts []int
}

func newLines(text []byte) lines {
	l := lines{text, make([]int, 1, bytes.Count(text, []byte{'\n'})+1)}
	for at := 0; ; {
		i := bytes.IndexByte(text[at:], '\n')
		if i < 0 || at+i+1 == len(text) {
			return l
		}
		at += i + 1
		l.starts = append(l.starts, at)
	}
}

// part is line i without its line end.
func (l lines) part(i int) part {
	p := part{l.starts[i], len(l.text)}
	if i+1 < len(l.starts) {
		p.end = l.starts[i+1]
	}
	p.end = p.start + len(bytes.TrimSuffix(bytes.TrimSuffix(l.text[p.start:p.end], []byte("\n")), []byte("\r")))
	return p
}

// of is the line, from 0, and the column of a place.
func (l lines) of(at int) (line, column int) {
	line = sort.SearchInts(l.starts, at+1) - 1
	return line, at - l.starts[line]
}
