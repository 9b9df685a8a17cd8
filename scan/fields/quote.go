package fields

import "strings"

// Quote is what a value stands in. Flags may be added to the others: a password in a URL in a JSON string is
// JSON|Percent.
type Quote uint16

// The quotes.
const (
	Bare         Quote = iota // as it is
	Single                    // '…' of dotenv, shell and INI files: nothing is escaped
	Double                    // "…" of dotenv, shell and INI files, with backslashes
	Raw                       // between quotes that know no escape: "C:\dir" of an INI file
	SourceSingle              // '…' of PHP and Ruby
	SourceDouble              // "…" of PHP and Ruby
	JSON                      // a string
	Literal                   // a number or a date of JSON, TOML, HCL or PHP: a placeholder there is a string with its quotes
	YAMLPlain
	YAMLSingle
	YAMLDouble
	YAMLBlock // a line of a block scalar
	TOMLBasic // "…" or a line of """…"""
	TOMLLiteral
	HCL     // a string
	Heredoc // a line of one
	XMLText
	XMLAttribute
	XMLData // in <![CDATA[…]]>
	Properties
	Colons // between colons, as in .pgpass
	Git    // of a git configuration, in quotes or not
	Word   // a word of .netrc
	quotes // how many there are

	Percent Quote = 1 << 8 // in a URL
	Pair    Quote = 1 << 9 // Password=…; in a connection string
)

var quoteNames = [quotes]string{
	"bare", "single", "double", "raw", "source single", "source double", "json", "literal", "yaml plain", "yaml single", "yaml double", "yaml block",
	"toml basic", "toml literal", "hcl", "heredoc", "xml text", "xml attribute", "xml data", "properties", "colons", "git", "word",
}

const flags = Percent | Pair

// String names q, for tests and people.
func (q Quote) String() string {
	name := "unknown"
	if q&^flags < quotes {
		name = quoteNames[q&^flags]
	}
	if q&Percent != 0 {
		name += "+percent"
	}
	if q&Pair != 0 {
		name += "+pair"
	}
	return name
}

// Unescape is the value that raw stands for in q. It is not ok where raw cannot stand there.
func Unescape(q Quote, raw string) (value string, ok bool) {
	value, _, ok = unescape(q&^flags, raw)
	if ok && q&Percent != 0 {
		value, _, ok = unescapePercent(value)
	}
	return value, ok
}

// Escape is how value is written in q. It is not ok where that is not possible, or not in a way that every reader of
// the format takes for the same value. For every q and value: Unescape of what Escape gives is value.
func Escape(q Quote, value string) (raw string, ok bool) {
	if strings.ContainsAny(value, "\x00") || q&Pair != 0 && !isBare(value) {
		return "", false
	}
	if q&Percent != 0 {
		value = escapePercent(value)
	}
	raw, ok = escape(q&^flags, value)
	if q&Percent != 0 && isOpen(q&^flags) {
		raw, ok = value, value != "" // what a URL is made of needs no quotes
	}
	if !ok {
		return "", false
	}
	if back, same := Unescape(q&^(Percent|Pair), raw); !same || back != value {
		return "", false
	}
	return raw, true
}

// isOpen holds where nothing stands around a value.
func isOpen(q Quote) bool {
	return q == Bare || q == Word || q == YAMLPlain || q == YAMLBlock || q == Heredoc
}

// bareMarks may stand, with letters and digits, in a value without quotes in every format that has such values.
const bareMarks = "_-./+=~^"

// isBare reports whether value needs no quotes anywhere.
func isBare(value string) bool {
	for i := range len(value) {
		if c := value[i]; !alphanumeric(c) && strings.IndexByte(bareMarks, c) < 0 {
			return false
		}
	}
	return value != "" && (alphanumeric(value[0]) || value[0] == '_' || value[0] == '/')
}

func letter(c byte) bool       { return 'a' <= c|0x20 && c|0x20 <= 'z' }
func digit(c byte) bool        { return '0' <= c && c <= '9' }
func alphanumeric(c byte) bool { return letter(c) || digit(c) }
func blank(c byte) bool        { return c == ' ' || c == '\t' }
