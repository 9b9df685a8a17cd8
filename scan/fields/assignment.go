package fields

import "strings"

// lineValue is how the value behind an assignment on one line is read.
type lineValue struct {
	quotes  []quoteMark
	bare    Quote
	comment string // marks that begin a comment behind a blank
	goesOn  bool   // a backslash at the end of a line joins the next one, which the caller reads
}

// quoteMark is a mark that may stand around a value, and what it means.
type quoteMark struct {
	mark  byte
	quote Quote
}

func (l lineValue) quote(mark byte) (q Quote, quoted bool) {
	for _, m := range l.quotes {
		if m.mark == mark {
			return m.quote, true
		}
	}
	return Bare, false
}

// value records what stands in s, which ends with its line, as the value of at: in quotes or not, with a comment behind it
// or not.
func (l lineValue) value(d *document, at *key, s span) error {
	s = d.trim(s)
	text := d.cut(s)
	if text == "" {
		return nil
	}
	if strings.HasSuffix(text, "\\") {
		if !l.goesOn || !endsInBackslash(text) {
			return structure("a line that goes on") // there is no telling whether the next one belongs to it
		}
		s = d.trim(span{s.start, s.end - 1})
		if text = d.cut(s); text == "" {
			return nil
		}
	}
	if q, quoted := l.quote(text[0]); quoted {
		if end := closingQuote(text, q); end > 0 {
			rest := strings.TrimLeft(text[end+1:], " \t")
			if rest == "" || len(rest) < len(text)-end-1 && l.isComment(rest) {
				return l.quoted(d, at, s, end, q, s.end-len(rest))
			}
		}
	}
	end := l.endOfBare(text)
	if err := l.add(d, at, d.trim(span{s.start, s.start + end}), l.bare); err != nil || end == len(text) {
		return err
	}
	return l.behind(d, at, span{s.start + end, s.end})
}

// isComment holds for a mark with a blank behind it. What readers do with one that has none differs.
func (l lineValue) isComment(text string) bool {
	return strings.IndexByte(l.comment, text[0]) >= 0 && (len(text) == 1 || blank(text[1]))
}

func (l lineValue) quoted(d *document, at *key, s span, end int, q Quote, rest int) error {
	if err := l.add(d, at, span{s.start + 1, s.start + end}, q); err != nil || rest == s.end {
		return err
	}
	return d.comment(span{rest, s.end})
}

func (l lineValue) add(d *document, at *key, s span, q Quote) error {
	if s.start == s.end {
		return nil
	}
	k := textual
	if isWordOfState(d.cut(s)) {
		k = state
	}
	_, err := d.add(at, s, q, k)
	return err
}

// behind records what stands behind a blank and a mark: a comment to some readers, part of the value to others. To be a
// comment it begins with a blank.
func (l lineValue) behind(d *document, at *key, s span) error {
	mark := d.trim(s)
	if rest := d.text[mark.start+1 : mark.end]; rest == "" || blank(rest[0]) {
		return d.comment(mark)
	}
	return l.add(d, at, mark, l.bare)
}

// endOfBare is where the blank stands in front of a comment.
func (l lineValue) endOfBare(text string) int {
	for i := 1; i < len(text); i++ {
		if blank(text[i-1]) && strings.IndexByte(l.comment, text[i]) >= 0 {
			return i - 1
		}
	}
	return len(text)
}

// closingQuote is the index of the mark that closes the one text begins with, or -1.
func closingQuote(text string, q Quote) int {
	escapes := strings.IndexByte(escapeMarks[q], '\\') >= 0
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == '\\' && escapes:
			i++
		case text[i] == text[0]:
			return i
		}
	}
	return -1
}

// operatorAt is where the first of marks stands in text, and -1 where there is none or nothing in front of it.
func operatorAt(text, marks string) int {
	if i := strings.IndexAny(text, marks); i > 0 {
		return i
	}
	return -1
}
