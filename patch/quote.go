package patch

import "strings"

// escapes are the letters that git, as C, has for control characters from \a to \r.
const escapes = "abtnvfr"

// special reports whether git escapes c in a name, with core.quotePath as it is by default.
func special(c byte) bool { return c < ' ' || c == '"' || c == '\\' || c >= 0x7f }

// Quote is a name as git prints it: in double quotes with C escapes where it holds a control character, a quote, a
// backslash or a byte beyond ASCII, else as it is.
func Quote(name string) string {
	for i := range len(name) {
		if special(name[i]) {
			return alwaysQuote(name)
		}
	}
	return name
}

func alwaysQuote(name string) string {
	var b strings.Builder
	b.Grow(len(name) + 8)
	b.WriteByte('"')
	for i := range len(name) {
		switch c := name[i]; {
		case !special(c):
			b.WriteByte(c)
		case c == '"' || c == '\\':
			b.Write([]byte{'\\', c})
		case c >= '\a' && c <= '\r':
			b.Write([]byte{'\\', escapes[c-'\a']})
		default:
			b.Write([]byte{'\\', '0' + c>>6, '0' + c>>3&7, '0' + c&7})
		}
	}
	b.WriteByte('"')
	return b.String()
}
