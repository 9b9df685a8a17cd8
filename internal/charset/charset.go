// Package charset tells by its first bytes how a text is encoded. It is right about byte order marks, and about UTF-16
// without one where most characters are ASCII.
package charset

import (
	"bytes"
	"encoding/binary"
	"unicode/utf8"
)

// Charset is how bytes make characters.
type Charset uint8

// The charsets.
const (
	Bytes Charset = iota // UTF-8, or anything whose ASCII is ASCII
	UTF16LE
	UTF16BE
	UTF32LE
	UTF32BE
)

// Detect looks for a byte order mark, or for the zeros between ASCII characters that UTF-16 has without one, and says
// how long the mark is.
func Detect(raw []byte) (c Charset, mark int) {
	if c, mark = ByMark(raw); mark > 0 {
		return c, mark
	}
	return bareUTF16(raw), 0
}

// ByMark is the charset that a byte order mark names, and how long the mark is: 0 where there is none.
func ByMark(raw []byte) (c Charset, mark int) {
	switch {
	case bytes.HasPrefix(raw, []byte{0xef, 0xbb, 0xbf}):
		return Bytes, 3
	case bytes.HasPrefix(raw, []byte{0xff, 0xfe, 0, 0}) && isUTF32(raw, binary.LittleEndian):
		return UTF32LE, 4
	case bytes.HasPrefix(raw, []byte{0, 0, 0xfe, 0xff}) && isUTF32(raw, binary.BigEndian):
		return UTF32BE, 4
	case bytes.HasPrefix(raw, []byte{0xff, 0xfe}):
		return UTF16LE, 2
	case bytes.HasPrefix(raw, []byte{0xfe, 0xff}):
		return UTF16BE, 2
	}
	return Bytes, 0
}

// looked is how much of a text is looked at where its first bytes do not settle it.
const looked = 4096

// isUTF32 tells UTF-32 from UTF-16 that begins with U+0000: two characters of UTF-16 make no valid one of UTF-32.
func isUTF32(raw []byte, order binary.ByteOrder) bool {
	head := raw[4 : min(len(raw), looked)&^3]
	for ; len(head) >= 4; head = head[4:] {
		if order.Uint32(head) > utf8.MaxRune {
			return false
		}
	}
	return len(raw)%4 == 0
}

func bareUTF16(raw []byte) Charset {
	head := raw[:min(len(raw), looked)&^1]
	if bytes.IndexByte(head, 0) < 0 {
		return Bytes
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
		return UTF16LE
	case half >= 4 && zeros[0]*10 >= half*7 && zeros[1]*20 <= half:
		return UTF16BE
	}
	return Bytes
}
