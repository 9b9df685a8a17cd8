package scan

import (
	"bytes"
	"sort"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// text is a file's content in the one form that rules are written for: UTF-8 without a byte order mark, lines ended
// by LF. It maps places in that form back to the file's bytes.
type text struct {
	body  string
	raw   []byte
	code  encoding
	start int    // of the text in raw, behind a byte order mark
	plain bool   // body is raw[start:]
	marks []mark // every markStep bytes of body, where not plain
}

// mark is a place in both forms.
type mark struct{ body, raw int }

const markStep = 4096

// encoding is how raw bytes make characters.
type encoding uint8

const (
	asIs encoding = iota // UTF-8, or bytes of no known encoding
	utf16LE
	utf16BE
)

func newText(raw []byte) *text {
	t := &text{raw: raw}
	t.code, t.start = detectEncoding(raw)
	if t.code == asIs && !bytes.Contains(raw, []byte("\r\n")) {
		t.plain = true
		t.body = string(raw[t.start:])
		return t
	}
	var b strings.Builder
	b.Grow(len(raw) - t.start)
	for i := t.start; i < len(raw); {
		if b.Len() >= len(t.marks)*markStep {
			t.marks = append(t.marks, mark{b.Len(), i})
		}
		width, char := t.step(i)
		if char != nil {
			b.Write(char)
		} else {
			b.WriteByte(raw[i])
		}
		i += width
	}
	t.body = b.String()
	return t
}

// step reads one character of raw at i: its width there and, where it differs, its form in body. The CR of a CRLF is
// one character with its LF.
func (t *text) step(i int) (width int, char []byte) {
	if t.code == asIs {
		if t.raw[i] == '\r' && i+1 < len(t.raw) && t.raw[i+1] == '\n' {
			return 2, []byte("\n")
		}
		return 1, nil
	}
	r, width := t.unit(i)
	switch {
	case r == '\r':
		if next, w := t.unit(i + width); next == '\n' {
			return width + w, []byte("\n")
		}
	case utf16.IsSurrogate(r):
		if low, w := t.unit(i + width); utf16.DecodeRune(r, low) != utf8.RuneError {
			r, width = utf16.DecodeRune(r, low), width+w
		}
	}
	return width, utf8.AppendRune(nil, r)
}

// unit is the UTF-16 unit at i; an odd byte at the end is one that is not valid.
func (t *text) unit(i int) (rune, int) {
	if i+1 >= len(t.raw) {
		return utf8.RuneError, len(t.raw) - min(i, len(t.raw))
	}
	if t.code == utf16LE {
		return rune(t.raw[i]) | rune(t.raw[i+1])<<8, 2
	}
	return rune(t.raw[i])<<8 | rune(t.raw[i+1]), 2
}

// offset is the place in raw of the character at body[at].
func (t *text) offset(at int) int {
	if t.plain {
		return t.start + at
	}
	i := sort.Search(len(t.marks), func(i int) bool { return t.marks[i].body > at }) - 1
	if i < 0 {
		return t.start
	}
	m := t.marks[i]
	for m.body < at && m.raw < len(t.raw) {
		width, char := t.step(m.raw)
		m.raw += width
		m.body += max(1, len(char))
	}
	return m.raw
}

// detectEncoding looks for a byte order mark, or for the zeros between ASCII characters that UTF-16 has without one.
func detectEncoding(raw []byte) (encoding, int) {
	switch {
	case bytes.HasPrefix(raw, []byte{0xef, 0xbb, 0xbf}):
		return asIs, 3
	case bytes.HasPrefix(raw, []byte{0xff, 0xfe}):
		return utf16LE, 2
	case bytes.HasPrefix(raw, []byte{0xfe, 0xff}):
		return utf16BE, 2
	}
	head := raw[:min(len(raw), 4096)&^1]
	var zeros [2]int
	for i, c := range head {
		if c == 0 {
			zeros[i&1]++
		}
	}
	half := len(head) / 2
	switch {
	case half >= 4 && zeros[1]*10 >= half*7 && zeros[0]*20 <= half:
		return utf16LE, 0
	case half >= 4 && zeros[0]*10 >= half*7 && zeros[1]*20 <= half:
		return utf16BE, 0
	}
	return asIs, 0
}
