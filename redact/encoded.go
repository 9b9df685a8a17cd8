package redact

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"net/url"
	"strings"
	"unicode/utf16"
)

// encoded is how a value may be written.
type encoded struct {
	name, text string
	run        *run
}

const (
	alphanumerics = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	hexDigits     = "0123456789abcdefABCDEF"
)

// encodings is all ways in which value is looked for.
func encodings(value string) []encoded {
	all := []encoded{
		{"raw", value, nil},
		{"percent", url.QueryEscape(value), nil},
		{"percent", url.PathEscape(value), nil},
		{"percent", percent(value), nil},
		{"percent", lowerPercent(percent(value)), nil},
		{"hex", hex.EncodeToString([]byte(value)), newRun(hexDigits)},
		{"hex", strings.ToUpper(hex.EncodeToString([]byte(value))), newRun(hexDigits)},
		{"html", html.EscapeString(value), nil},
		{"html", xmlText(value), nil},
		{"json", jsonText(value), nil},
		{"json", strings.ReplaceAll(plainJSON(value), "/", `\/`), nil},
		{"json", plainJSON(value), nil},
		{"json", strings.ReplaceAll(plainJSON(value), `\`, `\\`), nil}, // JSON in a string of JSON
		{"quotes", strings.ReplaceAll(value, "'", "''"), nil},
		{"quotes", strings.ReplaceAll(value, "'", `'\''`), nil},
		{"utf-16", wide(value, false), nil},
		{"utf-16", wide(value, true), nil},
	}
	for _, e := range []struct {
		name string
		*base64.Encoding
		run *run
	}{
		{"base64", base64.RawStdEncoding, newRun(alphanumerics + "+/")},
		{"base64url", base64.RawURLEncoding, newRun(alphanumerics + "-_")},
	} {
		for _, text := range alignments(value, e.Encoding) {
			all = append(all, encoded{e.name, text, e.run})
		}
	}
	return all
}

// alignments is what of an encoded text tells of value, wherever in groups of three bytes it begins.
func alignments(value string, e *base64.Encoding) []string {
	var all []string
	for before := range 3 {
		text := e.EncodeToString([]byte(strings.Repeat("\x00", before) + value))
		first := []int{0, 2, 3}[before] // characters that have bits of what stands before
		last := len(text)
		if (before+len(value))%3 != 0 {
			last-- // It has bits of what stands behind.
		}
		if first < last {
			all = append(all, text[first:last])
		}
	}
	return all
}

// percent escapes all but letters and digits, as some programs do.
func percent(value string) string {
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(value) {
		if c := value[i]; strings.IndexByte(alphanumerics, c) >= 0 {
			b.WriteByte(c)
		} else {
			b.WriteString("%" + digits[c>>4:c>>4+1] + digits[c&15:c&15+1])
		}
	}
	return b.String()
}

func lowerPercent(text string) string {
	b := []byte(text)
	for i := range b {
		if b[i] == '%' && i+2 < len(b) {
			copy(b[i:], strings.ToLower(string(b[i:i+3])))
		}
	}
	return string(b)
}

func xmlText(value string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&apos;").Replace(value)
}

func jsonText(value string) string {
	text, err := json.Marshal(value)
	if err != nil {
		return value
	}
	return string(text[1 : len(text)-1])
}

func plainJSON(value string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		return value
	}
	return strings.TrimSuffix(b.String(), "\"\n")[1:]
}

func wide(value string, big bool) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(value)) {
		low, high := byte(u), byte(u>>8)
		if big {
			low, high = high, low
		}
		b.WriteByte(low)
		b.WriteByte(high)
	}
	return b.String()
}
