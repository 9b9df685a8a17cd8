package redact

import (
	"cmp"
	"slices"
)

// Known is secret values that are looked for in texts, raw and encoded. A nil one knows none. Nobody changes it.
type Known struct {
	made    []Value
	values  []Value
	needles needles
}

// Hit is a place in a text where a known value stands: of raw encodings all that they encode.
type Hit struct {
	Start, End int
	Name, Rule string
	Encoding   string // "raw", or how it is encoded
}

// NewKnown makes one of all values that are telling. The first name of a value stays.
func NewKnown(values []Value) *Known {
	k := &Known{made: values}
	seen := map[string]bool{}
	for _, v := range values {
		text := v.Secret.Reveal()
		if !Telling(text) || seen[text] {
			continue
		}
		seen[text] = true
		k.values = append(k.values, v)
		for _, e := range encodings(text) {
			k.needles.add(e, len(k.values)-1)
		}
	}
	k.needles.finish()
	return k
}

// Of reports whether k was made of these values.
func (k *Known) Of(values []Value) bool {
	return k != nil && slices.EqualFunc(k.made, values, func(a, b Value) bool { return a.Secret.Reveal() == b.Secret.Reveal() })
}

// Len is the number of values.
func (k *Known) Len() int {
	if k == nil {
		return 0
	}
	return len(k.values)
}

// Find is where in text known values stand, in order and apart from each other.
func (k *Known) Find(text []byte) []Hit {
	if k.Len() == 0 {
		return nil
	}
	var hits []Hit
	k.needles.each(text, func(start int, n *needle) bool {
		end := start + len(n.text)
		if n.run != nil {
			start, end = n.run.around(text, start, end)
		}
		v := &k.values[n.value]
		hits = append(hits, Hit{start, end, v.Name, v.Rule, n.encoding})
		return true
	})
	return merged(hits)
}

// In is the name of a known value in text.
func (k *Known) In(text []byte) (name string, found bool) {
	if k.Len() == 0 {
		return "", false
	}
	k.needles.each(text, func(_ int, n *needle) bool {
		name, found = k.values[n.value].Name, true
		return false
	})
	return name, found
}

// merged is hits in order, those that overlap as one.
func merged(hits []Hit) []Hit {
	slices.SortFunc(hits, func(a, b Hit) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End)) })
	out := hits[:0]
	for _, h := range hits {
		if n := len(out); n > 0 && h.Start < out[n-1].End {
			out[n-1].End = max(out[n-1].End, h.End)
			continue
		}
		out = append(out, h)
	}
	return out
}
