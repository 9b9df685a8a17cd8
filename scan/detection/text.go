package detection

import (
	"bytes"

	"cofferdam/rules/secret/sample"
)

// Span is where something is: raw[Start:End].
type Span struct{ Start, End int }

// copies is how often a template counts, each time with other values: what tells is the variety of templates.
const copies = 3

// Text is a file as it lies on disk.
type Text struct {
	Path   string
	Raw    []byte
	Labels []Span
}

// Texts is what the template gives, once where nothing in it varies.
func (e Example) Texts() []Text {
	var texts []Text
	for seed := range uint64(copies) {
		text := e.text(seed + 1)
		if seed > 0 && bytes.Equal(text.Raw, texts[0].Raw) {
			break
		}
		texts = append(texts, text)
	}
	return texts
}

func (e Example) text(seed uint64) Text {
	plain, marked := sample.Expand(e.Text, seed)
	text := Text{Path: e.Path, Raw: e.Encoding.mark()}
	at := 0
	for _, span := range marked {
		text.Raw = append(text.Raw, e.write(plain[at:span.Start])...)
		start := len(text.Raw)
		text.Raw = append(text.Raw, e.write(e.escaped(plain[span.Start:span.End]))...)
		text.Labels = append(text.Labels, Span{Start: start, End: len(text.Raw)})
		at = span.End
	}
	text.Raw = append(text.Raw, e.write(plain[at:])...)
	return text
}

func (e Example) write(part string) []byte { return e.Encoding.encode(e.LineEnds.write(part)) }
