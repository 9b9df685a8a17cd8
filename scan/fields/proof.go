package fields

import (
	"fmt"
	"slices"
	"strings"
)

// probe begins the placeholders of a proof.
const probe = "COFFERDAM_PROOF_"

// prove holds that text with placeholders in the place of its secrets is the same to the lexer, and to another parser
// where there is one, but for these values; and that each placeholder is in one value.
func (f Format) prove(text string, before *document, fields []Field) error {
	if !slices.ContainsFunc(fields, func(f Field) bool { return f.Secret }) {
		return nil
	}
	if strings.Contains(text, probe) {
		return structure("a placeholder of the proof")
	}
	p := newProof(text, fields)
	if !p.ok {
		return structure("a value that takes no placeholder")
	}
	if strings.Count(p.replaced, "\n") != strings.Count(text, "\n") {
		return structure("another number of lines")
	}
	after, err := f.document([]byte(p.replaced))
	if err != nil {
		return structure("not the same with placeholders")
	}
	if err := p.sameNodes(before, after); err != nil {
		return err
	}
	if f.same == nil {
		return nil
	}
	p.begin()
	return f.same(p, before, after)
}

// proof is a text with placeholders, and what they stand for.
type proof struct {
	replaced string
	values   []string // by the number of the placeholder, without the quotes around it
	raw      []string
	apart    []bool // another parser does not see it: in a comment, in a template
	seen     []bool
	ok       bool
}

func newProof(text string, fields []Field) *proof {
	p := &proof{ok: true}
	var b strings.Builder
	done := 0
	for _, f := range fields {
		if !f.Secret {
			continue
		}
		raw := text[f.Start:f.End]
		value, _, ok := unescape(f.Quote&^flags, raw)
		token, fits := Escape(f.Quote, fmt.Sprintf("%s%016d", probe, len(p.values)))
		p.ok = p.ok && ok && fits
		b.WriteString(text[done:f.Start])
		b.WriteString(token)
		done = f.End
		p.values, p.raw = append(p.values, value), append(p.raw, raw)
		inside := f.Quote == SourceSingle || f.Quote == SourceDouble
		p.apart = append(p.apart, f.Comment || inside || strings.Contains(f.Key, "#"))
	}
	b.WriteString(text[done:])
	p.replaced = b.String()
	p.begin()
	return p
}

func (p *proof) begin() { p.seen = make([]bool, len(p.values)) }

// number is that of the placeholder at i in text, and -1 where there is none.
func (p *proof) number(text string, i int) (n, end int) {
	digits := i + len(probe)
	end = digits + 16
	if end > len(text) {
		return -1, 0
	}
	for _, c := range []byte(text[digits:end]) {
		if !digit(c) {
			return -1, 0
		}
		n = n*10 + int(c-'0')
	}
	if n >= len(p.values) {
		return -1, 0
	}
	return n, end
}

// restore puts the values back into text. No placeholder comes twice, where that is counted.
func (p *proof) restore(text string, values []string) (string, bool) {
	i := strings.Index(text, probe)
	if i < 0 {
		return text, true
	}
	var b strings.Builder
	done := 0
	for ; i >= 0; i = strings.Index(text[done:], probe) {
		n, end := p.number(text, done+i)
		if n < 0 || p.seen != nil && p.seen[n] {
			return "", false
		}
		if p.seen != nil {
			p.seen[n] = true
		}
		b.WriteString(text[done : done+i])
		b.WriteString(values[n])
		done = end
	}
	b.WriteString(text[done:])
	return b.String(), true
}

// same reports whether after is before with placeholders in it.
func (p *proof) same(before, after string) bool {
	restored, ok := p.restore(after, p.values)
	return ok && restored == before
}

// whole reports whether every placeholder was seen that another parser sees.
func (p *proof) whole() bool {
	for i, seen := range p.seen {
		if !seen && !p.apart[i] {
			return false
		}
	}
	return true
}

// sameNodes compares what the lexer found in both texts.
func (p *proof) sameNodes(before, after *document) error {
	if len(before.nodes) != len(after.nodes) {
		return structure("other values with placeholders")
	}
	for i, a := range before.nodes {
		b := after.nodes[i]
		if len(a.lines) != len(b.lines) || a.tag != b.tag || a.quote != b.quote && a.quote != Literal {
			return structure("other values with placeholders")
		}
		for line := range a.lines {
			was := before.cut(a.lines[line])
			is, ok := p.restore(after.cut(b.lines[line]), p.raw)
			if !ok || strings.Trim(is, `"`) != strings.Trim(was, `"`) {
				return structure("other values with placeholders")
			}
		}
	}
	for _, seen := range p.seen {
		if !seen {
			return structure("a placeholder that is no value")
		}
	}
	return p.sameKeys(before, after)
}

// sameKeys compares the names. A URL in the name of a git section has placeholders, too.
func (p *proof) sameKeys(before, after *document) error {
	p.seen = nil
	for i, a := range before.nodes {
		name, ok := p.restore(after.nodes[i].at.String(), p.raw)
		if was := a.at.String(); !ok || name != was && len(was) < maxKey {
			return structure("other names with placeholders")
		}
	}
	return nil
}
