// Package term is what is known of the terminal: what may be printed on it, and whether there is one.
package term

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Escape makes text from an untrusted source safe to print on a terminal: control characters, bidirectional and
// zero-width marks and bytes that are not UTF-8 appear as \x1b, \u202e. Newlines and tabs are kept where keepLines
// says so.
func Escape(text string, keepLines bool) string {
	clean := true
	for _, r := range text {
		if unsafeRune(r, keepLines) || r == utf8.RuneError {
			clean = false
			break
		}
	}
	if clean {
		return text
	}
	var b strings.Builder
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		switch {
		case r == utf8.RuneError && size == 1:
			writeHex(&b, `\x`, uint32(text[0]), 2)
		case !unsafeRune(r, keepLines):
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < 0x100:
			writeHex(&b, `\x`, uint32(r), 2)
		case r < 0x10000:
			writeHex(&b, `\u`, uint32(r), 4)
		default:
			writeHex(&b, `\U`, uint32(r), 8)
		}
		text = text[size:]
	}
	return b.String()
}

// Name is Escape for a file name, on one line.
func Name(name string) string { return Escape(name, false) }

func unsafeRune(r rune, keepLines bool) bool {
	switch {
	case r == '\n' || r == '\t':
		return !keepLines
	case r < 0x20 || r >= 0x7f && r < 0xa0:
		return true
	case r < 0x300:
		return r == 0xad
	}
	// Cf holds the bidirectional and zero-width marks, Zl and Zp the separators that some terminals break lines at.
	return unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Cs)
}

func writeHex(b *strings.Builder, prefix string, n uint32, digits int) {
	b.WriteString(prefix)
	for i := digits - 1; i >= 0; i-- {
		b.WriteByte("0123456789abcdef"[n>>(4*i)&15])
	}
}
