package detection

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf16"
)

// escape is how a secret is written where it cannot stand as it is.
type escape string

const (
	asJSON    escape = "json"    // line ends as \n
	asJoined  escape = "joined"  // lines as literals that are added up
	asPercent escape = "percent" // all but letters and digits as %XX
	asHex     escape = "hex"
	asUnicode escape = "unicode" // all characters as \uXXXX
)

func (e Example) escaped(secret string) string {
	newline := "\n" + strings.Repeat(" ", e.Indent)
	switch e.Encode {
	case asJSON:
		return strings.ReplaceAll(secret, "\n", `\n`)
	case asJoined:
		return strings.ReplaceAll(secret, "\n", `\n" +`+newline+`"`)
	case asPercent:
		return eachByte(secret, func(c byte) string {
			if isAlphanumeric(c) {
				return string(c)
			}
			return fmt.Sprintf("%%%02X", c)
		})
	case asHex:
		return hex.EncodeToString([]byte(secret))
	case asUnicode:
		return eachByte(secret, func(c byte) string { return fmt.Sprintf(`\u%04x`, c) })
	}
	return strings.ReplaceAll(secret, "\n", newline)
}

func (e escape) known() bool {
	switch e {
	case "", asJSON, asJoined, asPercent, asHex, asUnicode:
		return true
	}
	return false
}

func eachByte(s string, write func(c byte) string) string {
	var b strings.Builder
	for i := range len(s) {
		b.WriteString(write(s[i]))
	}
	return b.String()
}

func isAlphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z'
}

// lineEnds is empty or crlf.
type lineEnds string

const crlf lineEnds = "crlf"

func (l lineEnds) known() bool { return l == "" || l == crlf }

func (l lineEnds) write(text string) string {
	if l == crlf {
		return strings.ReplaceAll(text, "\n", "\r\n")
	}
	return text
}

// charset is empty for UTF-8.
type charset string

const (
	littleEndian charset = "utf16le"
	bigEndian    charset = "utf16be"
)

func (c charset) known() bool { return c == "" || c == littleEndian || c == bigEndian }

// mark is the byte order mark that begins a text.
func (c charset) mark() []byte {
	if c == "" {
		return nil
	}
	return c.encode("\uFEFF")
}

func (c charset) encode(text string) []byte {
	var order binary.AppendByteOrder = binary.LittleEndian
	switch c {
	case "":
		return []byte(text)
	case bigEndian:
		order = binary.BigEndian
	}
	var raw []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		raw = order.AppendUint16(raw, unit)
	}
	return raw
}
