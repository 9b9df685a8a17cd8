package charset

import (
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"
)

func wide16(order binary.AppendByteOrder, text string) string {
	var raw []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		raw = order.AppendUint16(raw, unit)
	}
	return string(raw)
}

func wide32(order binary.AppendByteOrder, text string) string {
	var raw []byte
	for _, r := range text {
		raw = order.AppendUint32(raw, uint32(r))
	}
	return string(raw)
}

func TestDetect(t *testing.T) {
	const text = "key = väl 🔑 and more"
	little, big := binary.LittleEndian, binary.BigEndian
	for _, tt := range []struct {
		name, raw string
		charset   Charset
		mark      int
	}{
		{"empty", "", Bytes, 0},
		{"UTF-8", text, Bytes, 0},
		{"UTF-8 with a mark", "\ufeff" + text, Bytes, 3},
		{"UTF-16LE with a mark", wide16(little, "\ufeff"+text), UTF16LE, 2},
		{"UTF-16BE with a mark", wide16(big, "\ufeff"+text), UTF16BE, 2},
		{"UTF-16LE", wide16(little, text), UTF16LE, 0},
		{"UTF-16BE", wide16(big, text), UTF16BE, 0},
		{"UTF-16LE of an odd length", wide16(little, text) + "x", UTF16LE, 0},
		{"UTF-32LE", wide32(little, "\ufeff"+text), UTF32LE, 4},
		{"UTF-32BE", wide32(big, "\ufeff"+text), UTF32BE, 4},
		{"UTF-16LE that begins with U+0000", wide16(little, "\ufeff\x00"+text), UTF16LE, 2},
		{"a mark alone", "\xff\xfe", UTF16LE, 2},
		{"UTF-16LE of ideographs without a mark", wide16(little, strings.Repeat("水", 20)), Bytes, 0},
		{"three characters", wide16(little, "abc"), Bytes, 0},
		{"zeros", strings.Repeat("\x00", 100), Bytes, 0},
	} {
		if c, mark := Detect([]byte(tt.raw)); c != tt.charset || mark != tt.mark {
			t.Errorf("%s: Detect = %v, %v, want %v, %v", tt.name, c, mark, tt.charset, tt.mark)
		}
	}
}
