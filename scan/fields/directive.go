package fields

import "strings"

// directives reads lines of words, the first of which says what the others are for, as servers such as redis and nginx
// have them: quotes around a word, a semicolon behind the last one, braces around lines.
type directives struct {
	comments string // marks that begin one
}

func (l directives) lex(d *document) error {
	var before *key // where the line before joins this one
	return d.eachLine(func(line span) (err error) {
		line = d.trim(line)
		text := d.cut(line)
		goesOn := strings.HasSuffix(text, "\\")
		if goesOn {
			line = d.trim(span{line.start, line.end - 1})
		}
		switch {
		case text != "" && strings.IndexByte(l.comments, text[0]) >= 0:
			err = l.comment(d, line)
		default:
			before, err = l.line(d, line, before, goesOn)
		}
		if !goesOn {
			before = nil
		}
		return err
	})
}

// comment records a directive of two words that is commented out as well as other comments.
func (l directives) comment(d *document, line span) error {
	text := d.cut(line)
	rest := strings.TrimLeft(text, l.comments+" \t")
	if words := strings.Fields(rest); len(words) == 2 && isKey(words[0]) && promiseOf(words[0]) != nothing {
		known, second := len(d.nodes), strings.TrimLeft(rest[len(words[0]):], " \t")
		if _, err := l.line(d, span{line.end - len(second), line.end}, (*key)(nil).child("#"+words[0]), false); err == nil {
			return nil
		}
		d.nodes = d.nodes[:known]
	}
	return d.comment(line)
}

// line records the words behind the first one, or all of them where they belong to at. Behind a telling word they are
// known by that. More says that the next line belongs to this one.
func (l directives) line(d *document, line span, at *key, more bool) (*key, error) {
	for {
		word, q := nextWord(d, &line)
		if word.start == word.end && q == Bare {
			return at, nil
		}
		text := d.cut(word)
		switch {
		case q == Bare && len(text) == 1 && strings.IndexByte(l.comments, text[0]) >= 0:
			return at, d.comment(span{word.start, line.end})
		case at == nil:
			at = at.child(text)
			continue
		case word.start == word.end || q == Bare && strings.Trim(text, "{};") == "":
			continue
		case q == Bare && promiseOf(text) != nothing && isKey(text) && promiseOf(at.name) == nothing && (more || line.start < line.end):
			at = at.child(text)
			continue
		}
		if _, err := d.add(at, word, q, textual); err != nil {
			return nil, err
		}
	}
}

// nextWord takes the next word off line. There is none where it is empty and Bare. Quotes that are not around all of a
// word, as in a pattern, are part of it.
func nextWord(d *document, line *span) (word span, q Quote) {
	*line = d.trim(*line)
	text := d.cut(*line)
	if text == "" {
		return *line, Bare
	}
	begin := 0
	if text[0] == '"' || text[0] == '\'' {
		if q = Double; text[0] == '\'' {
			q = Single
		}
		end := closingQuote(text, q)
		if end > 0 && (end+1 == len(text) || strings.IndexByte(" \t;{}", text[end+1]) >= 0) {
			word = span{line.start + 1, line.start + end}
			line.start += end + 1
			return word, q
		}
		begin = max(end, 0)
	}
	end := len(text)
	if i := strings.IndexAny(text[begin:], " \t"); i >= 0 {
		end = begin + i
	}
	word = span{line.start, line.start + end}
	line.start = word.end
	if bare := strings.TrimRight(d.cut(word), ";{}"); bare != "" {
		word.end = word.start + len(bare)
	}
	return word, Bare
}

// markACL has the passwords of redis' users hidden: >password, <password, #hash, !hash.
func markACL(d *document) {
	for _, n := range d.nodes {
		if own := n.at.last(); n.kind != comment && own != nil && strings.EqualFold(own.name, "user") && len(n.text) > 1 && strings.IndexByte("><#!", n.text[0]) >= 0 {
			n.judge = func(_ *node, text string) verdict { return verdict{parts: []part{{start: 1, end: len(text)}}} }
		}
	}
}

// lexCurl reads what curl is told in a file: an option a line, with or without its dashes, and what belongs to it.
func lexCurl(d *document) error {
	value := lineValue{quotes: []quoteMark{{'"', Double}}, bare: Bare}
	return d.eachLine(func(line span) error {
		line = d.trim(line)
		text := d.cut(line)
		if text == "" {
			return nil
		}
		if text[0] == '#' {
			return d.comment(line)
		}
		end := strings.IndexAny(text, " \t=:")
		if end < 0 {
			end = len(text)
		}
		name := strings.TrimLeft(text[:end], "-")
		if name == "" || !isKey(name) {
			return structure("a line that is no option")
		}
		rest := strings.TrimLeft(text[end:], " \t=:")
		return value.value(d, (*key)(nil).child(name), span{line.end - len(rest), line.end})
	})
}

// account is the policy of user:password.
func account(_ *node, text string) verdict {
	user, secret, both := strings.Cut(text, ":")
	if is, literals := reference(secret); is || !both || secret == "" {
		return verdict{parts: shift(literals, len(user)+1)}
	}
	return verdict{parts: []part{{start: len(user) + 1, end: len(text)}}}
}
