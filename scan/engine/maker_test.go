package engine

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
)

// maker makes files.
type maker struct {
	*writer
	examples []string // of gitleaks
	sources  []string
	exprs    map[string]*regexp.Regexp
}

func (m *maker) file(i int) (path, text string) {
	m.Rand = rand.New(rand.NewPCG(uint64(i), 3))
	place := i % len(m.config.Rules)
	path = m.pick(paths) // some are passed over
	if m.IntN(3) > 0 {
		path = m.pick([]string{"a/main.go", "x/conf.yml", "sub/template.env"})
	}
	if expr := m.config.Rules[place].Path; expr != "" {
		path = m.matching(expr)
	}
	text = m.shape(place)
	if m.IntN(4) == 0 {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	if m.IntN(20) == 0 {
		text = text[:m.IntN(len(text)+1)]
	}
	if m.IntN(15) == 0 && text != "" {
		at := m.IntN(len(text))
		text = text[:at] + string([]byte{byte(m.IntN(256))}) + text[at+1:]
	}
	return path, text
}

func (m *maker) shape(place int) string {
	switch n := m.IntN(100); {
	case n < 30:
		return m.text(place)
	case n < 55:
		return m.code(place)
	case n < 65:
		return m.border(place)
	case n < 77:
		return m.crowd(place)
	case n < 87:
		return m.edges(place)
	case n < 88:
		return m.longLine(place)
	}
	return m.nested(place)
}

// positive is something that a rule finds, or mostly so.
func (m *maker) positive(place int) string {
	switch m.IntN(5) {
	case 0:
		return m.piece(place)
	case 1:
		example := m.pick(m.examples)
		if m.IntN(3) == 0 {
			return m.encode(example)
		}
		return example
	}
	return m.certain(place)
}

// certain matches, with its assertions, where it is no part of a longer word, and brings a keyword along. The expressions
// of rules about paths are empty.
func (m *maker) certain(place int) string {
	r := &m.config.Rules[place]
	expr := m.exprs[r.Regex]
	if expr == nil {
		expr = regexp.MustCompile(r.Regex)
		m.exprs[r.Regex] = expr
	}
	text := m.matching(r.Regex)
	for range 8 {
		if expr.MatchString("\n" + text + "\n") {
			break
		}
		text = m.matching(r.Regex)
	}
	if len(r.Keywords) > 0 && !hasKeyword(&rule{Rule: r}, strings.ToLower(text)) {
		text = m.pick(r.Keywords) + m.pick([]string{" ", "\n", ": \""}) + text
	}
	return text
}

// beside is what may stand next to a match without being part of it, and letters that fold to ASCII ones.
func (m *maker) beside() string {
	if m.IntN(2) == 0 {
		return m.pick([]string{"\n", " ", "\"", "\r\n", "'", "=", ""})
	}
	return m.pick([]string{
		"é", "日本", "\xff", "\xc3", "\xe2\x84", "\u212a", "\u017f", "\u0130", "\U0001f511", "\xed\xa0\x80", "\xf0\x9f\x94", "\u00a0", "\u2028", "\x00", "\ufeff", "\x80",
	})
}

func (m *maker) any(place int) int {
	if m.IntN(2) == 0 {
		return m.IntN(len(m.config.Rules))
	}
	return place
}

// stretch is n bytes of source code, around again at the end of a file.
func (m *maker) stretch(n int) string {
	source := m.pick(m.sources)
	at := m.IntN(len(source))
	for len(source) < at+n {
		source += source
	}
	return source[at : at+n]
}

// code has matches within lines and between them.
func (m *maker) code(place int) string {
	text := m.stretch(100 + m.IntN(2500))
	for range 1 + m.IntN(3) {
		at := m.IntN(len(text))
		if m.IntN(2) == 0 {
			at += strings.IndexByte(text[at:], '\n') + 1
		}
		text = text[:at] + m.beside() + m.positive(m.any(place)) + m.beside() + text[at:]
	}
	return text
}

// border has a match over, before or after a place where readers, windows or pieces of a file could end.
func (m *maker) border(place int) string {
	border := 4096 * (1 + m.IntN(2)*m.IntN(4))
	switch m.IntN(60) {
	case 0:
		border = 128 << 10
	case 1, 2:
		border = 64 << 10
	}
	match := m.beside() + m.positive(place) + m.beside()
	at := max(0, border-m.IntN(len(match)+3)+1)
	text := m.stretch(at)
	if m.IntN(3) == 0 {
		text = strings.ReplaceAll(text, "\n", m.pick([]string{" ", "\x00", ";"}))
	}
	text += match
	if m.IntN(2) == 0 {
		text += m.stretch(m.IntN(300))
	}
	return text
}

// crowd has many matches in one line.
func (m *maker) crowd(place int) string {
	var b strings.Builder
	for range 3 + m.IntN(12) {
		b.WriteString(strings.ReplaceAll(m.positive(m.any(place)), "\n", " "))
		b.WriteString(m.pick([]string{" ", ",", ";", "\"", "'", "\", \"", "\t", "`", m.beside()}))
	}
	return b.String()
}

// edges has a match from the first byte, and one to the last.
func (m *maker) edges(place int) string {
	text := m.positive(place)
	if m.IntN(3) > 0 {
		text += m.beside() + m.stretch(m.IntN(200)) + m.beside() + m.positive(m.any(place))
	}
	return text
}

func (m *maker) longLine(place int) string {
	unit := m.pick([]string{"a=1,", "QUJDREVGR0hJSktM", "{\"k\":[1,2]},", "key:", strings.ReplaceAll(m.stretch(5000), "\n", " "), "%41", "AAAA", "日本"})
	text := strings.Repeat(unit, 100<<10/len(unit))
	for range 1 + m.IntN(3) {
		at := m.IntN(len(text) + 1)
		text = text[:at] + m.beside() + strings.ReplaceAll(m.positive(m.any(place)), "\n", " ") + m.beside() + text[at:]
	}
	return text
}

// nested has matches in encodings of encodings.
func (m *maker) nested(place int) string {
	var b strings.Builder
	for range 1 + m.IntN(3) {
		text := m.certain(m.any(place))
		for range 1 + m.IntN(4) {
			if text = m.wrapped(text); len(text) > 4000 {
				break
			}
		}
		b.WriteString(m.pick([]string{"", "x = \"", "key: ", "\n", m.beside()}) + text + m.pick([]string{"", "\"\n", "\n", " ", m.beside()}))
	}
	return b.String()
}

// wrapped is text in one more encoding, or a part of it.
func (m *maker) wrapped(text string) string {
	if m.IntN(6) > 0 {
		return m.encode(text)
	}
	var b strings.Builder
	for i := range len(text) {
		fmt.Fprintf(&b, "%%%02X", text[i])
	}
	return b.String()
}
