package rules

import (
	"bytes"
	"crypto/x509"
	_ "embed"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"unicode/utf16"

	"github.com/pelletier/go-toml/v2"

	"cofferdam/placeholder"
)

//go:embed content.toml
var contentText []byte

var defaultContent = sync.OnceValue(func() *contentRules { return newContentRules(contentText) })

// contentRules is content.toml, ready for use.
type contentRules struct {
	keys         keyWords
	placeholders map[string]bool
	references   []string
	assign       *regexp.Regexp
	program      *regexp.Regexp
}

func newContentRules(text []byte) *contentRules {
	var f struct {
		Passwords    []string `toml:"passwords"`
		Secrets      []string `toml:"secrets"`
		Exact        []string `toml:"exact"`
		Others       []string `toml:"others"`
		Placeholders []string `toml:"placeholders"`
		References   []string `toml:"references"`
	}
	if err := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields().Decode(&f); err != nil {
		panic(fmt.Sprintf("BUG: content.toml: %v", err))
	}
	c := &contentRules{placeholders: map[string]bool{}, references: f.References}
	c.keys = newKeyWords(f.Passwords, f.Secrets, f.Exact, f.Others)
	for _, p := range f.Placeholders {
		c.placeholders[p] = true
	}
	c.assign, c.program = newOperators()
	return c
}

// Credential reports whether a file that the rules gave verdict has a credential in it, and which, where its content has a
// say: for redact and inspect. It looks for a literal value under a telling key, with what is ordinary under such a name
// taken into account; placeholders do not count, and binary content that is of no known harmless kind does. Secrets with
// a form of their own are for the scanner to find.
func (s *Set) Credential(verdict Verdict, content []byte) (why string, ok bool) {
	if verdict.Action != Redact && verdict.Action != Inspect {
		return "", false
	}
	return holdsCredential(content, verdict.Rule)
}

func holdsCredential(content []byte, rule PathRule) (why string, ok bool) {
	c := defaultContent()
	content = decodeUTF16(content)
	if bytes.IndexByte(content, 0) >= 0 || bytes.HasPrefix(content, []byte{0x30, 0x82}) {
		return "binary content that cannot be looked into", !rule.Binary && !harmlessBinary(content)
	}
	if key, ok := c.findAssignment(content, rule); ok {
		return fmt.Sprintf("a value for %q", key), true
	}
	return "", false
}

// placeholder reports whether value stands for a value rather than being one.
func (c *contentRules) placeholder(value string) bool {
	if rest := string(placeholder.Without([]byte(value))); rest != value && (strings.Contains(rest, "://") || strings.Trim(rest, "\"'` \t\\") == "" || c.isConnection(rest)) {
		return true
	}
	v := strings.Trim(lower(value), "\"'`[](){}<>*-_.:;,!# \t\\")
	if v == "" || c.placeholders[v] || strings.Count(v, v[:1]) == len(v) {
		return true
	}
	full := strings.TrimLeft(lower(value), "\"'` \t\\")
	for _, r := range c.references {
		if strings.HasPrefix(full, r) || strings.HasPrefix(v, r) {
			return true
		}
	}
	return isSequence(v) || strings.Contains(full, "${") || strings.Contains(full, "{{") || strings.Contains(full, "$(") ||
		strings.Contains(full, "<%") || strings.HasSuffix(full, "_here") || strings.HasSuffix(full, "-here")
}

// isConnection holds for Server=db;Password=;Timeout=5, with nothing behind the names that tell of a secret.
func (c *contentRules) isConnection(v string) bool {
	pairs := 0
	for pair := range strings.SplitSeq(strings.Trim(v, "\"' \t"), ";") {
		key, value, ok := strings.Cut(pair, "=")
		if ok && c.keys.kind([]byte(key)) != noKey && strings.Trim(value, "\"'{} ") != "" || !ok && strings.TrimSpace(pair) != "" {
			return false
		}
		pairs++
	}
	return pairs > 1
}

// isSequence holds for abcdef0123456789: nearly every byte follows the one before it.
func isSequence(v string) bool {
	breaks := 0
	for i := 1; i < len(v); i++ {
		if v[i] != v[i-1]+1 {
			breaks++
		}
	}
	return len(v) >= 12 && breaks*6 <= len(v)
}

// harmlessMagic is how pictures, fonts, sounds and programs begin.
var harmlessMagic = []string{
	"\x89PNG\r\n", "\xff\xd8\xff", "GIF8", "RIFF", "\x00\x00\x01\x00", "BM", "II*\x00", "MM\x00*", "wOFF", "wOF2", "OTTO",
	"\x00\x01\x00\x00\x00", "ID3", "OggS", "fLaC", "\x00asm", "\xca\xfe\xba\xbe", "\xcf\xfa\xed\xfe", "\xfe\xed\xfa",
}

// harmlessBinary holds for content that has NUL bytes by nature and no credentials. A core dump is an ELF file too, but
// it is a process's memory.
func harmlessBinary(content []byte) bool {
	for _, magic := range harmlessMagic {
		if bytes.HasPrefix(content, []byte(magic)) {
			return true
		}
	}
	if bytes.HasPrefix(content, []byte("\x7fELF")) && len(content) > 17 {
		const typeCore = 4
		return content[16] != typeCore && content[17] != typeCore
	}
	_, err := x509.ParseCertificate(content)
	return err == nil
}

// decodeUTF16 is content as UTF-8 where a byte order mark says that it is UTF-16, as Windows tools write settings.
func decodeUTF16(content []byte) []byte {
	if len(content) < 2 {
		return content
	}
	high, low := 1, 0
	switch {
	case content[0] == 0xff && content[1] == 0xfe:
	case content[0] == 0xfe && content[1] == 0xff:
		high, low = 0, 1
	default:
		return content
	}
	units := make([]uint16, 0, len(content)/2-1)
	for i := 2; i+1 < len(content); i += 2 {
		units = append(units, uint16(content[i+high])<<8|uint16(content[i+low]))
	}
	return []byte(string(utf16.Decode(units)))
}
