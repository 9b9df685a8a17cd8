package decode

import (
	b64 "encoding/base64"
	hexa "encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
)

// garble makes a text of encoded parts in each other and side by side, and of pieces that nearly are.
func garble(r *rand.Rand, depth int) string {
	var b strings.Builder
	for range 1 + r.IntN(5) {
		part := piece(r)
		if depth > 0 && r.IntN(2) == 0 {
			part = garble(r, depth-1)
		}
		if r.IntN(3) > 0 {
			part = encode(r, part)
		}
		b.WriteString(part)
		if r.IntN(2) == 0 {
			b.WriteString(borders[r.IntN(len(borders))])
		}
	}
	return b.String()
}

// borders stand between pieces; some belong to an encoding themselves.
var borders = []string{" ", "\n", "\r\n", "\t", "=", "==", "===", "\"", ".", ",", "-", "_", "/", "+", "%", "\\", "\\\\", "\\u", "U", "U+", "%4", "\x00", "\x7f", "\x80", "\xff", "é", "世", "\u2028", "\v", "\f"}

var words = []string{
	"secret", "password", "some longer words in a row", "dGVzdA", "a", "", "\n", "0123456789abcdef", "%41", "%FF", "%0a", "%25", "%zz", "\\u0041", "\\\\u0041", "\\\\\\u0041", "\\U00e9", "\\ud83d\\ude00",
	"\\u000a", "U+0041", "U+0041 ", "U+0041\n", "U+00e9\tU+4e16 ", "U+0000 ", "u+0041 ", "U+004", "getElementByIdentifier", "github.com/a/b/c/d/e/f/g/h/i", "----------------", "________________________________", "ſecret\u212a",
}

func piece(r *rand.Rand) string {
	switch r.IntN(6) {
	case 0:
		return strings.Repeat(string("0aAfFgZ_-+/9"[r.IntN(12)]), r.IntN(40))
	case 1:
		return pick(r, "0123456789abcdefABCDEF", 28+r.IntN(12))
	case 2:
		return pick(r, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_", 12+r.IntN(16))
	case 3:
		return pick(r, " !#$&abcXYZ019\n", r.IntN(30))
	}
	return words[r.IntN(len(words))]
}

func pick(r *rand.Rand, from string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = from[r.IntN(len(from))]
	}
	return string(b)
}

func encode(r *rand.Rand, s string) string {
	switch r.IntN(9) {
	case 0:
		return hexa.EncodeToString([]byte(s))
	case 1:
		return strings.ToUpper(hexa.EncodeToString([]byte(s)))
	case 2:
		return b64.StdEncoding.EncodeToString([]byte(s))
	case 3:
		return b64.RawURLEncoding.EncodeToString([]byte(s))
	case 4:
		return b64.RawStdEncoding.EncodeToString([]byte(s))
	case 5:
		return each(s, `\u%04x`)
	case 6:
		return each(s, `\\u%04X`)
	case 7:
		return each(s, "U+%04X ")
	}
	return each(s, "%%%02x")
}

func each(s, format string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, format, s[i])
	}
	return b.String()
}
