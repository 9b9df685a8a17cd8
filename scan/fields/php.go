package fields

import "strings"

// lexPHP reads the strings of a PHP file that are given a name: define('NAME', '…'), $name = '…', 'name' => '…'. It passes
// over the rest of the program.
func lexPHP(d *document) error {
	if !strings.Contains(d.text, "<?php") && !strings.Contains(d.text, "<?=") {
		return structure("not PHP")
	}
	l := &lexerPHP{doc: d}
	if err := l.outside(); err != nil {
		return err
	}
	for l.at < len(d.text) {
		if err := l.step(); err != nil {
			return err
		}
	}
	return nil
}

type lexerPHP struct {
	doc  *document
	at   int
	name string // that the next value has
	text string // of the last string
	open bool   // define( was read, or env(
	env  bool   // it was env(
	deep int    // how many brackets are open
	from int    // how many were where name was set
}

func (l *lexerPHP) step() error {
	rest := l.doc.text[l.at:]
	c := rest[0]
	switch {
	case strings.HasPrefix(rest, "//"), c == '#' && !strings.HasPrefix(rest, "#["):
		return l.comment(endOr(rest, "\n", 0))
	case strings.HasPrefix(rest, "/*"):
		end := strings.Index(rest[2:], "*/")
		if end < 0 {
			return structure("a comment without its end")
		}
		return l.comment(end + 4)
	case strings.HasPrefix(rest, "<<<"):
		return structure("a heredoc")
	case strings.HasPrefix(rest, "?>"):
		l.name, l.text = "", ""
		return l.outside()
	case c == '`':
		return structure("a command")
	case c == '\'' || c == '"':
		return l.string(c)
	case strings.HasPrefix(rest, "=>"):
		l.set()
		l.at += 2
	case c == '$' || letter(c) || c == '_':
		l.word()
	case digit(c):
		return l.number()
	default:
		l.mark(c)
		l.at++
	}
	return nil
}

// outside passes over text up to where PHP begins again.
func (l *lexerPHP) outside() error {
	return l.comment(endOr(l.doc.text[l.at:], "<?", 2))
}

func endOr(rest, mark string, behind int) int {
	if i := strings.Index(rest, mark); i >= 0 {
		return i + behind
	}
	return len(rest)
}

func (l *lexerPHP) comment(length int) error {
	s := span{l.at, l.at + length}
	l.at = s.end
	for _, line := range l.doc.splitLines(s) {
		if err := l.doc.comment(line); err != nil {
			return err
		}
	}
	return nil
}

// word reads a name: a variable may be given a value, and define names what follows.
func (l *lexerPHP) word() {
	start := l.at
	l.at++
	for l.at < len(l.doc.text) && (alphanumeric(l.doc.text[l.at]) || l.doc.text[l.at] == '_') {
		l.at++
	}
	word := l.doc.text[start:l.at]
	switch strings.ToLower(word) {
	case "define":
		l.open = true
	case "env", "getenv":
		l.open, l.env = true, true
	}
	l.text = strings.TrimPrefix(word, "$")
}

// set makes the last string the name of what follows.
func (l *lexerPHP) set() { l.name, l.text, l.from = l.text, "", l.deep }

// mark follows what stands between the words.
func (l *lexerPHP) mark(c byte) {
	switch c {
	case '=':
		l.set()
	case ':':
		if l.name == "" || l.deep > l.from {
			l.set() // a named argument
		}
	case ',':
		if l.open {
			l.open, l.env = false, false
			l.set()
		} else if l.deep <= l.from {
			l.name, l.text = "", ""
		}
	case ';', '{', '}':
		l.name, l.text, l.open, l.env, l.deep = "", "", false, false, 0
	case '[', '(':
		l.deep++
	case ']', ')':
		if l.deep--; l.deep < l.from {
			l.name, l.text = "", ""
		}
		l.open, l.env = false, false
	}
}

// string reads a string, as the value of the name before it if there is one.
func (l *lexerPHP) string(mark byte) error {
	start := l.at + 1
	for i := start; i < len(l.doc.text); i++ {
		switch l.doc.text[i] {
		case '\\':
			i++
		case mark:
			l.at = i + 1
			return l.value(span{start, i}, mark)
		}
	}
	return structure("quotes without their end")
}

func (l *lexerPHP) value(s span, mark byte) error {
	text := l.doc.cut(s)
	at := (*key)(nil).child(l.name)
	if l.name == "" {
		at = (*key)(nil).child("string")
		l.text = text[:min(len(text), maxKey)]
	}
	// A name of an array ends before =>, and one of an index before ]; neither is a value.
	after := strings.TrimLeft(l.doc.text[l.at:min(len(l.doc.text), l.at+maxKey)], " \t\r\n")
	if s.start == s.end || strings.HasPrefix(after, "=>") || strings.HasPrefix(after, "]") || l.env || l.open && strings.HasPrefix(after, ",") {
		if s.start < s.end {
			l.text = text[:min(len(text), maxKey)]
		}
		return nil
	}
	q := SourceSingle
	if mark == '"' {
		q = SourceDouble
	}
	lines := l.doc.splitLines(s)
	if len(lines) == 0 {
		return nil
	}
	_, err := l.doc.addLines(at, lines, q, textual)
	return err
}

func (l *lexerPHP) number() error {
	start := l.at
	for l.at < len(l.doc.text) && (alphanumeric(l.doc.text[l.at]) || l.doc.text[l.at] == '.') {
		l.at++
	}
	if l.name == "" {
		return nil
	}
	_, err := l.doc.add((*key)(nil).child(l.name), span{start, l.at}, Literal, number)
	return err
}
