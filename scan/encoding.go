package scan

import (
	"bytes"
	"encoding/binary"
	"unicode/utf8"

	"cofferdam/internal/charset"
)

// encoding is how raw bytes make characters and lines.
type encoding uint8

const (
	asIs     encoding = iota // UTF-8, or bytes of no known encoding; lines end with LF or CRLF
	oldMac                   // the same with lines that end with CR alone
	verbatim                 // bytes among which a CRLF is chance
	utf16LE
	utf16BE
	utf32LE
	utf32BE
)

// unit is the bytes of the smallest character.
func (e encoding) unit() int {
	switch e {
	case utf16LE, utf16BE:
		return 2
	case utf32LE, utf32BE:
		return 4
	}
	return 1
}

// detectEncoding says how raw is encoded, and how long its byte order mark is.
func detectEncoding(raw []byte) (encoding, int) {
	c, mark := charset.Detect(raw)
	switch c {
	case charset.UTF16LE:
		return utf16LE, mark
	case charset.UTF16BE:
		return utf16BE, mark
	case charset.UTF32LE:
		return utf32LE, mark
	case charset.UTF32BE:
		return utf32BE, mark
	}
	return lineEnds(raw), mark
}

// lineBytes is how much of a file with zeros is looked at to tell whether its lines end with CRLF.
const lineBytes = 64 << 10

// lineEnds is asIs, oldMac or verbatim. Most texts have a line feed near their beginning, which is looked for first.
func lineEnds(raw []byte) encoding {
	if bytes.IndexByte(raw, '\n') < 0 && bytes.IndexByte(raw, '\r') >= 0 {
		return oldMac
	}
	head := raw[:min(len(raw), lineBytes)]
	if bytes.IndexByte(head, 0) >= 0 && 2*bytes.Count(head, []byte("\r\n")) <= bytes.Count(head, []byte("\n")) {
		return verbatim
	}
	return asIs
}

// char reads the character of two or four bytes at i, which may be half of a surrogate pair. What is cut off at the end
// is one that is not valid.
func (e encoding) char(raw []byte, i int) (rune, int) {
	unit := e.unit()
	if i+unit > len(raw) {
		return utf8.RuneError, max(len(raw)-i, 0)
	}
	switch e {
	case utf16LE:
		return rune(binary.LittleEndian.Uint16(raw[i:])), 2
	case utf16BE:
		return rune(binary.BigEndian.Uint16(raw[i:])), 2
	case utf32LE:
		return valid(binary.LittleEndian.Uint32(raw[i:])), 4
	case utf32BE:
		return valid(binary.BigEndian.Uint32(raw[i:])), 4
	}
	return rune(raw[i]), 1
}

func valid(r uint32) rune {
	if r > utf8.MaxRune {
		return utf8.RuneError
	}
	return rune(r)
}

// lineFeed is the byte that ends a line, among zeros where characters are wide.
func (e encoding) lineFeed() byte {
	if e == oldMac {
		return '\r'
	}
	return '\n'
}

// nextLine is the place directly after the first line end at or after from, which stands at a character; -1 for none.
func (e encoding) nextLine(raw []byte, from int) int {
	unit := e.unit()
	for i := from; i < len(raw); {
		n := bytes.IndexByte(raw[i:], e.lineFeed())
		if n < 0 {
			return -1
		}
		at := i + n - (i+n-from)%unit
		if c, width := e.char(raw, at); c == rune(e.lineFeed()) {
			return at + width
		}
		i = at + unit
	}
	return -1
}
