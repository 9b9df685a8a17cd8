package placeholder

import (
	"bytes"
	"encoding/binary"
	"errors"
	"regexp"
	"strings"
	"testing"
)

var anyToken = regexp.MustCompile(Pattern)

const body64 = "TUlJRXBBSUJBQUtDQVFFQQ"

func TestRedact(t *testing.T) {
	pem := "-----BEGIN RSA PRIVATE KEY-----\n" + body64 + "\n" + body64 + "b\nb=\n-----END RSA PRIVATE KEY-----"
	tests := []struct{ name, marked, want string }{
		{"nothing", "a\r\nb", "a\r\nb"},
		{"one", "a: «secret»\n", "a: T\n"},
		{"without final newline", "a: «secret»", "a: T"},
		{"all", "«secret»", "T"},
		{"two that touch", "«a»«b»", "TT"},
		{"empty and white", "a«»b«  »c«\n\n»d", "ab  c\n\nd"},
		{"keeps white space of a line", "a« b »c", "aTc"},
		{"lines", "k: |\n  «first\n\n    second  \n\t\n  third»\nx", "k: |\n  T\n\n    T  \n\t\n  T\nx"},
		{"carriage returns", "«a\r\n  b\rc»\r\n", "T\r\n  T\rT\r\n"},
		{"byte order mark", "«\ufeffa»b", "\ufeffTb"},
		{"only the byte order mark", "«\ufeff»b", "\ufeffb"},
		{"pem", "«" + pem + "»\n", "-----BEGIN RSA PRIVATE KEY-----\nT\nT\nT\n-----END RSA PRIVATE KEY-----\n"},
		{"pem in yaml", "key: |\n    «" + strings.ReplaceAll(pem, "\n", "\r\n    ") + "»\r\n", "key: |\r\n    -----BEGIN RSA PRIVATE KEY-----\r\n    T\r\n    T\r\n    T\r\n    -----END RSA PRIVATE KEY-----\r\n"},
		{"pem on one line", `"«` + strings.ReplaceAll(pem, "\n", `\n`) + `\n»"`, `"-----BEGIN RSA PRIVATE KEY-----\nT\n-----END RSA PRIVATE KEY-----\n"`},
		{"pem cut short", "«-----BEGIN PRIVATE KEY-----\n" + body64 + "\n»x", "-----BEGIN PRIVATE KEY-----\nT\nx"},
		{"only looks like pem", "«-----BEGIN HUNTER-----»", "T"},
		{"dashes", "«-----BEGIN -----BEGIN PRIVATE KEY-----x»", "T -----BEGIN PRIVATE KEY-----T"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			raw, spans := spansOf(strings.ReplaceAll(tt.marked, "key: |\n    «-", "key: |\r\n    «-"))
			view := mustRedact(t, []byte(raw), spans)
			if got := anyToken.ReplaceAllString(string(view.Text), "T"); got != tt.want {
				t.Errorf("Redact(%q) = %q, want %q", raw, got, tt.want)
			}
			checkRoundTrip(t, []byte(raw), spans)
		})
	}
}

// One value has one token in a session, whatever rule and place found it.
func TestOneValueOneToken(t *testing.T) {
	raw, spans := spansOf("«same» «other» «same»")
	spans[2].Rule = "another"
	view := mustRedact(t, []byte(raw), spans)
	if places := view.Record.Places; places[0].Token != places[2].Token || places[0].Token == places[1].Token {
		t.Errorf("tokens %v", places)
	}
	escaped := []byte(`"a\nb" a`)
	view = mustRedact(t, escaped, []Span{{Start: 1, End: 5, Value: NewValue("x")}, {Start: 7, End: 8, Value: NewValue("x")}})
	if places := view.Record.Places; places[0].Token != places[1].Token {
		t.Errorf("tokens %v of one value that is written in two ways", places)
	}
}

func TestRedactSpans(t *testing.T) {
	text := "a: 0123456789é\n"
	tests := []struct {
		name  string
		spans []Span
		want  string
	}{
		{"overlap", []Span{{Start: 5, End: 9}, {Start: 3, End: 6}}, "a: T6789é\n"},
		{"inside", []Span{{Start: 3, End: 13}, {Start: 5, End: 6}}, "a: Té\n"},
		{"same", []Span{{Start: 3, End: 5}, {Start: 3, End: 5, Quote: '"'}}, "a: \"T\"23456789é\n"},
		{"half a character", []Span{{Start: 12, End: 14}}, "a: 012345678T\n"},
		{"other half", []Span{{Start: 14, End: 15}}, "a: 0123456789T\n"},
		{"quoted", []Span{{Start: 3, End: 13, Quote: '\''}}, "a: 'T'é\n"},
		{"empty", []Span{{Start: 3, End: 3}}, text},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			view := mustRedact(t, []byte(text), tt.spans)
			if got := anyToken.ReplaceAllString(string(view.Text), "T"); got != tt.want {
				t.Errorf("Redact(%q, %v) = %q, want %q", text, tt.spans, got, tt.want)
			}
			checkRoundTrip(t, []byte(text), tt.spans)
		})
	}
	for _, s := range []Span{{Start: -1, End: 2}, {Start: 2, End: 1}, {Start: 0, End: 99}, {Start: 0, End: 1, Quote: 'x'}} {
		if _, err := Redact([]byte(text), []Span{s}, testKey(1)); err == nil {
			t.Errorf("Redact with %v is no error", s)
		}
	}
}

func TestRedactUTF16(t *testing.T) {
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		for _, mark := range []bool{true, false} {
			text := "name: value of some length\r\nkey: \U0001f511secret\U0001f511\r\nlast"
			raw := utf16Of(text, order, mark)
			start := bytes.Index(raw, utf16Of("\U0001f511secret\U0001f511", order, false))
			size := len(utf16Of("\U0001f511secret\U0001f511", order, false))
			for cut := range 4 { // into the characters at both ends
				spans := []Span{{Start: start + cut, End: start + size - cut}}
				view := mustRedact(t, raw, spans)
				want := strings.ReplaceAll(text, "\U0001f511secret\U0001f511", view.Record.Places[0].Token)
				if !bytes.Equal(view.Text, utf16Of(want, order, mark)) {
					t.Fatalf("%v, %v, %d: Redact = %q, want %q in UTF-16", order, mark, cut, view.Text, want)
				}
				checkRoundTrip(t, raw, spans)
				checkRoundTrip(t, append(raw[:len(raw):len(raw)], 'x'), spans)
			}
		}
	}
	if _, err := Redact([]byte{0xff, 0xfe, 0, 0, 'a', 0, 0, 0}, nil, testKey(1)); !errors.Is(err, ErrEncoding) {
		t.Errorf("Redact of UTF-32: %v", err)
	}
}

func TestRedactRefusesItsOwnTokens(t *testing.T) {
	raw, spans := spansOf("a: «secret»\n")
	token := mustRedact(t, []byte(raw), spans).Record.Places[0].Token
	if _, err := Redact([]byte(raw+token), spans, testKey(1)); !errors.Is(err, ErrTaken) {
		t.Errorf("a text with the token in it: %v", err)
	}
	if view, err := Redact([]byte(raw+token), spans, testKey(2)); err != nil || !bytes.Contains(view.Text, []byte(token)) {
		t.Errorf("with another key: %v", err)
	}
	if _, err := Redact([]byte(raw), spans, Key{}); err == nil {
		t.Error("without a key: no error")
	}
}
