package fields

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// unescape is what raw stands for in q without its flags, and where each of its bytes comes from: value[i] from
// raw[at[i]:at[i+1]] or a part of that. A nil at means that value is raw.
func unescape(q Quote, raw string) (value string, at []int, ok bool) {
	q &^= flags
	special := escapeMarks[min(q, quotes)]
	if q >= quotes || special == "" || !strings.ContainsAny(raw, special) {
		return raw, nil, q < quotes
	}
	out := make([]byte, 0, len(raw))
	at = make([]int, 0, len(raw)+1)
	for i := 0; i < len(raw); {
		piece, n, ok := escapeAt(q, raw[i:])
		if !ok {
			return "", nil, false
		}
		for range len(piece) {
			at = append(at, i)
		}
		out = append(out, piece...)
		i += n
	}
	return string(out), append(at, len(raw)), true
}

// escapeMarks begin an escape, or may not stand there at all.
var escapeMarks = [quotes + 1]string{
	Double: "\\", SourceSingle: "\\", SourceDouble: "\\", JSON: "\\\"", Literal: "\"", YAMLSingle: "'", YAMLDouble: "\\\"",
	TOMLBasic: "\\", HCL: "\\$%", XMLText: "&<", XMLAttribute: "&<", Properties: "\\", Colons: "\\:", Git: "\\\"",
}

// escapeAt is what the escape or character that rest begins with stands for, and how long it is.
func escapeAt(q Quote, rest string) (value string, n int, ok bool) {
	switch c := rest[0]; {
	case c == '\\' && q != XMLText && q != XMLAttribute && q != YAMLSingle && q != Literal:
		return backslash(q, rest)
	case c == '\'' && q == YAMLSingle:
		return "'", 2, strings.HasPrefix(rest, "''")
	case c == '"' && (q == JSON || q == YAMLDouble || q == Git), c == ':' && q == Colons, c == '<' && (q == XMLText || q == XMLAttribute):
		return "", 0, false
	case c == '"' && q == Literal:
		return "", 1, true // around a placeholder
	case q == HCL && (strings.HasPrefix(rest, "$${") || strings.HasPrefix(rest, "%%{")):
		return rest[1:3], 3, true
	case c == '&' && (q == XMLText || q == XMLAttribute):
		return entity(rest)
	}
	_, n = utf8.DecodeRuneInString(rest)
	return rest[:n], n, true
}

// simple is the escapes of one letter by the letter.
var simple = [quotes]string{
	Double: `n` + "\n" + `r` + "\r" + `t` + "\t" + "\"\"\\\\$$``", SourceSingle: `''\\`, SourceDouble: "n\nr\rt\tv\ve\x1bf\f\"\"\\\\$$##",
	JSON: "n\nr\rt\tb\bf\f\"\"\\\\//", YAMLDouble: "n\nr\rt\tb\bf\fv\va\ae\x1b\"\"\\\\//  \t\t",
	TOMLBasic: "n\nr\rt\tb\bf\fe\x1b\"\"\\\\", HCL: "n\nr\rt\t\"\"\\\\", Properties: "n\nr\rt\tf\f", Colons: `::\\`, Git: "n\nt\tb\b\"\"\\\\",
}

// backslash is what the escape that rest begins with stands for.
func backslash(q Quote, rest string) (value string, n int, ok bool) {
	if len(rest) < 2 {
		return "", 0, false
	}
	c := rest[1]
	for table := simple[q]; table != ""; table = table[2:] {
		if table[0] == c {
			return table[1:2], 2, true
		}
	}
	switch {
	case c == 'x' && (q == YAMLDouble || q == SourceDouble || q == TOMLBasic):
		return hexadecimal(rest, 2, 2)
	case c == 'u' && q == JSON:
		return surrogates(rest)
	case c == 'u' && q == Properties:
		return surrogates(rest)
	case c == 'u' && (q == YAMLDouble || q == TOMLBasic || q == HCL):
		return hexadecimal(rest, 2, 4)
	case c == 'U' && (q == YAMLDouble || q == TOMLBasic || q == HCL):
		return hexadecimal(rest, 2, 8)
	}
	switch q {
	case Properties, Colons:
		_, n = utf8.DecodeRuneInString(rest[1:])
		return rest[1 : 1+n], 1 + n, true
	case Double, SourceSingle, SourceDouble:
		return rest[:1], 1, true // a backslash before anything else is one
	}
	return "", 0, false
}

// hexadecimal is the character that so many digits after the first skip bytes name.
func hexadecimal(rest string, skip, digits int) (value string, n int, ok bool) {
	if len(rest) < skip+digits {
		return "", 0, false
	}
	code, err := strconv.ParseUint(rest[skip:skip+digits], 16, 32)
	if err != nil || !utf8.ValidRune(rune(code)) {
		return "", 0, false
	}
	return string(rune(code)), skip + digits, true
}

// surrogates is \uXXXX, or two of them that make one character.
func surrogates(rest string) (value string, n int, ok bool) {
	if len(rest) < 6 {
		return "", 0, false
	}
	high, err := strconv.ParseUint(rest[2:6], 16, 32)
	if err != nil {
		return "", 0, false
	}
	if high < 0xD800 || high > 0xDFFF {
		return string(rune(high)), 6, true
	}
	if len(rest) < 12 || rest[6] != '\\' || rest[7] != 'u' || high >= 0xDC00 {
		return "", 0, false
	}
	low, err := strconv.ParseUint(rest[8:12], 16, 32)
	if err != nil || low < 0xDC00 || low > 0xDFFF {
		return "", 0, false
	}
	return string(rune((high-0xD800)<<10 + (low - 0xDC00) + 0x10000)), 12, true
}

// longestEntity bounds how far the end of one is looked for.
const longestEntity = 12

// entity is what the entity of XML that rest begins with stands for.
func entity(rest string) (value string, n int, ok bool) {
	end := strings.IndexByte(rest[:min(len(rest), longestEntity)], ';')
	if end < 2 {
		return "", 0, false
	}
	name := rest[1:end]
	if name[0] != '#' {
		value = entityValue(name)
		return value, end + 1, value != ""
	}
	number, base := name[1:], 10
	if hex, ok := strings.CutPrefix(number, "x"); ok {
		number, base = hex, 16
	}
	code, err := strconv.ParseUint(number, base, 32)
	if err != nil || code == 0 || !utf8.ValidRune(rune(code)) {
		return "", 0, false
	}
	return string(rune(code)), end + 1, true
}

func entityValue(name string) string {
	switch name {
	case "lt":
		return "<"
	case "gt":
		return ">"
	case "amp":
		return "&"
	case "apos":
		return "'"
	case "quot":
		return "\""
	}
	return ""
}

// unescapePercent undoes the escapes of a URL. A percent sign that begins none is one.
func unescapePercent(raw string) (value string, at []int, ok bool) {
	if strings.IndexByte(raw, '%') < 0 {
		return raw, nil, true
	}
	var out []byte
	for i := 0; i < len(raw); i++ {
		at = append(at, i)
		if raw[i] == '%' && i+2 < len(raw) {
			if code, err := strconv.ParseUint(raw[i+1:i+3], 16, 8); err == nil {
				out = append(out, byte(code))
				i += 2
				continue
			}
		}
		out = append(out, raw[i])
	}
	return string(out), append(at, len(raw)), true
}
