package fields

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// escape writes value in q, which has no flags. Escape checks that it can be read back.
func escape(q Quote, value string) (raw string, ok bool) {
	if q >= quotes || !utf8.ValidString(value) && q != Bare {
		return "", false
	}
	switch q {
	case Bare, Word, YAMLPlain:
		return value, isBare(value) && (q != YAMLPlain || isPlainText(value))
	case Literal:
		if isNumber(value) {
			return value, true
		}
		return `"` + value + `"`, isBare(value)
	case Single, Raw, TOMLLiteral:
		return value, printable(value) && !strings.ContainsAny(value, "'\"\\`$")
	case YAMLBlock, Heredoc:
		return value, printable(value) && value == strings.TrimSpace(value) && value != "" && !strings.ContainsAny(value, "${}%\\")
	case XMLData:
		return value, printable(value) && !strings.Contains(value, "]]") && value == strings.TrimSpace(value)
	case YAMLSingle:
		return strings.ReplaceAll(value, "'", "''"), printable(value)
	case XMLText, XMLAttribute:
		if !printable(value) || value != strings.TrimSpace(value) {
			return "", false
		}
		return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\"", "&quot;", "'", "&apos;").Replace(value), true
	case Colons:
		return strings.NewReplacer("\\", "\\\\", ":", "\\:").Replace(value), printable(value)
	case HCL:
		value = strings.NewReplacer("${", "$${", "%{", "%%{").Replace(value)
	case Properties:
		return escapeProperties(value), value == strings.TrimSpace(value)
	}
	return withBackslashes(q, value)
}

// withBackslashes writes value between double quotes.
func withBackslashes(q Quote, value string) (raw string, ok bool) {
	special := `"\`
	switch q {
	case Double:
		special = "\"\\$`"
	case SourceSingle:
		special = `'\`
	case SourceDouble:
		special = "\"\\$#"
	}
	var b strings.Builder
	for _, c := range value {
		switch {
		case c == '\n' && q != SourceSingle:
			b.WriteString(`\n`)
		case c < ' ' || c == 0x7f || c == 0x85 || c == 0x2028 || c == 0x2029 || c == 0xFEFF:
			if q != JSON && q != YAMLDouble && q != TOMLBasic && q != HCL {
				return "", false
			}
			fmt.Fprintf(&b, `\u%04x`, c)
		case strings.ContainsRune(special, c):
			b.WriteByte('\\')
			b.WriteRune(c)
		case q == Git && (c == ';' || c == '#' || c == ' '):
			return "", false // may end a value that has no quotes
		default:
			b.WriteRune(c)
		}
	}
	return b.String(), true
}

// escapeProperties writes value as java.util.Properties reads it, in ASCII.
func escapeProperties(value string) string {
	var b strings.Builder
	for _, c := range value {
		switch {
		case c == '\\' || c == ':' || c == '=' || c == '#' || c == '!':
			b.WriteByte('\\')
			b.WriteRune(c)
		case c >= 0x10000:
			c -= 0x10000
			fmt.Fprintf(&b, `\u%04x\u%04x`, 0xD800+c>>10, 0xDC00+c&0x3FF)
		case c < ' ' || c >= 0x7f:
			fmt.Fprintf(&b, `\u%04x`, c)
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}

// escapePercent leaves what RFC 3986 calls unreserved.
func escapePercent(value string) string {
	var b strings.Builder
	for i := range len(value) {
		if c := value[i]; alphanumeric(c) || strings.IndexByte("-._~", c) >= 0 {
			b.WriteByte(c)
			continue
		}
		fmt.Fprintf(&b, "%%%02X", value[i])
	}
	return b.String()
}

// printable reports whether value is text on one line.
func printable(value string) bool {
	for _, c := range value {
		if c < ' ' || c == 0x7f || c == 0x85 || c == 0x2028 || c == 0x2029 || c == 0xFEFF || c == utf8.RuneError {
			return false
		}
	}
	return true
}

// isNumber reports whether value is one in JSON.
func isNumber(value string) bool {
	digits := strings.TrimPrefix(value, "-")
	whole, fraction, point := strings.Cut(digits, ".")
	return allDigits(whole) && (whole == "0" || whole[0] != '0') && (!point || allDigits(fraction))
}

func allDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// isPlainText reports whether a plain scalar of YAML is text, and not a number, a date or a word such as yes. In doubt it
// is not.
func isPlainText(value string) bool {
	if !letter(value[0]) || isWordOfState(value) {
		return false
	}
	return len(value) > 5 || strings.ContainsAny(value, "_-/")
}
