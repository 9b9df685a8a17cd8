package fields

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// lexYAML reads YAML. The library says where scalars begin and what they stand for; where they end is found here, and
// proven by what they stand for.
//
// A text may be YAML as it is, or only where its templates are left out.
func lexYAML(d *document) error {
	if err := checkYAML(d.text); err != nil {
		return err
	}
	documents, err := parseYAML(d.text)
	if err == nil {
		err = lexDocuments(d, documents, d.text, nil)
	}
	if err == nil {
		d.parsed = documents
		return nil
	}
	masked, places := mask(d.text, true)
	if len(places) == 0 {
		return err
	}
	d.nodes = nil
	if documents, err = parseYAML(masked); err != nil {
		return err
	}
	return lexDocuments(d, documents, masked, places)
}

func lexDocuments(d *document, documents []*yaml.Node, masked string, places []span) error {
	l := &lexerYAML{doc: d, text: masked, places: places, anchors: map[*yaml.Node]*node{}}
	for i, document := range documents {
		at := (*key)(nil)
		if len(documents) > 1 {
			at = at.item(strconv.Itoa(i))
		}
		for _, child := range document.Content {
			if err := l.value(at, child); err != nil {
				return err
			}
		}
	}
	l.nameAliases()
	return l.comments()
}

// maxYAML bounds what is given to the library, in bytes, of which it makes some two hundred times as much.
const maxYAML = 2 << 20

// checkYAML refuses characters that end a line in one version of YAML and not in another.
func checkYAML(text string) error {
	if len(text) > maxYAML {
		return structure("too long")
	}
	if !utf8.ValidString(text) {
		return structure("not UTF-8")
	}
	if strings.Contains(text, "\u0085") || strings.Contains(text, "\u2028") || strings.Contains(text, "\u2029") || strings.Contains(text, "\uFEFF") {
		return structure("a line end that is none everywhere")
	}
	return nil
}

// maxDocuments bounds those of a file.
const maxDocuments = 10_000

// parseYAML is the documents of text.
func parseYAML(text string) (documents []*yaml.Node, err error) {
	// The library panics where it finds itself broken, and then the text is not understood.
	defer func() {
		if recover() != nil {
			err = structure("not YAML")
		}
	}()
	decoder := yaml.NewDecoder(bytes.NewReader([]byte(text)))
	for len(documents) < maxDocuments {
		var document yaml.Node
		if err := decoder.Decode(&document); errors.Is(err, io.EOF) {
			return documents, nil
		} else if err != nil {
			return nil, structure("not YAML") // the library's message has text in it
		}
		documents = append(documents, &document)
	}
	return nil, structure("too many documents")
}

type lexerYAML struct {
	doc     *document
	text    string // with templates masked
	places  []span // of templates
	covered []span // by scalars, in order
	place   struct{ line, column, at int }
	anchors map[*yaml.Node]*node
	aliases []alias
}

// alias is a name that stands for what has an anchor.
type alias struct {
	at     *key
	target *yaml.Node
}

func (l *lexerYAML) value(at *key, n *yaml.Node) error {
	if at != nil && at.depth > maxDepth {
		return structure("too deep")
	}
	switch n.Kind {
	case yaml.MappingNode:
		return l.mapping(at, n)
	case yaml.SequenceNode:
		for i, item := range n.Content {
			if err := l.value(at.item(strconv.Itoa(i)), item); err != nil {
				return err
			}
		}
		return nil
	case yaml.AliasNode:
		if n.Alias.Kind != yaml.ScalarNode && at.child("").below("data", "stringData") {
			return structure("an alias for data") // of a Secret, perhaps
		}
		l.aliases = append(l.aliases, alias{at, n.Alias})
		return nil
	case yaml.ScalarNode:
		return l.scalar(at, n)
	}
	return structure("a node of no kind")
}

func (l *lexerYAML) mapping(at *key, n *yaml.Node) error {
	for i := 0; i+1 < len(n.Content); i += 2 {
		name := n.Content[i]
		if name.Kind != yaml.ScalarNode {
			return structure("a name that is none")
		}
		s, err := l.find(name)
		if err != nil {
			return err
		}
		l.covered = append(l.covered, s.whole)
		if err := l.value(at.child(name.Value), n.Content[i+1]); err != nil {
			return err
		}
	}
	return nil
}

func (l *lexerYAML) scalar(at *key, n *yaml.Node) error {
	s, err := l.find(n)
	if err != nil {
		return err
	}
	l.covered = append(l.covered, s.whole)
	if len(s.lines) == 0 {
		return nil
	}
	if l.masked(s.whole) {
		return l.template(at, n, s)
	}
	added, err := l.doc.addLines(at, s.lines, s.quote, kindOf(n))
	if err != nil {
		return err
	}
	if len(s.lines) == 1 && s.quote != YAMLBlock && added.text != n.Value {
		return structure("a scalar that reads another way")
	}
	added.text = n.Value
	if n.Style&yaml.TaggedStyle != 0 {
		added.tag = n.Tag
	}
	if n.Anchor != "" {
		l.anchors[n] = added
	}
	return nil
}

// template records a scalar with templates in it, as it is.
func (l *lexerYAML) template(at *key, n *yaml.Node, s scalarYAML) error {
	quote := s.quote
	if quote == YAMLDouble || quote == YAMLSingle {
		quote = YAMLBlock // the template has rules of its own inside the quotes
	}
	_, err := l.doc.addLines(at, s.lines, quote, textual)
	return err
}

func (l *lexerYAML) masked(s span) bool {
	low, high := 0, len(l.places)
	for low < high {
		if middle := (low + high) / 2; l.places[middle].end <= s.start {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low < len(l.places) && l.places[low].start < s.end
}

func kindOf(n *yaml.Node) kind {
	if n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		return textual
	}
	switch n.ShortTag() {
	case "!!int", "!!float":
		return number
	case "!!bool", "!!null":
		return state
	}
	return textual
}

// nameAliases gives what has an anchor the names of the places where an alias stands for it.
func (l *lexerYAML) nameAliases() {
	for _, a := range l.aliases {
		if n, own := l.anchors[a.target], a.at.last(); n != nil && own != nil {
			n.names = append(n.names, own.name)
		}
	}
}
