package scan

import (
	"bytes"
	"encoding/binary"
	"unicode/utf8"
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

// detectEncoding looks for a byte order mark, or for the zeros between ASCII characters that UTF-16 has without one, and
// says how long the mark is.
func detectEncoding(raw []byte) (encoding, int) {
	switch {
	case bytes.HasPrefix(raw, []byte{0xef, 0xbb, 0xbf}):
		return lineEnds(raw), 3
	case bytes.HasPrefix(raw, []byte{0xff, 0xfe, 0, 0}) && isUTF32(raw, binary.LittleEndian):
		return utf32LE, 4
	case bytes.HasPrefix(raw, []byte{0, 0, 0xfe, 0xff}) && isUTF32(raw, binary.BigEndian):
		return utf32BE, 4
	case bytes.HasPrefix(raw, []byte{0xff, 0xfe}):
		return utf16LE, 2
	case bytes.HasPrefix(raw, []byte{0xfe, 0xff}):
		return utf16BE, 2
	}
	if code := bareUTF16(raw); code != asIs {
		return code, 0
	}
	return lineEnds(raw), 0
}

// detectBytes is how much of a file is looked at where there is no mark.
const detectBytes = 4096

// isUTF32 tells UTF-32 from UTF-16 that begins with U+0000: two characters of UTF-16 make no valid one of UTF-32.
func isUTF32(raw []byte, order binary.ByteOrder) bool {
	head := raw[4 : min(len(raw), detectBytes)&^3]
	for ; len(head) >= 4; head = head[4:] {
		if order.Uint32(head) > utf8.MaxRune {
			return false
		}
	}
	return len(raw)%4 == 0
}

func bareUTF16(raw []byte) encoding {
	head := raw[:min(len(raw), detectBytes)&^1]
	if bytes.IndexByte(head, 0) < 0 {
		return asIs
	}
	var zeros [2]int
	for i, c := range head {
		if c == 0 {
			zeros[i&1]++
		}
	}
	half := len(head) / 2
	switch {
	case half >= 4 && zeros[1]*10 >= half*7 && zeros[0]*20 <= half:
		return utf16LE
	case half >= 4 && zeros[0]*10 >= half*7 && zeros[1]*20 <= half:
		return utf16BE
	}
	return asIs
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
