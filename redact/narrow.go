package redact

import (
	"unicode/utf16"
	"unicode/utf8"

	"cofferdam/internal/charset"
)

// narrow is a text in UTF-8 with the bytes that its characters have in the file.
type narrow struct {
	body []byte
	at   []int // for each byte of body, and the end; nil where they are the same
}

func (n *narrow) rawOf(i int) int {
	if n.at == nil {
		return i
	}
	return n.at[i]
}

// narrowed is raw in UTF-8. What is in no encoding of 16 bits is taken as it is.
func narrowed(raw []byte) narrow {
	c, _ := charset.Detect(raw)
	return narrowedFrom(c, raw)
}

func narrowedFrom(c charset.Charset, raw []byte) narrow {
	if c != charset.UTF16LE && c != charset.UTF16BE {
		return narrow{body: raw}
	}
	unit := func(i int) rune {
		if c == charset.UTF16LE {
			return rune(raw[i]) | rune(raw[i+1])<<8
		}
		return rune(raw[i])<<8 | rune(raw[i+1])
	}
	n := narrow{body: make([]byte, 0, len(raw)), at: make([]int, 0, len(raw))}
	for i := 0; i+1 < len(raw); {
		r, width := unit(i), 2
		if utf16.IsSurrogate(r) && i+3 < len(raw) {
			if full := utf16.DecodeRune(r, unit(i+2)); full != utf8.RuneError {
				r, width = full, 4
			}
		}
		n.body = utf8.AppendRune(n.body, r)
		for len(n.at) < len(n.body) {
			n.at = append(n.at, i)
		}
		i += width
	}
	n.at = append(n.at, len(raw))
	return n
}
