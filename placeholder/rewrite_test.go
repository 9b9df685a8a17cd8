package placeholder

import (
	"encoding/binary"
	"strconv"
	"strings"
	"testing"

	"cofferdam/internal/diff3"
)

// Two made-up contexts: bare knows no escape and no space, quoted is a string of Go.
const (
	bare   Context = 7
	quoted Context = 9
)

func escape(from, to Context, raw string) (string, bool) {
	value := raw
	if from == quoted {
		var err error
		if value, err = strconv.Unquote(`"` + raw + `"`); err != nil {
			return "", false
		}
	}
	if to == bare {
		return value, !strings.ContainsAny(value, " \"\\\n")
	}
	written := strconv.Quote(value)
	return written[1 : len(written)-1], true
}

// places is what a reader would find in theirs: each token, in quotes or not.
func places(theirs string, tokens []string) []Span {
	var all []Span
	for _, token := range tokens {
		for from := 0; ; {
			i := strings.Index(theirs[from:], token)
			if i < 0 {
				break
			}
			s := Span{Start: from + i, End: from + i + len(token), Context: bare}
			if s.Start > 0 && theirs[s.Start-1] == '"' {
				s.Context = quoted
			}
			from = s.End
			all = append(all, s)
		}
	}
	return all
}

func TestRewrite(t *testing.T) {
	tests := []struct {
		name, value   string
		context       Context // of the value, in quotes or not
		theirs        string
		read          bool // a reader knows the contexts of the command's file
		want, events  string
		wantWithAYes  string
		eventsWithYes string
	}{
		{name: "quoted where it was bare", value: `a\b-c`, context: bare, theirs: "k: \"$0\"\n", read: true, want: "k: \"a\\\\b-c\"\n", events: "restored"},
		{name: "bare where it was quoted", value: `a-\x62`, context: quoted, theirs: "k: $0\n", read: true, want: "k: a-b\n", events: "restored"},
		{name: "bare where that cannot be", value: `a b`, context: quoted, theirs: "k: $0\n", read: true, want: "k: \"a b\"\n", events: "lossy!",
			wantWithAYes: "k: a b\n", eventsWithYes: "lossy"},
		{name: "same quotes", value: `a\nb`, context: quoted, theirs: "k:  \"$0\"\n", read: true, want: "k:  \"a\\nb\"\n", events: "restored"},
		{name: "copied into quotes", value: `a\b`, context: bare, theirs: "k: $0\nl: \"$0\"\n", read: true, want: "k: a\\b\nl: \"a\\\\b\"\n", events: "copied"},
		{name: "nobody reads, plain", value: "s3cret-value", theirs: "k: '$0'\n", want: "k: 's3cret-value'\n", events: "restored"},
		{name: "nobody reads, not plain", value: "s3cret value", theirs: "k: '$0'\n", want: "k: s3cret value\n", events: "lossy!",
			wantWithAYes: "k: 's3cret value'\n", eventsWithYes: "lossy"},
		{name: "nobody reads, same quotes", value: "s3cret: value", theirs: "  k: $0\n", want: "  k: s3cret: value\n", events: "restored"},
		{name: "nobody reads, into a url", value: "s3cret/value", theirs: "k: $0\nu: https://me:$0@example.org\n", want: "k: s3cret/value\n", events: "lossy!",
			wantWithAYes: "k: s3cret/value\nu: https://me:s3cret/value@example.org\n", eventsWithYes: "lossy"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			base := "k: «" + tt.value + "»\n"
			if tt.context == quoted {
				base = "k: \"«" + tt.value + "»\"\n"
			}
			raw, spans := spansOf(base)
			spans[0].Context = tt.context
			for _, accept := range []func(Event) bool{nil, yes} {
				view := mustRedact(t, []byte(raw), spans)
				values, err := Locate(view.Text, []byte(raw), &view.Record, testKey(1), spans)
				if err != nil {
					t.Fatal(err)
				}
				s := &session{t, view, values, raw, view.Record.Tokens()}
				o := Options{Escape: escape, Accept: accept}
				if tt.read {
					o.Places = places(s.with(tt.theirs), s.tokens)
				}
				outcome := s.restore(tt.theirs, o)
				want, events := tt.want, tt.events
				if accept != nil && tt.eventsWithYes != "" {
					want, events = tt.wantWithAYes, tt.eventsWithYes
				}
				if got := textOf(t, outcome); got != want || kinds(outcome.Events()) != events {
					t.Errorf("accepted %v: %q, %v, want %q, %s", accept != nil, got, kinds(outcome.Events()), want, events)
				}
			}
		})
	}
}

// A number gets quotes with its token, and loses them with it.
func TestNumber(t *testing.T) {
	raw, spans := spansOf(`{"pin": «123456», "name": "x"}` + "\n")
	spans[0].Quote = '"'
	view := mustRedact(t, []byte(raw), spans)
	values, err := Locate(view.Text, []byte(raw), &view.Record, testKey(1), spans)
	if err != nil {
		t.Fatal(err)
	}
	s := &session{t, view, values, raw, view.Record.Tokens()}
	for _, tt := range []struct{ theirs, want, events string }{
		{`{"pin": "$0", "name": "y"}` + "\n", `{"pin": 123456, "name": "y"}` + "\n", "restored"},
		{`{"name": "x", "pin": "$0"}` + "\n", `{"name": "x", "pin": 123456}` + "\n", "restored"},
		{`{"pin": "$0", "pins": ["$0","$0"]}` + "\n", `{"pin": 123456, "pins": [123456,123456]}` + "\n", "restored copied copied"},
		{`{"pin": ""$0"$0""}` + "\n", raw, "lossy! copied!"},
	} {
		outcome := s.restore(tt.theirs, Options{})
		if got := textOf(t, outcome); got != tt.want {
			t.Errorf("Restore(%q) = %q, %v, want %q", tt.theirs, got, kinds(outcome.Events()), tt.want)
		}
	}
}

func TestRestoreUTF16(t *testing.T) {
	text := "name: value of some length\nkey: «k|secret-value»\nlast\n"
	plain, spans := spansOf(text)
	for _, mark := range []bool{true, false} {
		raw := utf16Of(plain, binary.LittleEndian, mark)
		start := (len(raw) - 2*len(plain)) + 2*spans[0].Start
		again := []Span{{Start: start, End: start + 2*len("secret-value"), Name: "k"}}
		view := mustRedact(t, raw, again)
		values, err := Locate(view.Text, raw, &view.Record, testKey(1), again)
		if err != nil {
			t.Fatal(err)
		}
		token := view.Record.Places[0].Token
		theirs := "name: ünï\U0001f511\nkey: " + token + " # é\nlast\n"
		want := strings.ReplaceAll(theirs, token, "secret-value")
		outcome, err := Restore(utf16Of(theirs, binary.LittleEndian, mark), values, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := outcome.Text(diff3.Theirs); err != nil || string(got) != string(utf16Of(want, binary.LittleEndian, mark)) {
			t.Errorf("mark %v: %q, %v, %v", mark, got, err, outcome.Events())
		}
		outcome, err = Restore([]byte(theirs), values, Options{}) // The command made it UTF-8.
		if err != nil {
			t.Fatal(err)
		}
		if got, err := outcome.Text(diff3.Theirs); err != nil || string(got) != want {
			t.Errorf("mark %v, to UTF-8: %q, %v", mark, got, err)
		}
	}
}
