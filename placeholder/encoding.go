package placeholder

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	"cofferdam/internal/charset"
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

// detect is the encoding of raw: by its byte order mark, or by the zeros between ASCII characters that UTF-16 has
// without one.
func detect(raw []byte) (Encoding, error) {
	c, _ := charset.Detect(raw)
	return encodingOf(c)
}

func encodingOf(c charset.Charset) (Encoding, error) {
	switch c {
	case charset.UTF32LE, charset.UTF32BE:
		return Bytes, fmt.Errorf("UTF-32: %w", ErrEncoding)
	case charset.UTF16LE:
		return UTF16LE, nil
	case charset.UTF16BE:
		return UTF16BE, nil
	}
	return Bytes, nil
}

// like is the encoding of a newer version of a text that was in code. Without a mark the statistics of a text may change
// with any edit, so it is the same, unless a text that had zeros has none.
func like(raw []byte, code Encoding) (Encoding, error) {
	if c, mark := charset.ByMark(raw); c != charset.Bytes && mark > 0 {
		return encodingOf(c)
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
