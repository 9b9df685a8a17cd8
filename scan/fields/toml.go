package fields

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2/unstable"
)

// lexTOML reads TOML with the library's parser, which says where values stand.
func lexTOML(d *document) error {
	if !utf8.ValidString(d.text) {
		return structure("not UTF-8")
	}
	l := &lexerTOML{doc: d, tables: map[string]int{}}
	l.parser.KeepComments = true
	l.parser.Reset([]byte(d.text))
	for l.parser.NextExpression() {
		if err := l.expression(l.parser.Expression()); err != nil {
			return err
		}
	}
	if l.parser.Error() != nil {
		return structure("not TOML") // the library's message has text in it
	}
	return nil
}

type lexerTOML struct {
	doc    *document
	parser unstable.Parser
	table  *key
	tables map[string]int // of arrays of tables: how many were seen
}

func (l *lexerTOML) expression(n *unstable.Node) error {
	if next := n.Next(); next != nil && next.Kind == unstable.Comment {
		if err := l.comment(next); err != nil {
			return err
		}
	}
	switch n.Kind {
	case unstable.Comment:
		return l.comment(n)
	case unstable.Table:
		l.table = l.path(nil, n.Key())
	case unstable.ArrayTable:
		l.table = l.path(nil, n.Key())
		name := l.table.String()
		l.table = l.table.item(strconv.Itoa(l.tables[name]))
		l.tables[name]++
	case unstable.KeyValue:
		return l.value(l.path(l.table, n.Key()), n.Value())
	}
	return nil
}

func (l *lexerTOML) comment(n *unstable.Node) error {
	return l.doc.comment(span{int(n.Raw.Offset), int(n.Raw.Offset + n.Raw.Length)})
}

func (l *lexerTOML) path(at *key, names unstable.Iterator) *key {
	for names.Next() && (at == nil || at.depth <= maxDepth) {
		at = at.child(string(names.Node().Data))
	}
	return at
}

func (l *lexerTOML) value(at *key, n *unstable.Node) error {
	if at.depth > maxDepth {
		return structure("too deep")
	}
	switch n.Kind {
	case unstable.Array:
		return l.array(at, n)
	case unstable.InlineTable:
		for it := n.Children(); it.Next(); {
			child := it.Node()
			if child.Kind == unstable.Comment {
				if err := l.comment(child); err != nil {
					return err
				}
				continue
			}
			if err := l.value(l.path(at, child.Key()), child.Value()); err != nil {
				return err
			}
		}
		return nil
	case unstable.String:
		return l.text(at, span{int(n.Raw.Offset), int(n.Raw.Offset + n.Raw.Length)}, string(n.Data))
	}
	s := span{int(n.Raw.Offset), int(n.Raw.Offset + n.Raw.Length)}
	k := number
	if n.Kind == unstable.Bool {
		k = state
	}
	_, err := l.doc.add(at, s, Literal, k)
	return err
}

func (l *lexerTOML) array(at *key, n *unstable.Node) error {
	i := 0
	for it := n.Children(); it.Next(); {
		child := it.Node()
		if child.Kind == unstable.Comment {
			if err := l.comment(child); err != nil {
				return err
			}
			continue
		}
		if err := l.value(at.item(strconv.Itoa(i)), child); err != nil {
			return err
		}
		i++
	}
	return nil
}

// text records a string, given with its quotes.
func (l *lexerTOML) text(at *key, s span, value string) error {
	raw, q, wide := l.doc.cut(s), TOMLBasic, 1
	if strings.HasPrefix(raw, "'") {
		q = TOMLLiteral
	}
	if len(raw) >= 6 && (strings.HasPrefix(raw, `"""`) || strings.HasPrefix(raw, "'''")) {
		wide = 3
	}
	if len(raw) < 2*wide || raw[0] != raw[len(raw)-1] || strings.IndexByte(`"'`, raw[0]) < 0 {
		return structure("no quotes")
	}
	s = span{s.start + wide, s.end - wide}
	lines := []span{s}
	if wide == 3 && strings.IndexByte(l.doc.cut(s), '\n') >= 0 {
		if lines = l.textLines(s, q); len(lines) == 0 {
			return nil
		}
	}
	if s.start == s.end {
		return nil
	}
	n, err := l.doc.addLines(at, lines, q, textual)
	if err != nil {
		return err
	}
	if wide == 1 && n.text != value {
		return structure("a string that reads another way")
	}
	n.text = value
	return nil
}

// textLines is the lines of a string of several, without the backslashes that join them.
func (l *lexerTOML) textLines(s span, q Quote) []span {
	var kept []span
	for _, line := range l.doc.splitLines(s) {
		if q == TOMLBasic && line.end < s.end && endsInBackslash(l.doc.cut(line)) {
			line.end--
		}
		if line = l.doc.trim(line); line.start < line.end {
			kept = append(kept, line)
		}
	}
	return kept
}
