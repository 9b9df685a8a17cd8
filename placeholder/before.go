package placeholder

import (
	"bytes"
	"sort"

	"cofferdam/internal/linediff"
)

// beside is what stands before a value on its line, from the value before it.
type beside struct {
	text string
	nth  int // value of the line
}

// byBeginnings pairs the values of lines that were edited behind them: with the value of the one line among the new ones
// that begins in the same way.
func (p *pairing) byBeginnings(a alignment) {
	for _, edit := range a.edits {
		host := p.beginnings(p.host.text, a.hostMarks, linesIn(a.host, edit.New), p.taken)
		for begin, place := range p.beginnings(p.base.text, p.base.marks, linesIn(a.base, edit.Old), nil) {
			piece, ok := host[begin]
			if ok && place >= 0 && piece >= 0 {
				p.take(place, piece, false)
			}
		}
	}
}

func linesIn(all []lineMarks, lines linediff.Range) []lineMarks {
	first := sort.Search(len(all), func(i int) bool { return all[i].line >= lines.Start })
	end := sort.Search(len(all), func(i int) bool { return all[i].line >= lines.End })
	return all[first:end]
}

// beginnings is the values on lines that are not taken by what stands before them; -1 where that is not the only one. A
// nil taken stands for the places of the record.
func (p *pairing) beginnings(text []byte, marks []mark, lines []lineMarks, taken []bool) map[beside]int {
	all := map[beside]int{}
	for _, l := range lines {
		from := bytes.LastIndexByte(text[:marks[l.first].start], '\n') + 1
		for i := l.first; i < l.end; i++ {
			before := bytes.TrimLeft(text[from:marks[i].start], " \t")
			from = marks[i].end
			if taken == nil && p.of[i] >= 0 || taken != nil && taken[i] || !isTelling([][]byte{before}) {
				continue
			}
			key := beside{string(before), i - l.first}
			if _, twice := all[key]; twice {
				all[key] = -1
				continue
			}
			all[key] = i
		}
	}
	return all
}
