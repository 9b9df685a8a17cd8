package placeholder

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"unicode/utf8"
)

// Encoding is how the bytes of a file make characters.
type Encoding uint8

// The encodings.
const (
	Bytes Encoding = iota // UTF-8, or anything whose ASCII is ASCII
	UTF16LE
	UTF16BE
)

var encodingNames = [...]string{"bytes", "utf-16le", "utf-16be"}

func (e Encoding) String() string {
	if int(e) >= len(encodingNames) {
		return "unknown"
	}
	return encodingNames[e]
}

// MarshalText is the name of e.
func (e Encoding) MarshalText() ([]byte, error) { return []byte(e.String()), nil }

// UnmarshalText takes one of the names.
func (e *Encoding) UnmarshalText(text []byte) error {
	for i, name := range encodingNames {
		if name == string(text) {
			*e = Encoding(i)
			return nil
		}
	}
	return fmt.Errorf("no encoding %.20q", text)
}

// ErrEncoding is that a text is in an encoding that takes no token, or that texts in different ones do not go together.
var ErrEncoding = errors.New("encoding takes no placeholders")

var (
	markLE   = []byte{0xff, 0xfe}
	markBE   = []byte{0xfe, 0xff}
	mark32LE = []byte{0xff, 0xfe, 0, 0}
	mark32BE = []byte{0, 0, 0xfe, 0xff}
)

// byMark is the encoding that a byte order mark names.
func byMark(raw []byte) (Encoding, bool) {
	switch {
	case bytes.HasPrefix(raw, markLE):
		return UTF16LE, true
	case bytes.HasPrefix(raw, markBE):
		return UTF16BE, true
	}
	return Bytes, false
}

// detect is the encoding of raw: by its byte order mark, or by the zeros between ASCII characters that UTF-16 has
// without one.
func detect(raw []byte) (Encoding, error) {
	if isUTF32(raw, mark32LE, binary.LittleEndian) || isUTF32(raw, mark32BE, binary.BigEndian) {
		return Bytes, fmt.Errorf("UTF-32: %w", ErrEncoding)
	}
	if code, ok := byMark(raw); ok {
		return code, nil
	}
	return withoutMark(raw), nil
}

// detected is how much of a text without mark is looked at.
const detected = 4096

// isUTF32 tells UTF-32 from UTF-16 that begins with U+0000: two characters of that make no valid one.
func isUTF32(raw, mark []byte, order binary.ByteOrder) bool {
	if !bytes.HasPrefix(raw, mark) || len(raw)%4 != 0 {
		return false
	}
	for head := raw[4:min(len(raw), detected)]; len(head) >= 4; head = head[4:] {
		if order.Uint32(head) > utf8.MaxRune {
			return false
		}
	}
	return true
}

func withoutMark(raw []byte) Encoding {
	head := raw[:min(len(raw), detected)&^1]
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

// like is the encoding of a newer version of a text that was in code. Without a mark the statistics of a text may change
// with any edit, so it is the same, unless a text that had zeros has none.
func like(raw []byte, code Encoding) (Encoding, error) {
	if isUTF32(raw, mark32LE, binary.LittleEndian) || isUTF32(raw, mark32BE, binary.BigEndian) {
		return Bytes, fmt.Errorf("UTF-32: %w", ErrEncoding)
	}
	if marked, ok := byMark(raw); ok {
		return marked, nil
	}
	if code != Bytes && bytes.IndexByte(raw, 0) < 0 {
		return Bytes, nil
	}
	return code, nil
}

// body is a text as bytes that lines, tokens and a merge can be made of: for UTF-16, its characters in UTF-8, half
// surrogate pairs written as if they were characters. No text is lost.
type body struct {
	text []byte
	code Encoding
	tail []byte // the last byte of UTF-16 of an odd length
}

func decode(raw []byte, code Encoding) body {
	if code == Bytes {
		return body{text: raw}
	}
	b := body{text: make([]byte, 0, len(raw)/2+16), code: code}
	order := code.order()
	for ; len(raw) >= 2; raw = raw[2:] {
		unit := rune(order.Uint16(raw))
		if isHigh(unit) && len(raw) >= 4 && isLow(rune(order.Uint16(raw[2:]))) {
			unit = (unit-0xD800)<<10 + rune(order.Uint16(raw[2:])) - 0xDC00 + 0x10000
			raw = raw[2:]
		}
		b.text = appendRune(b.text, unit)
	}
	b.tail = raw
	return b
}

func (e Encoding) order() binary.ByteOrder {
	if e == UTF16BE {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

// encode is text, which is made of texts like that of b, in the encoding of b.
func (b body) encode(text []byte) ([]byte, error) {
	if b.code == Bytes {
		return text, nil
	}
	out := make([]byte, 0, 2*len(text)+len(b.tail))
	order := b.code.order()
	var pair [4]byte
	for i := 0; i < len(text); {
		r, n := runeAt(text[i:])
		if r < 0 {
			return nil, fmt.Errorf("bytes that are no UTF-8 cannot be %v: %w", b.code, ErrEncoding)
		}
		i += n
		size := 2
		if r >= 0x10000 {
			order.PutUint16(pair[2:], uint16(0xDC00+(r-0x10000)&0x3FF))
			r = 0xD800 + (r-0x10000)>>10
			size = 4
		}
		order.PutUint16(pair[:], uint16(r))
		out = append(out, pair[:size]...)
	}
	return append(out, b.tail...), nil
}
