package scan

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"
)

func utf16Bytes(text string, order binary.ByteOrder, mark bool) []byte {
	units := utf16.Encode([]rune(text))
	if mark {
		units = append([]uint16{0xfeff}, units...)
	}
	raw := make([]byte, 2*len(units))
	for i, u := range units {
		order.PutUint16(raw[2*i:], u)
	}
	return raw
}

// A finding is at the same place in every encoding of a file.
func TestFindingsInEveryEncoding(t *testing.T) {
	value := "aB3dE5fG7hJ9kL1mN3pQ"
	lines := "first ö😀\n" + strings.Repeat("filler line\n", 900) + "\tapi_key = \"" + value + "\"\nlast"
	crlf := strings.ReplaceAll(lines, "\n", "\r\n")
	for name, test := range map[string]struct {
		raw    []byte
		value  []byte
		column int
	}{
		"plain":         {[]byte(lines), []byte(value), 13},
		"bom":           {[]byte("\xef\xbb\xbf" + lines), []byte(value), 13},
		"crlf":          {[]byte(crlf), []byte(value), 13},
		"utf-16le":      {utf16Bytes(lines, binary.LittleEndian, true), utf16Bytes(value, binary.LittleEndian, false), 25},
		"utf-16be":      {utf16Bytes(lines, binary.BigEndian, true), utf16Bytes(value, binary.BigEndian, false), 25},
		"utf-16le bare": {utf16Bytes(lines, binary.LittleEndian, false), utf16Bytes(value, binary.LittleEndian, false), 25},
		"utf-16be crlf": {utf16Bytes(crlf, binary.BigEndian, true), utf16Bytes(value, binary.BigEndian, false), 25},
		"utf-16 odd":    {append(utf16Bytes(lines, binary.LittleEndian, true), 'x'), utf16Bytes(value, binary.LittleEndian, false), 25},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, "a.go", string(test.raw))
			findings := scanDir(t, dir).Findings
			if len(findings) != 1 {
				t.Fatalf("%d findings, want 1", len(findings))
			}
			f := findings[0]
			if got := test.raw[f.Offset : f.Offset+f.Length]; !bytes.Equal(got, test.value) {
				t.Errorf("the bytes at the span are %q, want %q", got, test.value)
			}
			if f.Line != 902 || f.Column != test.column || f.EndLine != 902 || f.EndColumn != test.column+len(test.value) {
				t.Errorf("span %d:%d to %d:%d, want line 902, column %d, %d bytes", f.Line, f.Column, f.EndLine, f.EndColumn, test.column, len(test.value))
			}
		})
	}
}

// Law: for every text and place, the character at the mapped place is the character at the place.
func FuzzTextOffset(f *testing.F) {
	f.Add([]byte("a\r\nb\rc\n"), false)
	f.Add(utf16Bytes("a\r\n😀b", binary.LittleEndian, true), true)
	f.Add([]byte{0xfe, 0xff, 0xd8, 0x00, 0x00}, true)
	f.Fuzz(func(t *testing.T, raw []byte, _ bool) {
		text := newText(raw)
		last := -1
		for at := 0; at <= len(text.body); at++ {
			offset := text.offset(at)
			if offset < last || offset > len(raw) {
				t.Fatalf("offset(%d) = %d after %d, of %d bytes", at, offset, last, len(raw))
			}
			last = offset
			if text.code == asIs && at < len(text.body) && raw[offset] != text.body[at] && !(raw[offset] == '\r' && text.body[at] == '\n') {
				t.Fatalf("offset(%d) = %d: %q is not %q", at, offset, raw[offset], text.body[at])
			}
		}
	})
}
