package formats

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html"
	"net/url"
	"strings"
	"unicode/utf16"
)

// shortest is how long a piece of a value must be to say anything, in bytes.
const shortest = 8

// Leaks names the values that stand in text: as they are, in percent escapes, in base64 and base64url at any alignment, in
// hexadecimal digits, as JSON and XML escape them, and in UTF-16. Of values of several lines each line counts, but for the
// ends of PEM blocks.
func Leaks(text []byte, values []Value) []string {
	var found []string
	for _, v := range values {
		for _, piece := range pieces(v) {
			for _, form := range forms(piece) {
				if len(form.text) >= shortest && bytes.Contains(text, []byte(form.text)) {
					found = append(found, v.Name+" in "+form.name)
				}
			}
		}
	}
	return found
}

// pieces is what must not show: the value and its written form, line by line.
func pieces(v Value) []string {
	var all []string
	for _, text := range []string{v.Core, v.Text, v.Raw} {
		for line := range strings.SplitSeq(text, "\n") {
			if line = strings.TrimSpace(line); len(line) >= shortest && !strings.HasPrefix(line, "-----") {
				all = append(all, line)
			}
		}
	}
	return all
}

type form struct{ name, text string }

func forms(value string) []form {
	raw := []byte(value)
	all := []form{
		{"raw", value},
		{"percent", url.QueryEscape(value)},
		{"percent", url.PathEscape(value)},
		{"percent", everyByte("%%%02X", raw)},
		{"percent", everyByte("%%%02x", raw)},
		{"hex", hex.EncodeToString(raw)},
		{"hex", strings.ToUpper(hex.EncodeToString(raw))},
		{"json", inJSON(value, false)},
		{"json", inJSON(value, true)},
		{"xml", html.EscapeString(value)},
		{"xml", syntax["xml"](value, "")},
		{"xml", syntax["entities"](value, "")},
		{"utf-16", wide(value, 0)},
		{"utf-16", wide(value, 8)},
	}
	for skip := range 3 {
		// Characters that have bits of what stands in front or behind say less than the others, and are left out.
		padded := append(bytes.Repeat([]byte{0}, skip), raw...)
		first, last := (skip*8+5)/6, len(padded)*8/6
		all = append(all,
			form{"base64", base64.RawStdEncoding.EncodeToString(padded)[first:last]},
			form{"base64url", base64.RawURLEncoding.EncodeToString(padded)[first:last]})
	}
	return all
}

func everyByte(format string, raw []byte) string {
	var b strings.Builder
	for _, c := range raw {
		fmt.Fprintf(&b, format, c)
	}
	return b.String()
}

func wide(value string, shift int) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(value)) {
		b = append(b, byte(u>>shift), byte(u>>(8-shift)))
	}
	return string(b)
}
