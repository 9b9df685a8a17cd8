package fields

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// part is a secret in a value, by the bytes of what the value stands for.
type part struct {
	start, end int
	flag       Quote  // Percent or Pair
	within     Quote  // what it stands in instead of the quotes around it, where that is not Bare
	name       string // what it is the value of, where that stands in the text itself
}

// verdict is what of a value is secret: all of it, or some parts, in order and apart from each other.
type verdict struct {
	whole bool
	parts []part
}

// policy judges a value, line by line where it has no secret as a whole.
type policy func(n *node, text string) verdict

// fields makes fields of the nodes.
func (d *document) fields(judge policy) ([]Field, error) {
	e := emitter{doc: d, seen: map[string]int{}}
	for _, n := range d.nodes {
		e.node(n, judge)
		if e.failed {
			return nil, structure("an escape")
		}
	}
	return e.fields, d.check(e.fields)
}

func (n *node) start() int {
	if len(n.lines) == 0 {
		return 0
	}
	return n.lines[0].start
}

type emitter struct {
	doc    *document
	fields []Field
	seen   map[string]int
	failed bool
	block  pemState // in comments
}

// unique is key, with a number behind it where it was there before.
func (e *emitter) unique(key string) string {
	e.seen[key]++
	for numbered := key; ; e.seen[key]++ {
		if n := e.seen[key]; n > 1 {
			numbered = fmt.Sprintf("%s#%d", key, n)
		}
		if numbered == key {
			return key
		}
		if e.seen[numbered] == 0 {
			e.seen[numbered] = 1
			return numbered
		}
	}
}

func (e *emitter) node(n *node, judge policy) {
	if n.judge != nil {
		judge = n.judge
	}
	whole := judge(n, n.text)
	key := ""
	if n.kind != comment {
		key = e.unique(n.at.String())
	}
	if n.kind == comment && e.commented(n) {
		return
	}
	var pem pemState
	blocks := pemClosed(e.doc, n)
	for i, line := range n.lines {
		value, at, ok := unescape(n.quote, e.doc.cut(line))
		if !ok {
			e.failed = true
			return
		}
		if len(n.lines) == 1 {
			e.line(n, key, 0, line, value, at, withoutMarks(whole, value))
			continue
		}
		v := verdict{whole: whole.whole}
		if blocks {
			v = pem.line(value, whole.whole)
		}
		if v.parts == nil && !v.whole && !pem.inside {
			v = judge(n, value)
		}
		e.line(n, key, i+1, line, value, at, v)
	}
}

// withoutMarks is v without the marks of PEM blocks and what is public, where the value on one line is such blocks.
func withoutMarks(v verdict, value string) verdict {
	if parts, found := pemParts(value); found && (v.whole || hasPrivate(value)) {
		return verdict{parts: parts}
	}
	return v
}

// commented takes the lines of a private key that is commented out.
func (e *emitter) commented(n *node) bool {
	line := n.lines[0]
	text := e.doc.cut(line)
	body := strings.TrimLeft(text, "#;/* \t")
	switch begins := isPEMMark(body, pemBegin); {
	case begins:
		e.block = pemState{inside: true, secret: !isPublic(body)}
	case isPEMMark(body, pemEnd), len(body) > longestPEMLine, strings.ContainsAny(body, " <>{}\"'"):
		e.block = pemState{}
		return isPEMMark(body, pemEnd)
	case e.block.secret:
		e.line(n, "", 0, line, text, nil, verdict{parts: []part{{start: len(text) - len(body), end: len(text)}}})
	}
	return e.block.inside
}

// line makes fields of one line: its parts, and what is between them.
func (e *emitter) line(n *node, key string, number int, line span, value string, at []int, v verdict) {
	if v.whole {
		v.parts = []part{{start: len(value) - len(strings.TrimLeft(value, " \t\r\n")), end: len(strings.TrimRight(value, " \t\r\n"))}}
		if n.quote == Literal {
			v.parts[0] = part{end: len(value)}
		}
	}
	raw := func(i int) int {
		if at == nil {
			return line.start + i
		}
		return line.start + at[i]
	}
	first, done := len(e.fields), line.start
	for _, p := range v.parts {
		// What one escape stands for is not taken apart.
		for at != nil && p.start > 0 && at[p.start] == at[p.start-1] {
			p.start--
		}
		for at != nil && p.end < len(value) && p.end > 0 && at[p.end] == at[p.end-1] {
			p.end++
		}
		f := Field{Key: key, Line: number, Start: raw(p.start), End: raw(p.end), Quote: n.quote | p.flag, Secret: true, Comment: n.kind == comment}
		if p.within != Bare && at == nil {
			f.Quote = p.within
		}
		if n.kind == comment {
			f.Key = e.unique("#" + p.name)
		}
		if f.Start >= f.End || f.Start < done {
			continue
		}
		e.shown(n, key, number, done, f.Start)
		e.fields = append(e.fields, f)
		done = f.End
	}
	e.shown(n, key, number, done, line.end)
	if len(e.fields)-first > 1 {
		for i := first; i < len(e.fields); i++ {
			e.fields[i].Part = i - first + 1
		}
	}
	for i := first; i < len(e.fields); i++ {
		e.fields[i].Start += e.doc.offset
		e.fields[i].End += e.doc.offset
	}
}

func (e *emitter) shown(n *node, key string, number, start, end int) {
	if start < end && n.kind != comment && strings.TrimSpace(e.doc.text[start:end]) != "" {
		e.fields = append(e.fields, Field{Key: key, Line: number, Start: start, End: end, Quote: n.quote})
	}
}

// check holds that fields are in order, apart from each other, inside the document, on one line, and split no character.
func (d *document) check(fields []Field) error {
	done := d.offset
	for _, f := range fields {
		start, end := f.Start-d.offset, f.End-d.offset
		if f.Start < done || f.Start >= f.End || end > len(d.text) {
			return structure("values that overlap")
		}
		if !utf8.RuneStart(d.text[start]) || end < len(d.text) && !utf8.RuneStart(d.text[end]) {
			return structure("a character cut in two")
		}
		if strings.IndexByte(d.text[start:end], '\n') >= 0 {
			return structure("a value over a line end")
		}
		done = f.End
	}
	return nil
}
