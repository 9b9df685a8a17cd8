package fields

import "strings"

// directives reads lines of words, the first of which says what the others are for, as servers such as redis and nginx
// have them: quotes around a word, a semicolon behind the last one, braces around lines.
type directives struct {
	comments string // marks that begin one
}

func (l directives) lex(d *document) error {
	return d.eachLine(func(line span) error {
		line = d.trim(line)
		text := d.cut(line)
		switch {
		case text == "":
			return nil
		case strings.IndexByte(l.comments, text[0]) >= 0:
			return l.comment(d, line)
		case text[len(text)-1] == '\\':
			return structure("a line that goes on")
		}
		return l.line(d, line, "")
	})
}

// comment records a directive of two words that is commented out as well as other comments.
func (l directives) comment(d *document, line span) error {
	text := d.cut(line)
	rest := strings.TrimLeft(text, l.comments+" \t")
	if words := strings.Fields(rest); len(words) == 2 && isKey(words[0]) && promiseOf(words[0]) != nothing {
		known := len(d.nodes)
		if l.line(d, span{line.end - len(rest), line.end}, "#") == nil {
			return nil
		}
		d.nodes = d.nodes[:known]
	}
	return d.comment(line)
}

// line records the words behind the first one. Behind a telling word they are known by that.
func (l directives) line(d *document, line span, prefix string) error {
	for at := (*key)(nil); ; {
		word, q, err := nextWord(d, &line)
		if err != nil || word.start == word.end && q == Bare {
			return err
		}
		text := d.cut(word)
		switch {
		case q == Bare && len(text) == 1 && strings.IndexByte(l.comments, text[0]) >= 0:
			return d.comment(span{word.start, line.end})
		case at == nil:
			at = at.child(prefix + text)
			continue
		case word.start == word.end || q == Bare && strings.Trim(text, "{};") == "":
			continue
		case q == Bare && promiseOf(text) != nothing && isKey(text) && promiseOf(at.name) == nothing && line.start < line.end:
			at = at.child(text)
			continue
		}
		if _, err := d.add(at, word, q, textual); err != nil {
			return err
		}
	}
}

// nextWord takes the next word off line. There is none where it is empty and Bare.
func nextWord(d *document, line *span) (word span, q Quote, err error) {
	*line = d.trim(*line)
	text := d.cut(*line)
	if text == "" {
		return *line, Bare, nil
	}
	if text[0] == '"' || text[0] == '\'' {
		if q = Double; text[0] == '\'' {
			q = Single
		}
		end := closingQuote(text, q)
		if end < 0 || end+1 < len(text) && strings.IndexByte(" \t;{}", text[end+1]) < 0 {
			return span{}, 0, structure("quotes that do not match")
		}
		word = span{line.start + 1, line.start + end}
		line.start += end + 1
		return word, q, nil
	}
	end := len(text)
	if i := strings.IndexAny(text, " \t"); i >= 0 {
		end = i
	}
	word = span{line.start, line.start + end}
	line.start = word.end
	if bare := strings.TrimRight(d.cut(word), ";{}"); bare != "" {
		word.end = word.start + len(bare)
	}
	return word, Bare, nil
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
