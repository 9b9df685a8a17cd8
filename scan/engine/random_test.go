package engine

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"net/url"
	"regexp/syntax"
	"strings"

	"cofferdam/rules/secret"
)

// writer makes random texts out of what rules match.
type writer struct {
	*rand.Rand
	config *secret.Config
	parsed map[string]*syntax.Regexp
}

func newWriter(seed uint64, cfg *secret.Config) *writer {
	return &writer{Rand: rand.New(rand.NewPCG(seed, 1)), config: cfg, parsed: map[string]*syntax.Regexp{}}
}

// noise is what stands between matches. K, I and s come in the forms that fold to ASCII letters: U+212A, U+0130, U+017F.
var noise = []string{
	"\n", "\n\n", "\r\n", "\r", " ", "\t", "key", "token = ", "api_key: \"", "'", "x", "=", ",", ";", "$", "/", "\\n", "\\N", "\\r",
	"\u017fecret", "to\u212aen=", "ap\u0130_", "\u212a", "\u0130", "\u017f", "é", "日本", "\xff\xfe", "\xc3", "\x00", "\ufffd",
	"%41", "%2", "%", "\\u0041", "\\\\U0041", "U+0041 ", "0123456789abcdef0123456789abcdef", "Zm9vYmFyYmF6cXV4MTIzNDU2", "func f() {\n",
	"sk", "s.", "password", "https://", "ey", ".ey", "example", "EXAMPLE", "false", "true", "null", "import ", "--mount=type=secret,",
	"abcdefghijklmnopqrstuvwxyz", "xxxxxxxx", "gitleaks:allow", "-----BEGIN", "<", ">", "\"", "`",
}

func (w *writer) pick(list []string) string { return list[w.IntN(len(list))] }

// text is made for one rule, with others in it.
func (w *writer) text(place int) string {
	var b strings.Builder
	for range 1 + w.IntN(4) {
		w.noise(&b)
		b.WriteString(w.piece(place))
		switch w.IntN(4) {
		case 0:
			b.WriteString(strings.Repeat("\n", w.IntN(4)))
		case 1:
			b.WriteString(w.pick([]string{"\r\n", "\"", " ", ";", "\\n"}))
		}
	}
	if w.IntN(8) == 0 {
		b.WriteString(strings.Repeat(w.pick(noise), w.IntN(400)))
	}
	w.noise(&b)
	return b.String()
}

func (w *writer) noise(b *strings.Builder) {
	for range w.IntN(8) {
		b.WriteString(w.pick(noise))
	}
}

// piece is something that the rule matches, or another, with something of its allowlists in it at times, and encoded at
// times.
func (w *writer) piece(place int) string {
	r := &w.config.Rules[place]
	if w.IntN(3) == 0 {
		r = &w.config.Rules[w.IntN(len(w.config.Rules))]
	}
	piece := w.matching(r.Regex)
	if len(r.Keywords) > 0 && w.IntN(4) == 0 {
		piece = w.pick(r.Keywords) + w.pick([]string{"", " ", "\n", "="}) + piece
	}
	if w.IntN(6) == 0 {
		piece = w.allowed(r) + piece
	}
	if w.IntN(6) == 0 && len(piece) > 4 {
		at := w.IntN(len(piece))
		piece = piece[:at] + w.allowed(r) + piece[at:]
	}
	for range max(0, w.IntN(8)-4) {
		piece = w.encode(piece)
	}
	return piece
}

func (w *writer) allowed(r *secret.Rule) string {
	lists := w.config.Allowlists
	if len(r.Allowlists) > 0 && w.IntN(2) == 0 {
		lists = r.Allowlists
	}
	if len(lists) == 0 {
		return ""
	}
	l := lists[w.IntN(len(lists))]
	if len(l.StopWords) > 0 && (len(l.Regexes) == 0 || w.IntN(2) == 0) {
		return w.pick(l.StopWords)
	}
	if len(l.Regexes) > 0 {
		return w.matching(w.pick(l.Regexes))
	}
	return ""
}

func (w *writer) encode(text string) string {
	at, end := 0, len(text)
	if w.IntN(2) == 0 && len(text) > 0 {
		at = w.IntN(len(text))
		end = at + w.IntN(len(text)-at+1)
	}
	part := text[at:end]
	switch w.IntN(6) {
	case 0:
		part = base64.StdEncoding.EncodeToString([]byte(part))
	case 1:
		part = base64.RawURLEncoding.EncodeToString([]byte(part))
	case 2:
		part = hex.EncodeToString([]byte(part))
	case 3:
		part = url.QueryEscape(part)
	case 4:
		part = escape(part, "\\u%04x")
	case 5:
		part = escape(part, "U+%04X ")
	}
	return text[:at] + part + text[end:]
}

func escape(text, format string) string {
	var b strings.Builder
	for _, r := range text {
		fmt.Fprintf(&b, format, r&0xffff)
	}
	return b.String()
}

// matching is a text that an expression matches, but for its assertions.
func (w *writer) matching(expr string) string {
	re := w.parsed[expr]
	if re == nil {
		var err error
		if re, err = syntax.Parse(expr, syntax.Perl); err != nil {
			panic(err)
		}
		w.parsed[expr] = re
	}
	var b strings.Builder
	w.generate(&b, re)
	return b.String()
}

func (w *writer) generate(b *strings.Builder, re *syntax.Regexp) {
	switch re.Op {
	case syntax.OpLiteral:
		for _, r := range re.Rune {
			if re.Flags&syntax.FoldCase != 0 && w.IntN(6) == 0 {
				r = w.folded(r)
			}
			b.WriteRune(r)
		}
	case syntax.OpCharClass:
		b.WriteRune(w.member(re.Rune))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteByte("abcXYZ019 .:\"'"[w.IntN(14)])
	case syntax.OpCapture:
		w.generate(b, re.Sub[0])
	case syntax.OpStar, syntax.OpPlus, syntax.OpQuest, syntax.OpRepeat:
		least, most := bounds(re)
		for range least + w.IntN(most-least+1) {
			w.generate(b, re.Sub[0])
		}
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			w.generate(b, sub)
		}
	case syntax.OpAlternate:
		w.generate(b, re.Sub[w.IntN(len(re.Sub))])
	}
}

func bounds(re *syntax.Regexp) (least, most int) {
	switch re.Op {
	case syntax.OpStar:
		least, most = 0, -1
	case syntax.OpPlus:
		least, most = 1, -1
	case syntax.OpQuest:
		least, most = 0, 1
	default:
		least, most = re.Min, re.Max
	}
	if most < 0 {
		most = least + 40
	}
	return least, most
}

func (w *writer) folded(r rune) rune {
	if w.IntN(4) > 0 && 'A' <= r&^0x20 && r&^0x20 <= 'Z' {
		return r ^ 0x20
	}
	switch r &^ 0x20 {
	case 'K':
		return '\u212a'
	case 'S':
		return '\u017f'
	case 'I':
		return '\u0130'
	}
	return r
}

func (w *writer) member(ranges []rune) rune {
	for range 20 {
		i := w.IntN(len(ranges)/2) * 2
		r := ranges[i] + rune(w.IntN(int(min(ranges[i+1]-ranges[i], 200))+1))
		if r < 0x80 || w.IntN(20) == 0 {
			return r
		}
	}
	return ranges[0]
}
