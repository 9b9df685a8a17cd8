// Package decode undoes encodings that stand in a text: percent (%41), Unicode escapes (\u0041, U+0041), hex and base64.
// It finds and decodes what gitleaks' codec does, pass by pass, and maps places in the decoded text back.
//
// Only what becomes printable ASCII is decoded, Unicode apart. What touches a part in an encoding of higher rank waits
// for the next pass, since it may be cut from the same piece: "%2B" within base64 is part of it.
//
// The work of every function is linear in its text, and logarithmic in its segments where it looks some up.
package decode

import "strings"

// Pass decodes the encoded parts of text once. The segments say where they are in next, in order; they go into the
// following Pass over next, as prev. The first Pass over a text has none. Where nothing is encoded, next is text, there
// are no segments and nothing is allocated.
//
// What is decoded is shorter than what it was, so next is never longer than text.
func Pass(text string, prev []Segment) (next string, segs []Segment) {
	var b strings.Builder
	copied := 0
	m := newMatcher(text)
	for {
		found, ok := m.next()
		if !ok {
			break
		}
		if len(segs) == 0 {
			b.Grow(len(text))
		}
		b.WriteString(text[copied:found.start])
		start := b.Len()
		found.write(&b, text)
		segs = append(segs, newSegment(prev, found, span{start, b.Len()}))
		copied = found.end
	}
	if len(segs) == 0 {
		return text, nil
	}
	b.WriteString(text[copied:])
	return b.String(), segs
}

// May reports whether Pass decodes anything in text. It stops at the first part that is decoded.
func May(text string) bool {
	m := newMatcher(text)
	_, ok := m.next()
	return ok
}
