package redact

import (
	"context"
	"strings"

	"cofferdam/internal/charset"
	"cofferdam/placeholder"
	"cofferdam/scan"
	"cofferdam/workspace"
)

// Value is a secret value by the name that a person knows it by.
type Value struct {
	Name, Rule string
	Secret     scan.Secret
}

const (
	// longLine is as many bytes as a line of a value must have to stand for all of it: a key by one of its lines.
	longLine = 40
	// fewLines is how many of its lines stand for a value of many.
	fewLines = 3
)

// Values is what is known to be secret in raw, the content of path, as far as anybody can say. It is for files that are
// hidden: what stands in one must not show elsewhere.
func (f *Finder) Values(ctx context.Context, path workspace.Path, raw []byte) ([]Value, error) {
	if len(raw) > MaxFile {
		return nil, nil
	}
	s := &search{text: f.open(path, raw)}
	s.spans = s.secrets()
	findings, _, err := f.searcher.Search(ctx, path, raw)
	if err != nil {
		return nil, err
	}
	for i := range findings {
		if x := &findings[i]; x.Member == "" && x.Line > 0 && x.Length > 0 {
			start := int(x.Offset)
			s.spans = append(s.spans, placeholder.Span{Start: start, End: start + int(x.Length), Rule: x.Rule, Name: x.Rule})
		}
	}
	if s.spans = tidy(s.spans); len(s.spans) > 0 {
		return s.values(), nil
	}
	return bare(path, raw), nil
}

// maxBare is the size, in bytes, of files that may be nothing but a value: a master key, a token.
const maxBare = 1 << 10

// bare is the one word of a small file in which nothing has a name or a form.
func bare(path workspace.Path, raw []byte) []Value {
	if len(raw) > maxBare {
		return nil
	}
	if word := strings.TrimSpace(string(raw)); Telling(word) && !strings.ContainsAny(word, " \t") {
		return []Value{{path.Base(), fieldRule, scan.NewSecret(word)}}
	}
	return nil
}

// values is what the spans stand for, of values of many lines the long ones.
func (s *search) values() []Value {
	var values []Value
	c, _ := charset.Detect(s.raw)
	lines := map[string]int{} // of each name; a reader gives a value line by line
	for _, span := range s.spans {
		value, ok := s.meaning(&span)
		if !ok {
			value = string(narrowedFrom(c, s.raw[span.Start:span.End]).body)
		}
		parts := strings.Split(value, "\n")
		for _, line := range parts {
			line = strings.TrimSpace(line)
			if len(parts) > 1 && len(line) < longLine || strings.HasPrefix(line, "-----") || span.Name != "" && lines[span.Name] >= fewLines {
				continue
			}
			if Telling(line) {
				if len(line) >= longLine {
					lines[span.Name]++
				}
				values = append(values, Value{span.Name, span.Rule, scan.NewSecret(line)})
			}
		}
	}
	return values
}

// meaning is the value of a span that is a field.
func (s *search) meaning(span *placeholder.Span) (string, bool) {
	f := s.at(span.Start, span.End)
	if f == nil || f.Start != span.Start || f.End != span.End {
		return "", false
	}
	return s.value(f)
}
