package decode

import "strings"

// A match is a row of escapes, with one or two backslashes each, or of code points, with a space after each. The two do
// not mix.
const (
	escapeLength    = len("u0041")
	codePointLength = len("U+0041")
)

// escapeEnd is the end of the one escape at at, or -1.
func escapeEnd(text string, at int) int {
	if at >= len(text) || text[at] != '\\' {
		return -1
	}
	at++
	if at < len(text) && text[at] == '\\' {
		at++
	}
	end := at + escapeLength
	if end > len(text) || text[at]|0x20 != 'u' || !isHex(text[at+1:end]) {
		return -1
	}
	return end
}

func escapesEnd(text string, at int) int {
	for {
		end := escapeEnd(text, at)
		if end < 0 {
			return at
		}
		at = end
	}
}

// codePointEnd is the end of the one code point at at and of the space behind it, which the end of text does for too;
// or -1.
func codePointEnd(text string, at int) int {
	end := at + codePointLength
	if end > len(text) || text[at] != 'U' || text[at+1] != '+' || !isHex(text[at+2:end]) {
		return -1
	}
	if end == len(text) {
		return end
	}
	switch text[end] {
	case ' ', '\t', '\n', '\f', '\r':
		return end + 1
	}
	return -1
}

func codePointsEnd(text string, at int) int {
	for {
		end := codePointEnd(text, at)
		if end < 0 {
			return at
		}
		at = end
	}
}

// writeUnicode writes the characters of a row. Halves of a surrogate pair are characters of their own, as gitleaks takes
// them, and become U+FFFD.
func writeUnicode(b *strings.Builder, encoded string) {
	if encoded[0] == 'U' {
		for at := 0; at < len(encoded); at += codePointLength + 1 {
			b.WriteRune(character(encoded[at+2:]))
		}
		return
	}
	for at := 0; at < len(encoded); {
		at = escapeEnd(encoded, at)
		b.WriteRune(character(encoded[at-4:]))
	}
}

// character is the one with the number that four begins with, in four digits.
func character(four string) rune {
	return rune(hexByte(four[0], four[1]))<<8 | rune(hexByte(four[2], four[3]))
}
