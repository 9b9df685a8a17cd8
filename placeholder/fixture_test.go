package placeholder

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"cofferdam/internal/diff3"
)

// testKey is the key of the nth session.
func testKey(n byte) Key {
	var secret [32]byte
	for i := range secret {
		secret[i] = n + byte(i)*7
	}
	return NewKey(secret)
}

// spansOf finds values that are written as «value» or «name|value», and gives the text without these marks.
func spansOf(marked string) (text string, spans []Span) {
	for {
		before, rest, ok := strings.Cut(marked, "«")
		text += before
		if !ok {
			return text, spans
		}
		value, after, _ := strings.Cut(rest, "»")
		name, own, named := strings.Cut(value, "|")
		if !named {
			name, own = "", value
		}
		spans = append(spans, Span{Start: len(text), End: len(text) + len(own), Rule: "test-rule", Name: name})
		text += own
		marked = after
	}
}

func mustRedact(t testing.TB, raw []byte, spans []Span) *Redacted {
	t.Helper()
	r, err := Redact(raw, spans, testKey(1))
	if err != nil {
		t.Fatalf("Redact: %v", err)
	}
	return r
}

// session is a text in a view, and the values of the project's file.
type session struct {
	t      testing.TB
	view   *Redacted
	values *Values
	host   string
	tokens []string
}

// stage redacts a marked text; host is the marked text of the project's file at apply.
func stage(t testing.TB, base, host string) *session {
	t.Helper()
	raw, spans := spansOf(base)
	view := mustRedact(t, []byte(raw), spans)
	now, again := spansOf(host)
	values, err := Locate(view.Text, []byte(now), &view.Record, testKey(1), again)
	if err != nil {
		t.Fatalf("Locate: %v", err)
	}
	return &session{t, view, values, now, view.Record.Tokens()}
}

// with replaces $0, $1, … by the tokens of the session.
func (s *session) with(text string) string {
	for i := len(s.tokens) - 1; i >= 0; i-- {
		text = strings.ReplaceAll(text, fmt.Sprintf("$%d", i), s.tokens[i])
	}
	return text
}

func (s *session) restore(theirs string, o Options) *Outcome {
	s.t.Helper()
	out, err := Restore([]byte(s.with(theirs)), s.values, o)
	if err != nil {
		s.t.Fatalf("Restore: %v", err)
	}
	return out
}

func textOf(t testing.TB, o *Outcome) string {
	t.Helper()
	text, err := o.Text(diff3.Theirs)
	if err != nil {
		t.Fatalf("Text: %v", err)
	}
	return string(text)
}

func kinds(events []Event) string {
	var all []string
	for _, e := range events {
		kind := e.Kind.String()
		if e.Rotated {
			kind += "(rotated)"
		}
		if e.Held {
			kind += "!"
		}
		all = append(all, kind)
	}
	return strings.Join(all, " ")
}

func yes(Event) bool { return true }

func utf16Of(text string, order binary.ByteOrder, mark bool) []byte {
	if mark {
		text = "\ufeff" + text
	}
	var out []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		out = append(out, 0, 0)
		order.PutUint16(out[len(out)-2:], unit)
	}
	return out
}

// randomRaw is a few lines in one of several encodings, or bytes of none.
func randomRaw(r *rand.Rand) []byte {
	var b strings.Builder
	end := []string{"\n", "\r\n", "\r", "\n"}[r.IntN(4)]
	for range r.IntN(9) {
		b.WriteString([]string{"", "  ", "\t"}[r.IntN(3)])
		for range r.IntN(4) {
			b.WriteString([]string{"key: ", "pässwörd=", "\U0001f511", "-----BEGIN RSA PRIVATE KEY-----", "x", `"`, "0", "$", " ", "-----END KEY-----"}[r.IntN(10)])
		}
		b.WriteString(end)
	}
	text := b.String()
	if r.IntN(3) == 0 {
		text = strings.TrimSuffix(text, end)
	}
	switch r.IntN(6) {
	case 0:
		return utf16Of(text, binary.LittleEndian, true)
	case 1:
		return utf16Of(text, binary.BigEndian, true)
	case 2:
		return utf16Of(text, binary.LittleEndian, false)
	case 3:
		raw := append([]byte(text), byte(r.IntN(256)))
		for range r.IntN(8) {
			raw = slices.Insert(raw, r.IntN(len(raw)), byte(r.IntN(256)))
		}
		return append([][]byte{nil, []byte{0xff, 0xfe}, []byte{0xfe, 0xff}, []byte(byteOrderMark)}[r.IntN(4)], raw...)
	case 4:
		return []byte("\ufeff" + text)
	}
	return []byte(text)
}

func randomSpans(r *rand.Rand, size int) []Span {
	var spans []Span
	for range r.IntN(6) {
		a, b := r.IntN(size+1), r.IntN(size+1)
		if r.IntN(2) == 0 {
			b = min(size, a+r.IntN(12))
		}
		s := Span{Start: min(a, b), End: max(a, b), Rule: []string{"aws-key", "", "Ünï", "x"}[r.IntN(4)], Name: []string{"", "a.b", "c"}[r.IntN(3)]}
		spans = append(spans, s)
	}
	return spans
}
