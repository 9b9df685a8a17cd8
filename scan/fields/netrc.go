package fields

import "strings"

// lexNetrc reads .netrc: words that name a machine and what it is told.
func lexNetrc(d *document) error {
	l := &netrc{doc: d}
	for {
		word, ok := l.next()
		if !ok {
			return nil
		}
		text := d.cut(word)
		switch {
		case strings.HasPrefix(text, "#"):
			if err := l.comment(word.start); err != nil {
				return err
			}
		case text == "default":
			l.machine = (*key)(nil).child("default")
		case text == "macdef":
			if err := l.macro(); err != nil {
				return err
			}
		default:
			if err := l.setting(text); err != nil {
				return err
			}
		}
	}
}

type netrc struct {
	doc     *document
	at      int
	machine *key
}

// next is the next word.
func (l *netrc) next() (span, bool) {
	text := l.doc.text
	for l.at < len(text) && isSpace(text[l.at]) {
		l.at++
	}
	start := l.at
	for l.at < len(text) && !isSpace(text[l.at]) {
		l.at++
	}
	return span{start, l.at}, l.at > start
}

func isSpace(c byte) bool { return blank(c) || c == '\n' || c == '\r' }

func (l *netrc) endOfLine(start int) int {
	if i := strings.IndexByte(l.doc.text[start:], '\n'); i >= 0 {
		return start + i
	}
	return len(l.doc.text)
}

func (l *netrc) setting(name string) error {
	switch name {
	case "machine", "login", "user", "password", "passwd", "account", "port":
	default:
		return structure("an unknown word")
	}
	word, ok := l.next()
	if !ok {
		return structure("a word without its value")
	}
	q := Word
	if l.doc.text[word.start] == '"' {
		end := closingQuote(l.doc.text[word.start:l.endOfLine(word.start)], Double)
		if end < 0 || word.start+end+1 < len(l.doc.text) && !isSpace(l.doc.text[word.start+end+1]) {
			return structure("quotes that do not match")
		}
		l.at = word.start + end + 1
		word, q = span{word.start + 1, word.start + end}, Double
	}
	if name == "machine" {
		l.machine = (*key)(nil).child(l.doc.cut(word))
		return nil
	}
	if l.machine == nil {
		return structure("a word before the first machine")
	}
	if word.start == word.end {
		return nil
	}
	_, err := l.doc.add(l.machine.child(name), word, q, textual)
	return err
}

// comment records a password that is commented out, and what else there is.
func (l *netrc) comment(start int) error {
	end := l.endOfLine(start)
	before, known := "", len(l.doc.nodes)
	for l.at = start; ; {
		word, ok := l.next()
		if !ok || word.start >= end {
			break
		}
		if before == "password" || before == "passwd" || before == "account" {
			if _, err := l.doc.add((*key)(nil).child("#"+before), word, Word, textual); err != nil {
				return err
			}
		}
		before = strings.TrimLeft(l.doc.cut(word), "#")
	}
	l.at = end
	if len(l.doc.nodes) == known {
		return l.doc.comment(span{start, end})
	}
	return nil
}

// macro passes over one, which ends with an empty line.
func (l *netrc) macro() error {
	if _, ok := l.next(); !ok {
		return structure("a macro without its name")
	}
	for l.at = l.endOfLine(l.at); l.at < len(l.doc.text); {
		l.at++
		end := l.endOfLine(l.at)
		line := span{l.at, end}
		l.at = end
		if strings.TrimSpace(l.doc.cut(line)) == "" {
			return nil
		}
		if err := l.doc.comment(line); err != nil {
			return err
		}
	}
	return nil
}
