package fields

import (
	"strings"

	"gopkg.in/yaml.v3"
)

// key is a name in a file below the one that it stands in; nil is the file.
type key struct {
	name  string
	up    *key
	index bool // name is a number in a list
	depth int
	// masked is set where a password stood in the name or in one above, which a URL may have. A Key never has it.
	masked bool
}

// maxDepth bounds how deep names nest, maxKey how many bytes a Field's Key may have.
const (
	maxDepth = 200
	maxKey   = 512
)

func (k *key) child(name string) *key {
	if len(name) > maxKey {
		name = strings.ToValidUTF8(name[len(name)-maxKey:], "")
	}
	c := &key{name: name, up: k, depth: 1}
	if k != nil {
		c.depth, c.masked = k.depth+1, k.masked
	}
	if strings.Contains(name, "://") {
		c.mask()
	}
	return c
}

// mask takes passwords out of the name.
func (k *key) mask() {
	parts := secretsIn(k.name)
	for i := len(parts) - 1; i >= 0; i-- {
		k.name = k.name[:parts[i].start] + "*" + k.name[parts[i].end:]
		k.masked = true
	}
}

func (k *key) item(name string) *key {
	c := k.child(name)
	c.index = true
	return c
}

// String is the path to k, cut in front where it is too long.
func (k *key) String() string {
	var names []string
	length := 0
	for ; k != nil && length < maxKey; k = k.up {
		names = append(names, k.name)
		length += len(k.name) + 1
	}
	var b strings.Builder
	for i := len(names) - 1; i >= 0; i-- {
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(names[i])
	}
	path := b.String()
	if len(path) > maxKey {
		path = strings.ToValidUTF8(path[len(path)-maxKey:], "")
	}
	return path
}

// last is the last name of k that is none of a list.
func (k *key) last() *key {
	for k != nil && k.index {
		k = k.up
	}
	return k
}

// below reports whether one of the names above k is one of names, written so.
func (k *key) below(names ...string) bool {
	if k == nil {
		return false
	}
	for k = k.up; k != nil; k = k.up {
		for _, name := range names {
			if strings.EqualFold(k.name, name) {
				return true
			}
		}
	}
	return false
}

type span struct{ start, end int }

type kind uint8

const (
	textual kind = iota
	number
	state   // true, false, null
	comment // text for people, in which anything may stand
)

// node is a scalar value that a lexer found, or a comment.
type node struct {
	at    *key
	lines []span // where it stands in the document, without quotes and indentation
	quote Quote
	kind  kind
	tag   string   // of YAML
	text  string   // what it stands for
	names []string // by which it is known: its key or, where that is only "value", what stands beside it
	judge policy   // of it alone, where the format has another one
}

// document is a text under a lexer.
type document struct {
	text   string // without byte order mark
	offset int    // bytes of the byte order mark
	nodes  []*node
	parsed []*yaml.Node // the documents of YAML, where they were read as they are
}

func (d *document) cut(s span) string { return d.text[s.start:s.end] }

// maxNodes bounds the values of a document.
const maxNodes = 1 << 18

// add records a value on one line. It refuses one that is not written as its quotes ask.
func (d *document) add(at *key, s span, q Quote, k kind) (*node, error) {
	return d.addLines(at, []span{s}, q, k)
}

// addLines records a value on some lines.
func (d *document) addLines(at *key, lines []span, q Quote, k kind) (*node, error) {
	if len(d.nodes) >= maxNodes {
		return nil, structure("too many values")
	}
	if at != nil && at.depth > maxDepth {
		return nil, structure("too deep")
	}
	if at != nil && at.masked {
		return nil, structure("a password in a name")
	}
	if at == nil {
		at = at.child("") // the file is a value
	}
	var b strings.Builder
	for i, s := range lines {
		text, _, ok := unescape(q, d.cut(s))
		if !ok {
			return nil, structure("an escape")
		}
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(text)
	}
	n := &node{at: at, lines: lines, quote: q, kind: k, text: b.String()}
	d.nodes = append(d.nodes, n)
	return n, nil
}

// comment records what stands behind the mark of a comment.
func (d *document) comment(s span) error {
	s = d.trim(s)
	if s.start == s.end {
		return nil
	}
	_, err := d.add((*key)(nil).child("#"), s, Bare, comment)
	return err
}

// trim takes blanks and line ends off both ends.
func (d *document) trim(s span) span {
	text := d.cut(s)
	left := len(text) - len(strings.TrimLeft(text, " \t\r\n"))
	return span{s.start + left, s.start + max(left, len(strings.TrimRight(text, " \t\r\n")))}
}

// splitLines is the lines of s without blanks around them; empty ones are left out.
func (d *document) splitLines(s span) []span {
	var lines []span
	for start := s.start; start <= s.end; {
		end := start + len(d.text[start:s.end])
		if i := strings.IndexByte(d.text[start:s.end], '\n'); i >= 0 {
			end = start + i
		}
		if line := d.trim(span{start, end}); line.start < line.end {
			lines = append(lines, line)
		}
		start = end + 1
	}
	return lines
}

// eachLine calls visit with every line of the document, without its line end.
func (d *document) eachLine(visit func(line span) error) error {
	for start := 0; start < len(d.text); {
		end, next := len(d.text), len(d.text)
		if i := strings.IndexByte(d.text[start:], '\n'); i >= 0 {
			end, next = start+i, start+i+1
		}
		if end > start && d.text[end-1] == '\r' {
			end--
		}
		if err := visit(span{start, end}); err != nil {
			return err
		}
		start = next
	}
	return nil
}
