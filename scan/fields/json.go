package fields

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// lexJSON reads JSON, with comments and commas before closing brackets where people and programs write them.
func lexJSON(d *document) error {
	if !utf8.ValidString(d.text) {
		return structure("not UTF-8")
	}
	l := &lexerJSON{doc: d}
	if err := l.document(nil); err != nil || l.at == len(d.text) {
		return err
	}
	d.nodes, l.at = nil, 0
	for i := 0; l.at < len(d.text); i++ {
		if err := l.document((*key)(nil).item(strconv.Itoa(i))); err != nil {
			return err
		}
	}
	return nil
}

// document reads one of the values of a file, which are objects or lists where there are several.
func (l *lexerJSON) document(at *key) error {
	if err := l.space(); err != nil {
		return err
	}
	if at != nil && l.peek() != '{' && l.peek() != '[' {
		return structure("text behind the value")
	}
	if err := l.value(at); err != nil {
		return err
	}
	return l.space()
}

type lexerJSON struct {
	doc *document
	at  int
}

func (l *lexerJSON) peek() byte {
	if l.at < len(l.doc.text) {
		return l.doc.text[l.at]
	}
	return 0
}

// space passes over blanks and comments.
func (l *lexerJSON) space() error {
	for {
		rest := l.doc.text[l.at:]
		switch {
		case rest == "":
			return nil
		case isSpace(rest[0]):
			l.at++
		case strings.HasPrefix(rest, "//"):
			end := strings.IndexByte(rest, '\n')
			if end < 0 {
				end = len(rest)
			}
			if err := l.doc.comment(span{l.at + 2, l.at + end}); err != nil {
				return err
			}
			l.at += end
		case strings.HasPrefix(rest, "/*"):
			end := strings.Index(rest[2:], "*/")
			if end < 0 {
				return structure("a comment without its end")
			}
			for _, line := range l.doc.splitLines(span{l.at + 2, l.at + 2 + end}) {
				if err := l.doc.comment(line); err != nil {
					return err
				}
			}
			l.at += end + 4
		default:
			return nil
		}
	}
}

func (l *lexerJSON) value(at *key) error {
	if at != nil && at.depth > maxDepth {
		return structure("too deep")
	}
	if err := l.space(); err != nil {
		return err
	}
	switch c := l.peek(); {
	case c == '{':
		return l.members(at, '}', l.member)
	case c == '[':
		return l.members(at, ']', l.item)
	case c == '"':
		s, err := l.text()
		if err != nil {
			return err
		}
		_, err = l.doc.add(at, s, JSON, textual)
		return err
	}
	return l.literal(at)
}

// members reads what stands between brackets.
func (l *lexerJSON) members(at *key, closing byte, member func(at *key, i int) error) error {
	l.at++
	for i := 0; ; i++ {
		if err := l.space(); err != nil {
			return err
		}
		if l.peek() == closing {
			l.at++
			return nil
		}
		if err := member(at, i); err != nil {
			return err
		}
		if err := l.space(); err != nil {
			return err
		}
		switch l.peek() {
		case ',':
			l.at++
		case closing:
		default:
			return structure("no comma between values")
		}
	}
}

func (l *lexerJSON) item(at *key, i int) error { return l.value(at.item(strconv.Itoa(i))) }

func (l *lexerJSON) member(at *key, _ int) error {
	if l.peek() != '"' {
		return structure("a name without quotes")
	}
	s, err := l.text()
	if err != nil {
		return err
	}
	name, _, ok := unescape(JSON, l.doc.cut(s))
	if !ok {
		return structure("an escape")
	}
	if err := l.space(); err != nil {
		return err
	}
	if l.peek() != ':' {
		return structure("a name without a value")
	}
	l.at++
	return l.value(at.child(name))
}

// text is what stands between the quotes at l.at.
func (l *lexerJSON) text() (span, error) {
	start := l.at + 1
	for i := start; i < len(l.doc.text); i++ {
		switch c := l.doc.text[i]; {
		case c == '\\':
			i++
		case c == '"':
			l.at = i + 1
			return span{start, i}, nil
		case c < ' ':
			return span{}, structure("a line end in quotes")
		}
	}
	return span{}, structure("quotes without their end")
}

// literal reads a number, true, false or null.
func (l *lexerJSON) literal(at *key) error {
	start := l.at
	for l.at < len(l.doc.text) && (alphanumeric(l.doc.text[l.at]) || strings.IndexByte("+-.", l.doc.text[l.at]) >= 0) {
		l.at++
	}
	s, k := span{start, l.at}, number
	switch text := l.doc.cut(s); {
	case text == "true", text == "false", text == "null":
		k = state
	case text == "" || !digit(text[0]) && text[0] != '-':
		return structure("no value")
	}
	_, err := l.doc.add(at, s, Literal, k)
	return err
}
