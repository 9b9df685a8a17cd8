package redact

import (
	"cmp"
	"slices"

	"cofferdam/placeholder"
	"cofferdam/rules"
	"cofferdam/scan/fields"
	"cofferdam/workspace"
)

// text is the content of a file as its format's reader sees it.
type text struct {
	path    workspace.Path
	raw     []byte
	verdict rules.Verdict
	format  *fields.Format // nil where none is known by its name
	fields  []fields.Field // their bytes are those of raw
	values  []string       // of fields, as they are written in UTF-8
	problem error          // why there are no fields
}

func (f *Finder) open(path workspace.Path, raw []byte) *text {
	t := &text{path: path, raw: raw, verdict: f.set.Decide(path, workspace.File)}
	format, ok := fields.Of(string(path), t.verdict.Rule.Kind)
	if !ok {
		return t
	}
	t.format = &format
	narrow := narrowed(raw)
	if t.fields, t.problem = format.Read(narrow.body); t.problem != nil {
		return t
	}
	for i := range t.fields {
		field := &t.fields[i]
		t.values = append(t.values, string(narrow.body[field.Start:field.End]))
		field.Start, field.End = narrow.rawOf(field.Start), narrow.rawOf(field.End)
	}
	return t
}

// span is where a field stands.
func (t *text) span(f *fields.Field) placeholder.Span {
	s := placeholder.Span{Start: f.Start, End: f.End, Rule: fieldRule, Name: f.Key, Context: placeholder.Context(f.Quote)}
	if f.Quote == fields.Literal {
		s.Quote = '"'
	}
	if value, ok := t.value(f); ok {
		s.Value = placeholder.NewValue(value)
	}
	return s
}

// value is what a field means.
func (t *text) value(f *fields.Field) (string, bool) { return fields.Unescape(f.Quote, t.written(f)) }

// secrets is where the fields stand that are secret.
func (t *text) secrets() []placeholder.Span {
	var spans []placeholder.Span
	for i := range t.fields {
		if t.fields[i].Secret {
			spans = append(spans, t.span(&t.fields[i]))
		}
	}
	return spans
}

// fieldRule is the rule of what is secret by its place in a file.
const fieldRule = "secret"

func (t *text) written(f *fields.Field) string {
	i, ok := slices.BinarySearchFunc(t.fields, f.Start, func(f fields.Field, at int) int { return cmp.Compare(f.Start, at) })
	if !ok {
		return ""
	}
	return t.values[i]
}

func (t *text) has(key string) bool {
	return slices.ContainsFunc(t.fields, func(f fields.Field) bool { return f.Key == key })
}

// at is the field that holds raw[start:end], or nil.
func (t *text) at(start, end int) *fields.Field {
	i, ok := slices.BinarySearchFunc(t.fields, start, func(f fields.Field, at int) int { return cmp.Compare(f.Start, at) })
	if !ok {
		i--
	}
	if i < 0 || end > t.fields[i].End {
		return nil
	}
	return &t.fields[i]
}
