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
)

//go:embed content.toml
var contentText []byte

var defaultContent = sync.OnceValue(func() *contentRules { return newContentRules(contentText) })

// contentRules is content.toml, ready for use.
type contentRules struct {
	keys         keyWords
	placeholders map[string]bool
	references   []string
	markers      [][]byte
	forms        []form
	assign       *regexp.Regexp
	program      *regexp.Regexp
}

// form is a credential that is not an assignment.
type form struct {
	Why     string `toml:"why"`
	Keyword string `toml:"keyword"`
	Lines   bool   `toml:"lines"`
	Literal bool   `toml:"literal"`
	Also    string `toml:"also"`
	Mixed   bool   `toml:"mixed"`
	Pattern string `toml:"pattern"`
	re      *regexp.Regexp
}

func newContentRules(text []byte) *contentRules {
	var f struct {
		Passwords    []string `toml:"passwords"`
		Secrets      []string `toml:"secrets"`
		Exact        []string `toml:"exact"`
		Others       []string `toml:"others"`
		Placeholders []string `toml:"placeholders"`
		References   []string `toml:"references"`
		Markers      []string `toml:"markers"`
		Forms        []form   `toml:"form"`
	}
	if err := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields().Decode(&f); err != nil {
		panic(fmt.Sprintf("BUG: content.toml: %v", err))
	}
	c := &contentRules{placeholders: map[string]bool{}, references: f.References, forms: f.Forms}
	c.keys = newKeyWords(f.Passwords, f.Secrets, f.Exact, f.Others)
	for _, p := range f.Placeholders {
		c.placeholders[p] = true
	}
	for _, m := range f.Markers {
		c.markers = append(c.markers, []byte(m))
	}
	for i := range c.forms {
		c.forms[i].re = regexp.MustCompile(c.forms[i].Pattern)
	}
	c.assign, c.program = newOperators()
	return c
}

// HoldsCredential reports whether a file whose name lets one expect a credential has one in it, and which. It looks at
// structure: a literal value under a telling key, a URL with a password, a private key, be it cut short. Placeholders
// do not count; binary content that is of no known harmless kind does.
func (s *Set) HoldsCredential(content []byte) (why string, ok bool) {
	return holdsCredential(content, PathRule{})
}

// Credential is HoldsCredential for a file that the rules gave verdict, where its content has a say: for redact and
// inspect. It takes into account what is ordinary under such a name.
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
	for _, m := range c.markers {
		if bytes.Contains(content, m) {
			return "a private key", true
		}
	}
	low := lowerBytes(content)
	for i := range c.forms {
		if c.matchForm(&c.forms[i], content, low) {
			return c.forms[i].Why, true
		}
	}
	if key, ok := c.findAssignment(content, low, rule); ok {
		return fmt.Sprintf("a value for %q", key), true
	}
	return "", false
}

func lowerBytes(content []byte) []byte {
	low := make([]byte, len(content))
	for i, c := range content {
		low[i] = lowerByte(c)
	}
	return low
}

// formWindow is how far behind its keyword a form is looked for, formBefore how far before.
const (
	formWindow = 8 << 10
	formBefore = 512
)

// matchForm tries a form around every keyword. Where windows overlap it is by a part of them, so that the work stays
// linear in the content.
func (c *contentRules) matchForm(f *form, content, low []byte) bool {
	keyword := []byte(f.Keyword)
	for at := 0; at < len(content); {
		i := bytes.Index(low[at:], keyword)
		if i < 0 {
			return false
		}
		i += at
		start, end := windowStart(content, i), min(i+formWindow, len(content))
		at = max(i+1, end-formWindow/4)
		if line := bytes.IndexByte(content[i:end], '\n'); line >= 0 && !f.Lines {
			end = i + line
			at = end
		}
		if !bytes.Contains(content[i:end], []byte(f.Also)) {
			continue
		}
		for _, m := range f.re.FindAllSubmatchIndex(content[start:end], -1) {
			if f.counts(c, string(content[start+m[2]:start+m[3]])) {
				return true
			}
		}
	}
	return false
}

func (f *form) counts(c *contentRules, v string) bool {
	if f.Literal {
		return true
	}
	digit, upper, low, _, _ := classes(v)
	return !c.placeholder(v) && (!f.Mixed || digit || upper && low)
}

// windowStart is the start of the line of i, or the place formBefore it where the line is longer.
func windowStart(content []byte, i int) int {
	low := max(i-formBefore, 0)
	return low + bytes.LastIndexByte(content[low:i], '\n') + 1
}

// placeholder reports whether value stands for a value rather than being one.
func (c *contentRules) placeholder(value string) bool {
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
