package judge

import (
	"bytes"
	"encoding/base64"
	"strings"
	"unicode/utf8"
)

// maxValue and maxBefore bound what is looked at, in bytes.
const (
	maxValue  = 4096
	maxBefore = 256
)

// view is a Case, taken apart.
type view struct {
	Case
	value string // the secret without blanks around it, cut to maxValue
	low   string // in lower case
	key   string // what it is the value of, in lower case with nothing between its words
	path  string // in lower case
	class classes
	plain bool // value was in base64
	pair  bool // what is in base64 has a colon in it
}

// newView takes c apart. Where inside is set, a value in base64 is what it encodes: of a user and a password, the latter.
func newView(c Case, inside bool) view {
	v := view{Case: c, value: strings.TrimSpace(c.Secret[:min(len(c.Secret), maxValue)])}
	if plain, ok := decode(v.value); ok && inside {
		v.value, v.plain = plain, true
	}
	if inside {
		v.pair = isPair(c.Secret)
	}
	v.low, v.path = lower(v.value), lower(c.Path)
	v.key = keyOf(c.Before)
	v.class = classesOf(v.value)
	return v
}

// longestPlain is how long a text may be, in bytes, that is judged as a password.
const longestPlain = 128

// decode undoes base64 of printable text and cuts off the user in front of a password.
func decode(value string) (plain string, ok bool) {
	decoded, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(value, "="))
	if err != nil || len(decoded) == 0 {
		return "", false
	}
	for _, c := range decoded {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' || c >= 0x7f {
			return "", false
		}
	}
	plain = strings.TrimSpace(string(decoded))
	if len(plain) > longestPlain || strings.ContainsAny(plain, "{\n") {
		return "", false // a document or a key of its own
	}
	if user, password, cut := strings.Cut(plain, ":"); cut && user != "" && !strings.ContainsAny(user, " \n") && !strings.HasPrefix(password, "//") {
		plain = password
	}
	return plain, true
}

// isPair reports whether value is base64 of text with a colon in it.
func isPair(value string) bool {
	encoding := base64.RawStdEncoding
	if strings.ContainsAny(value, "-_") {
		encoding = base64.RawURLEncoding
	}
	decoded, err := encoding.DecodeString(strings.TrimRight(value, "="))
	return err == nil && utf8.Valid(decoded) && bytes.IndexByte(decoded, ':') >= 0
}

// lower changes ASCII alone: bytes that are no text stay what they are.
func lower(s string) string {
	for i := range len(s) {
		if 'A' <= s[i] && s[i] <= 'Z' {
			return lowerFrom(s, i)
		}
	}
	return s
}

func lowerFrom(s string, at int) string {
	b := []byte(s)
	for i := at; i < len(b); i++ {
		if 'A' <= b[i] && b[i] <= 'Z' {
			b[i] += 'a' - 'A'
		}
	}
	return string(b)
}

// Around is what stands on the lines of text[start:end] in front of it and behind it, cut to what Verdict looks at. The
// line above belongs to it, as a key may stand there.
func Around(text string, start, end int) (before, after string) {
	before, after = text[max(start-maxBefore, 0):start], text[end:min(end+maxBefore, len(text))]
	if line := strings.LastIndexByte(before, '\n'); line >= 0 {
		before = before[strings.LastIndexByte(before[:line], '\n')+1:]
	}
	after, _, _ = strings.Cut(after, "\n")
	return before, after
}

// steps is how many words in front of a value are looked at: <add key="Password" value="…">, password: string = "…".
const steps = 4

// keyOf is the key that before, the text in front of a value, ends in. What only introduces the value is skipped.
func keyOf(before string) string {
	before = before[max(len(before)-maxBefore, 0):]
	for range steps {
		end := len(before)
		for end > 0 && !keyByte(before[end-1]) {
			end--
		}
		start := end
		for start > 0 && keyByte(before[start-1]) {
			start--
		}
		word := bare(before[start:end])
		if start > 0 && before[start-1] == '/' && end < len(before) && before[end] == '>' {
			before = before[:start] // the end of an XML element
			continue
		}
		switch word {
		case "value", "default", "string", "str", "char", "b", "r", "f", "u", "static", "is", "env", "getenv", "put", "set", "n":
			before = before[:start]
			continue
		}
		return word
	}
	return ""
}

func keyByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-' || c == '.'
}

// bare is key in lower case without what separates its words, and without digits at its end.
func bare(key string) string {
	b := make([]byte, 0, 64)
	for i := range min(len(key), 64) {
		c := key[i]
		switch {
		case c == '_' || c == '-' || c == '.':
			continue
		case 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
		}
		b = append(b, c)
	}
	return strings.TrimRight(string(b), "0123456789")
}

// classes is how many bytes of each kind a value has.
type classes struct {
	lower, upper, digit, blank, mark, foreign int
	separators                                int // - _ . / : among the marks
}

func classesOf(s string) (n classes) {
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z':
			n.lower++
		case 'A' <= c && c <= 'Z':
			n.upper++
		case '0' <= c && c <= '9':
			n.digit++
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			n.blank++
		case c >= 0x80:
			n.foreign++
		default:
			n.mark++
			if strings.IndexByte("-_./:", c) >= 0 {
				n.separators++
			}
		}
	}
	return n
}
