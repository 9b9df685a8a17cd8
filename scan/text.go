package scan

import (
	"bytes"
	"slices"
	"sort"
	"unicode/utf16"
	"unicode/utf8"
	"unsafe"
)

// text is a stretch of a file in the one form that rules are written for: UTF-8 without a byte order mark, lines ended
// by LF. It maps places in that form back to the file's bytes. A text that is made anew uses its memory again.
type text struct {
	body  string // lies in raw or in buf
	raw   []byte
	code  encoding
	start int    // of the text in raw, behind a byte order mark
	plain bool   // body[i] is raw[start+i], or a line end where that is one
	marks []mark // every markStep bytes of body, where not plain
	buf   []byte
}

// mark is a place in both forms.
type mark struct{ body, raw int }

const markStep = 4096

// newText is the text of a whole file.
func newText(raw []byte) *text {
	t := &text{}
	code, start := detectEncoding(raw)
	t.set(raw, code, start)
	return t
}

// set makes t the text of raw, which it looks into as long as it is used.
func (t *text) set(raw []byte, code encoding, start int) {
	t.raw, t.code, t.start, t.plain = raw, code, min(start, len(raw)), false
	t.marks, t.buf = t.marks[:0], t.buf[:0]
	switch code {
	case asIs:
		t.setLF()
	case verbatim:
		t.plain = true
		t.body = asString(raw[t.start:])
	case oldMac:
		t.plain = true
		t.buf = append(t.buf, raw[t.start:]...)
		turnCR(t.buf)
		t.body = asString(t.buf)
	default:
		t.decode()
	}
}

// asString is the string that lies in b.
func asString(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

func turnCR(b []byte) {
	for at := bytes.IndexByte(b, '\r'); at >= 0; {
		b[at] = '\n'
		next := bytes.IndexByte(b[at:], '\r')
		if next < 0 {
			return
		}
		at += next
	}
}

// setLF leaves the CR of every CRLF out. Most texts have none, and need no copy.
func (t *text) setLF() {
	raw, crlf := t.raw, []byte("\r\n")
	if !bytes.Contains(raw[t.start:], crlf) {
		t.plain = true
		t.body = asString(raw[t.start:])
		return
	}
	t.buf = slices.Grow(t.buf, cap(raw)) // once for all that raw has room for
	for i := t.start; i < len(raw); {
		n := bytes.Index(raw[i:], crlf)
		if n < 0 {
			t.markUp(len(raw)-i, i)
			t.buf = append(t.buf, raw[i:]...)
			break
		}
		t.markUp(n+1, i)
		t.buf = append(append(t.buf, raw[i:i+n]...), '\n')
		i += n + len(crlf)
	}
	t.body = asString(t.buf)
}

// markUp sets the marks that fall into the next n bytes of body, which are those at raw[at:].
func (t *text) markUp(n, at int) {
	for next := len(t.marks) * markStep; next < len(t.buf)+n; next += markStep {
		t.marks = append(t.marks, mark{next, at + next - len(t.buf)})
	}
}

// decode turns wide characters into UTF-8.
func (t *text) decode() {
	for i := t.start; i < len(t.raw); {
		if len(t.buf) >= len(t.marks)*markStep {
			t.marks = append(t.marks, mark{len(t.buf), i})
		}
		r, width := t.step(i)
		t.buf = utf8.AppendRune(t.buf, r)
		i += width
	}
	t.body = asString(t.buf)
}

// step reads one character of raw at i. The CR of a CRLF is one character with its LF.
func (t *text) step(i int) (r rune, width int) {
	r, width = t.code.char(t.raw, i)
	switch {
	case r == '\r' && t.code != oldMac:
		if next, w := t.code.char(t.raw, i+width); next == '\n' {
			return next, width + w
		}
	case t.code.unit() == 2 && utf16.IsSurrogate(r):
		if low, w := t.code.char(t.raw, i+width); utf16.DecodeRune(r, low) != utf8.RuneError {
			return utf16.DecodeRune(r, low), width + w
		}
	}
	return r, width
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
		r, width := t.step(m.raw)
		m.raw += width
		if t.code == asIs {
			m.body++
		} else {
			m.body += widthOf(r)
		}
	}
	return m.raw
}

// widthOf is the bytes of r in UTF-8; half of a surrogate pair is written as a character that is not valid.
func widthOf(r rune) int {
	if n := utf8.RuneLen(r); n > 0 {
		return n
	}
	return utf8.RuneLen(utf8.RuneError)
}
