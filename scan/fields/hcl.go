package fields

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// lexHCL reads the values of Terraform's variable files and settings: strings, numbers, lists and maps of them, in blocks or
// not. It refuses expressions.
func lexHCL(d *document) error {
	if !utf8.ValidString(d.text) {
		return structure("not UTF-8")
	}
	l := &lexerHCL{lexerJSON{doc: d}}
	return l.body(nil, 0)
}

type lexerHCL struct{ lexerJSON }

// blanks passes over blanks and comments, and over line ends where lines is set. It says whether it passed one.
func (l *lexerHCL) blanks(lines bool) (passed bool, err error) {
	for {
		rest := l.doc.text[l.at:]
		switch {
		case rest == "", rest[0] == '\n' && !lines:
			return passed, nil
		case isSpace(rest[0]):
			passed = passed || rest[0] == '\n'
			l.at++
		case rest[0] == '#', strings.HasPrefix(rest, "//"):
			end := strings.IndexByte(rest, '\n')
			if end < 0 {
				end = len(rest)
			}
			if err := l.doc.comment(span{l.at, l.at + end}); err != nil {
				return passed, err
			}
			l.at += end
		case strings.HasPrefix(rest, "/*"):
			if err := l.space(); err != nil {
				return passed, err
			}
		default:
			return passed, nil
		}
	}
}

// body reads attributes and blocks up to a closing brace or, where at is nil, the end.
func (l *lexerHCL) body(at *key, depth int) error {
	if depth > maxDepth {
		return structure("too deep")
	}
	for {
		if _, err := l.blanks(true); err != nil {
			return err
		}
		switch c := l.peek(); {
		case c == 0:
			if at != nil {
				return structure("a block without its end")
			}
			return nil
		case c == '}' && at != nil:
			l.at++
			return nil
		}
		if err := l.statement(at, depth); err != nil {
			return err
		}
		if _, err := l.blanks(false); err != nil {
			return err
		}
		if c := l.peek(); c != '\n' && c != 0 && c != '}' {
			return structure("text behind a value")
		}
	}
}

func (l *lexerHCL) statement(at *key, depth int) error {
	name, err := l.word()
	if err != nil {
		return err
	}
	at = at.child(name)
	for {
		if _, err := l.blanks(false); err != nil {
			return err
		}
		switch c := l.peek(); {
		case c == '=':
			l.at++
			return l.expression(at)
		case c == '{':
			l.at++
			return l.body(at, depth+1)
		case c == '"' || letter(c):
			label, err := l.word()
			if err != nil {
				return err
			}
			if at = at.child(label); at.depth > maxDepth {
				return structure("too deep")
			}
		default:
			return structure("no value")
		}
	}
}

// word is a name, in quotes or not.
func (l *lexerHCL) word() (string, error) {
	if l.peek() == '"' {
		s, err := l.text()
		return l.doc.cut(s), err
	}
	start := l.at
	for l.at < len(l.doc.text) && nameByte(l.doc.text[l.at]) {
		l.at++
	}
	if l.at == start || l.at-start > maxKey {
		return "", structure("no name")
	}
	return l.doc.text[start:l.at], nil
}

func (l *lexerHCL) expression(at *key) error {
	if at.depth > maxDepth {
		return structure("too deep")
	}
	if _, err := l.blanks(false); err != nil {
		return err
	}
	rest := l.doc.text[l.at:]
	switch {
	case rest == "":
		return structure("no value")
	case rest[0] == '"':
		s, err := l.template()
		if err != nil {
			return err
		}
		_, err = l.doc.add(at, s, HCL, textual)
		return err
	case strings.HasPrefix(rest, "<<"):
		return l.heredoc(at)
	case rest[0] == '[':
		return l.list(at)
	case rest[0] == '{':
		return l.object(at)
	}
	return l.literal(at)
}

// template is what stands between the quotes at l.at. One with an expression in it is refused.
func (l *lexerHCL) template() (span, error) {
	s, err := l.text()
	if err == nil && (hasTemplate(l.doc.cut(s), "${", "$${") || hasTemplate(l.doc.cut(s), "%{", "%%{")) {
		return s, structure("an expression")
	}
	return s, err
}

func hasTemplate(text, mark, escaped string) bool {
	return strings.Count(text, mark) > strings.Count(text, escaped)
}

func (l *lexerHCL) list(at *key) error {
	l.at++
	for i := 0; ; i++ {
		if _, err := l.blanks(true); err != nil {
			return err
		}
		if l.peek() == ']' {
			l.at++
			return nil
		}
		if err := l.expression(at.item(strconv.Itoa(i))); err != nil {
			return err
		}
		if err := l.separator(']', false); err != nil {
			return err
		}
	}
}

func (l *lexerHCL) object(at *key) error {
	l.at++
	for {
		if _, err := l.blanks(true); err != nil {
			return err
		}
		if l.peek() == '}' {
			l.at++
			return nil
		}
		name, err := l.word()
		if err != nil {
			return err
		}
		if _, err := l.blanks(false); err != nil {
			return err
		}
		if c := l.peek(); c != '=' && c != ':' {
			return structure("a name without a value")
		}
		l.at++
		if err := l.expression(at.child(name)); err != nil {
			return err
		}
		if err := l.separator('}', true); err != nil {
			return err
		}
	}
}

// separator passes over what separates values: a comma or, where lines is set, a line end.
func (l *lexerHCL) separator(closing byte, lines bool) error {
	passed, err := l.blanks(true)
	if err != nil {
		return err
	}
	switch c := l.peek(); {
	case c == ',':
		l.at++
	case c == closing, passed && lines:
	default:
		return structure("no comma between values")
	}
	return nil
}
