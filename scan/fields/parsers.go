package fields

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"gopkg.in/yaml.v3"
)

// sameJSON compares the tokens of encoding/json.
func sameJSON(p *proof, before, after *document) error {
	a, err := jsonTokens(before.text)
	if err != nil {
		return err
	}
	b, err := jsonTokens(after.text)
	if err != nil || len(a) != len(b) {
		return structure("other JSON with placeholders")
	}
	for i := range a {
		was, is := a[i], b[i]
		text, isText := is.(string)
		original, wasText := was.(string)
		if n, ok := was.(json.Number); ok && isText {
			original, wasText = n.String(), true
		}
		if isText && wasText {
			if !p.same(original, text) {
				return structure("other JSON with placeholders")
			}
		} else if was != is {
			return structure("other JSON with placeholders")
		}
	}
	return p.allSeen()
}

func (p *proof) allSeen() error {
	if !p.whole() {
		return structure("a placeholder that is no value")
	}
	return nil
}

func jsonTokens(text string) ([]json.Token, error) {
	decoder := json.NewDecoder(strings.NewReader(plainJSON(text)))
	decoder.UseNumber()
	var tokens []json.Token
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return tokens, nil
		}
		if err != nil {
			return nil, structure("not JSON")
		}
		tokens = append(tokens, token)
	}
}

// plainJSON is text with blanks in the place of comments, and of commas before closing brackets.
func plainJSON(text string) string {
	b := []byte(text)
	comma := -1
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case c == '"':
			for i++; i < len(b) && b[i] != '"'; i++ {
				if b[i] == '\\' {
					i++
				}
			}
			comma = -1
		case c == '/' && i+1 < len(b) && (b[i+1] == '/' || b[i+1] == '*'):
			i = blankComment(b, i)
		case c == ',':
			comma = i
		case (c == '}' || c == ']') && comma >= 0:
			b[comma] = ' '
			comma = -1
		case !isSpace(c):
			comma = -1
		}
	}
	return string(b)
}

// blankComment writes blanks over the comment at i and returns where its last byte is.
func blankComment(b []byte, i int) int {
	end := len(b)
	if b[i+1] == '/' {
		if n := bytes.IndexByte(b[i:], '\n'); n >= 0 {
			end = i + n
		}
	} else if n := bytes.Index(b[i+2:], []byte("*/")); n >= 0 {
		end = i + 2 + n + 2
	}
	for j := i; j < end; j++ {
		if b[j] != '\n' {
			b[j] = ' '
		}
	}
	return end - 1
}

// sameYAML compares the nodes of yaml.v3.
func sameYAML(p *proof, before, after *document) error {
	a, b := before.parsed, after.parsed
	if a == nil || b == nil {
		masked, _ := mask(before.text, false)
		other, _ := mask(after.text, false)
		var err error
		if a, err = parseYAML(masked); err != nil {
			return err
		}
		if b, err = parseYAML(other); err != nil {
			return err
		}
	}
	if len(a) != len(b) {
		return structure("other YAML with placeholders")
	}
	for i := range a {
		if !p.sameNode(a[i], b[i], 0) {
			return structure("other YAML with placeholders")
		}
	}
	return p.allSeen()
}

func (p *proof) sameNode(a, b *yaml.Node, depth int) bool {
	if a.Kind != b.Kind || a.Anchor != b.Anchor || len(a.Content) != len(b.Content) || depth > 2*maxDepth {
		return false
	}
	if a.Kind == yaml.ScalarNode {
		if a.Value == b.Value {
			return a.Tag == b.Tag
		}
		return (a.Tag == b.Tag || b.Tag == "!!str") && p.same(a.Value, b.Value)
	}
	if a.Kind == yaml.AliasNode {
		return a.Value == b.Value
	}
	for i := range a.Content {
		if !p.sameNode(a.Content[i], b.Content[i], depth+1) {
			return false
		}
	}
	return a.Tag == b.Tag
}

// sameTOML compares the values of go-toml.
func sameTOML(p *proof, before, after *document) error {
	var a, b map[string]any
	if toml.Unmarshal([]byte(before.text), &a) != nil || toml.Unmarshal([]byte(after.text), &b) != nil {
		return structure("not TOML")
	}
	if !p.sameValue(a, b) {
		return structure("other TOML with placeholders")
	}
	return p.allSeen()
}

// sameXML compares the tokens of encoding/xml.
func sameXML(p *proof, before, after *document) error {
	a, b := newXML(before.text), newXML(after.text)
	for {
		was, errA := a.Token()
		is, errB := b.Token()
		if errors.Is(errA, io.EOF) && errors.Is(errB, io.EOF) {
			return p.allSeen()
		}
		if errA != nil || errB != nil || !p.sameToken(was, is) {
			return structure("other XML with placeholders")
		}
	}
}

func (p *proof) sameToken(a, b xml.Token) bool {
	switch a := a.(type) {
	case xml.StartElement:
		b, ok := b.(xml.StartElement)
		if !ok || a.Name != b.Name || len(a.Attr) != len(b.Attr) {
			return false
		}
		for i := range a.Attr {
			if a.Attr[i].Name != b.Attr[i].Name || !p.same(a.Attr[i].Value, b.Attr[i].Value) {
				return false
			}
		}
		return true
	case xml.EndElement:
		b, ok := b.(xml.EndElement)
		return ok && a.Name == b.Name
	case xml.CharData:
		b, ok := b.(xml.CharData)
		return ok && p.same(string(a), string(b))
	case xml.Comment:
		_, ok := b.(xml.Comment)
		return ok
	case xml.ProcInst:
		_, ok := b.(xml.ProcInst)
		return ok
	case xml.Directive:
		b, ok := b.(xml.Directive)
		return ok && string(a) == string(b)
	}
	return false
}
