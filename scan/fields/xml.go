package fields

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// lexXML reads XML with the library's decoder, which says where each tag and text begins and ends.
func lexXML(d *document) error {
	if !utf8.ValidString(d.text) {
		return structure("not UTF-8")
	}
	l := &lexerXML{doc: d, counts: map[*key]map[string]int{}}
	if err := l.read(span{0, len(d.text)}); err != nil {
		return err
	}
	if !l.seen {
		return structure("no element")
	}
	return nil
}

// read reads the elements in s, which are closed there.
func (l *lexerXML) read(s span) error {
	decoder, root := newXML(l.doc.cut(s)), l.at
	for start := s.start; ; start = s.start + int(decoder.InputOffset()) {
		token, err := decoder.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return structure("not XML")
		}
		if err := l.token(token, span{start, s.start + int(decoder.InputOffset())}); err != nil {
			return err
		}
	}
	if l.at != root {
		return structure("an element without its end")
	}
	return nil
}

// newXML is a decoder of text, which is UTF-8 whatever it says of itself: it may have been UTF-16 before. The library
// knows version 1.0 alone; 1.1, which Jenkins writes, allows more characters, and those it goes on to refuse.
func newXML(text string) *xml.Decoder {
	if head, rest, ok := strings.Cut(text, "?>"); ok && strings.HasPrefix(head, "<?xml ") {
		text = strings.Replace(head, "1.1", "1.0", 1) + "?>" + rest
	}
	decoder := xml.NewDecoder(strings.NewReader(text))
	decoder.CharsetReader = func(_ string, input io.Reader) (io.Reader, error) { return input, nil }
	return decoder
}

type lexerXML struct {
	doc    *document
	at     *key
	names  []string // of the open elements
	seen   bool
	counts map[*key]map[string]int // children by name
}

func (l *lexerXML) token(token xml.Token, s span) error {
	raw := l.doc.cut(s)
	switch t := token.(type) {
	case xml.StartElement:
		return l.start(t, s)
	case xml.EndElement:
		if len(l.names) == 0 || l.names[len(l.names)-1] != fullName(t.Name) {
			return structure("an element without its beginning")
		}
		delete(l.counts, l.at)
		l.names, l.at = l.names[:len(l.names)-1], l.at.up
	case xml.CharData:
		if inner, ok := strings.CutPrefix(raw, "<![CDATA["); ok {
			return l.text(span{s.end - len(inner), s.end - len("]]>")}, XMLData)
		}
		return l.text(s, XMLText)
	case xml.Comment:
		return l.comment(span{s.start + len("<!--"), s.end - len("-->")})
	case xml.ProcInst:
		for _, line := range l.doc.splitLines(s) {
			if err := l.doc.comment(line); err != nil {
				return err
			}
		}
	case xml.Directive:
		if strings.Contains(raw, "ENTITY") {
			return structure("entities of its own")
		}
	}
	return nil
}

// comment records elements that are commented out as such, and text.
func (l *lexerXML) comment(s span) error {
	known := len(l.doc.nodes)
	if strings.Contains(l.doc.cut(s), "</") || strings.Contains(l.doc.cut(s), "/>") {
		inner := &lexerXML{doc: l.doc, at: l.at.child("#"), counts: map[*key]map[string]int{}}
		if inner.read(s) == nil {
			return nil
		}
		l.doc.nodes = l.doc.nodes[:known]
	}
	for _, line := range l.doc.splitLines(s) {
		if err := l.doc.comment(line); err != nil {
			return err
		}
	}
	return nil
}

func fullName(n xml.Name) string {
	if n.Space != "" {
		return n.Space + ":" + n.Local
	}
	return n.Local
}

func (l *lexerXML) start(t xml.StartElement, s span) error {
	if l.at == nil && l.seen {
		return structure("more than one root")
	}
	l.seen = true
	name := fullName(t.Name)
	if l.counts[l.at] == nil {
		l.counts[l.at] = map[string]int{}
	}
	l.counts[l.at][name]++
	unique := name
	if n := l.counts[l.at][name]; n > 1 {
		unique = fmt.Sprintf("%s#%d", name, n)
	}
	if l.at = l.at.child(unique); l.at.depth > maxDepth {
		return structure("too deep")
	}
	l.names = append(l.names, name)
	return l.attributes(s)
}

// attributes finds the values in a tag that the decoder took for well-formed.
func (l *lexerXML) attributes(tag span) error {
	for i := tag.start; i < tag.end; i++ {
		if l.doc.text[i] != '=' {
			continue
		}
		name := strings.TrimRight(l.doc.text[tag.start:i], " \t\r\n")
		name = name[strings.LastIndexAny(name, " \t\r\n'\"")+1:]
		for i++; i < tag.end && isSpace(l.doc.text[i]); {
			i++
		}
		if i >= tag.end || l.doc.text[i] != '"' && l.doc.text[i] != '\'' {
			return structure("an attribute without quotes")
		}
		end := strings.IndexByte(l.doc.text[i+1:tag.end], l.doc.text[i])
		if end < 0 {
			return structure("an attribute without its end")
		}
		s := span{i + 1, i + 1 + end}
		i = s.end
		if err := l.lines(l.at.child("@"+name), s, XMLAttribute); err != nil {
			return err
		}
	}
	return nil
}

func (l *lexerXML) text(s span, q Quote) error { return l.lines(l.at, s, q) }

// lines records what stands in s, if anything does.
func (l *lexerXML) lines(at *key, s span, q Quote) error {
	s = l.doc.trim(s)
	if s.start == s.end {
		return nil
	}
	if at == nil {
		return structure("text outside the root")
	}
	n, err := l.doc.addLines(at, l.doc.splitLines(s), q, textual)
	if err == nil && isWordOfState(n.text) {
		n.kind = state
	}
	return err
}
