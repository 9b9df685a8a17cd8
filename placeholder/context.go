package placeholder

import (
	"bytes"
	"slices"
	"sort"

	"cofferdam/internal/linediff"
)

const (
	tried      = 64       // lines of the project's file that one line of the view is compared with
	longestTry = 64 << 10 // bytes of a line
)

// byContext finds values that no scan found any more: on a line that is that of the view but for what stands in the place
// of the tokens, if only one line is.
func (p *pairing) byContext(a alignment) {
	c := contexts{p, newLines(p.base.text), newLines(p.host.text)}
	var found []foundPiece
	for _, edit := range a.edits {
		first := sort.Search(len(a.base), func(i int) bool { return a.base[i].line >= edit.Old.Start })
		end := sort.Search(len(a.base), func(i int) bool { return a.base[i].line >= edit.Old.End })
		found = c.inEdit(found, edit, a.base[first:end])
	}
	p.insert(found)
}

type contexts struct {
	*pairing
	inBase, inHost lines
}

// inEdit looks for the values of lines among the new lines of edit, in order.
func (c contexts) inEdit(found []foundPiece, edit linediff.Edit, lines []lineMarks) []foundPiece {
	alike := map[string]int{}
	for _, b := range lines {
		if c.missing(b) {
			alike[string(bytes.Join(c.between(b), []byte(sign)))]++
		}
	}
	from := edit.New.Start
	for _, b := range lines {
		texts := c.between(b)
		if !c.missing(b) || !isTelling(texts) {
			continue
		}
		window := linediff.Range{Start: from, End: min(edit.New.End, from+tried)}
		if edit.Old.Len() == edit.New.Len() {
			window.Start = edit.New.Start + b.line - edit.Old.Start
			window.End = window.Start + 1
		} else if alike[string(bytes.Join(texts, []byte(sign)))] > 1 {
			continue
		}
		if line, spans := c.only(texts, window); line >= 0 {
			found = c.adopt(found, b, spans)
			from = max(from, line+1)
		}
	}
	return found
}

// missing reports whether the line has a value that is not found.
func (p *pairing) missing(b lineMarks) bool {
	for place := b.first; place < b.end; place++ {
		if p.of[place] < 0 {
			return true
		}
	}
	return false
}

// only is the one line of the window that has these texts, and what stands between them; -1 where there is none or more
// than one.
func (c contexts) only(texts [][]byte, window linediff.Range) (line int, spans []part) {
	line = -1
	for i := window.Start; i < window.End; i++ {
		got, ok := fill(c.host.text, c.inHost.part(i), texts)
		if !ok {
			continue
		}
		if line >= 0 {
			return -1, nil
		}
		line, spans = i, got
	}
	return line, spans
}

// between is the texts before, between and behind the tokens of a line.
func (c contexts) between(b lineMarks) [][]byte {
	var texts [][]byte
	all := c.inBase.part(b.line)
	at := all.start
	for _, m := range c.base.marks[b.first:b.end] {
		texts = append(texts, c.base.text[at:m.start])
		at = m.end
	}
	return append(texts, c.base.text[at:all.end])
}

// isTelling reports whether texts tell a line from others.
func isTelling(texts [][]byte) bool {
	return slices.ContainsFunc(texts, func(t []byte) bool {
		return slices.ContainsFunc(t, func(c byte) bool { return alphanumeric(c) || c >= 0x80 })
	})
}

// fill is what stands between texts in a line that has nothing but them and something between any two.
func fill(text []byte, line part, texts [][]byte) (spans []part, ok bool) {
	whole := text[line.start:line.end]
	first, last := texts[0], texts[len(texts)-1]
	if len(whole) > longestTry || len(first)+len(last) >= len(whole) || !bytes.HasPrefix(whole, first) || !bytes.HasSuffix(whole, last) {
		return nil, false
	}
	at, end := line.start+len(first), line.end-len(last)
	for _, t := range texts[1 : len(texts)-1] {
		i := bytes.Index(text[at:end], t)
		if i <= 0 || len(t) == 0 {
			return nil, false
		}
		spans = append(spans, part{at, at + i})
		at += i + len(t)
	}
	spans = append(spans, part{at, end})
	for _, s := range spans {
		if s.start >= s.end || len(bytes.TrimSpace(text[s.start:s.end])) == 0 {
			return nil, false
		}
	}
	return spans, true
}

// adopt makes pieces of spans for the values of b that are missing, where no other piece stands.
func (p *pairing) adopt(found []foundPiece, b lineMarks, spans []part) []foundPiece {
	for i, s := range spans {
		place := b.first + i
		at := p.record.Places[place]
		next := sort.Search(len(p.pieces), func(i int) bool { return p.pieces[i].end > s.start })
		if p.of[place] >= 0 || next < len(p.pieces) && p.pieces[next].start < s.end {
			continue
		}
		made := piece{
			start: s.start, end: s.end, rule: ruleOf(at.Token), name: at.Name, context: at.Context, quote: at.Quote, group: -1 - place,
			mac: p.key.mac(p.host.text[s.start:s.end]),
		}
		found = append(found, foundPiece{made, place})
	}
	return found
}
