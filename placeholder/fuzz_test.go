package placeholder

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"cofferdam/internal/diff3"
)

// spansFrom reads spans out of arbitrary bytes.
func spansFrom(code []byte, size int) []Span {
	var spans []Span
	for ; len(code) >= 4 && len(spans) < 50; code = code[4:] {
		a, b := (int(code[0])<<8|int(code[1]))%(size+1), (int(code[2])<<8|int(code[3]))%(size+1)
		s := Span{Start: min(a, b), End: max(a, b), Rule: string(code[:1]), Name: strings.Repeat("n", int(code[1]%3))}
		if code[3]%8 == 0 {
			s.Quote = '"'
		}
		spans = append(spans, s)
	}
	return spans
}

func FuzzRedactRestoreIsIdentity(f *testing.F) {
	f.Add([]byte("a: b\r\nc"), []byte{0, 3, 0, 4, 0, 1, 0, 7})
	f.Add([]byte("\xff\xfea\x00\n\x00\x3d\xd8\x11\xdd"), []byte{0, 3, 0, 9})
	f.Add([]byte("\xef\xbb\xbf-----BEGIN KEY-----\nx\n-----END KEY-----"), []byte{0, 0, 0, 40})
	f.Fuzz(func(t *testing.T, raw, code []byte) { checkRoundTrip(t, raw, spansFrom(code, len(raw))) })
}

// What is found lies in the text, in order; whole tokens are what they say; and a token put anywhere is found.
func FuzzFind(f *testing.F) {
	token := sampleToken(1)
	for _, damaged := range damages(token) {
		f.Add([]byte(damaged), 3)
	}
	set := NewSet(oneRecord(token), oneRecord(newToken("another-rule", testKey(1).mac([]byte("1")))), oneRecord(sampleToken(2)))
	f.Fuzz(func(t *testing.T, text []byte, at int) {
		found := set.Find(text)
		done := 0
		for _, o := range found {
			if o.Start < done || o.End <= o.Start || o.End > len(text) {
				t.Fatalf("Find(%q) = %+v", text, found)
			}
			done = o.End
		}
		at = max(0, at) % (len(text) + 1)
		with := string(text[:at]) + token + string(text[at:])
		for _, o := range set.find([]byte(with)) {
			if o.Damage == Whole && with[o.Start:o.End] != o.Token {
				t.Fatalf("find(%q): %+v is no such token", with, o)
			}
			if o.Start == at && o.Damage == Whole && o.Token == token {
				return
			}
		}
		// A token that what stands before it makes another one of is no longer whole.
		if !strings.Contains(strings.ToUpper(string(text)), tagOf(token)[:leastPart]) {
			t.Fatalf("find(%q) does not find the token at %d: %+v", with, at, set.find([]byte(with)))
		}
	})
}

// Whatever the two sides wrote: no panic, no token remains, and a text where all is unaccepted has all values.
func FuzzRestore(f *testing.F) {
	f.Add("a: «k|value-one»\nb: «value-two»\n", "a: «k|value-six»\n", "b: $1\na: $0 $0\n", []byte{0, 1, 0, 5})
	f.Add("x\n«a\nb»\n", "x\r\n«a\r\nc»\r\n", "$1\n$0", []byte{})
	f.Add("\ufeffk: «v»", "k: «v»\n", "\xff\xfe$0", []byte{1, 2, 3, 4})
	f.Fuzz(func(t *testing.T, marked, host, theirs string, code []byte) {
		raw, spans := spansOf(marked)
		view, err := Redact([]byte(raw), spans, testKey(1))
		if err != nil {
			return
		}
		now, again := spansOf(host)
		values, err := Locate(view.Text, []byte(now), &view.Record, testKey(1), again)
		if err != nil {
			return
		}
		s := &session{t, view, values, now, view.Record.Tokens()}
		theirs = s.with(theirs)
		o := Options{Places: spansFrom(code, len(theirs))}
		if len(code)%2 == 1 {
			o.Accept = func(e Event) bool { return e.Line%2 == 0 }
			o.Escape = func(_, _ Context, raw string) (string, bool) { return raw, true }
		}
		outcome, err := Restore([]byte(theirs), values, o)
		if err != nil {
			return
		}
		checkOutcome(t, s, outcome)
	})
}

func checkOutcome(t *testing.T, s *session, outcome *Outcome) {
	t.Helper()
	for _, e := range outcome.Events() {
		if e.Kind.Never() && !e.Held || e.Line < 1 || e.Column < 1 || e.Name == "" {
			t.Fatalf("event %+v", e)
		}
	}
	for _, side := range []diff3.Side{diff3.Ours, diff3.Theirs} {
		text, err := outcome.Text(side)
		if errors.Is(err, ErrRemaining) && len(NewSet(&s.view.Record).find([]byte(s.host))) > 0 {
			continue // The project's file had one that is not whole.
		}
		if err != nil && !(errors.Is(err, ErrLost) && len(outcome.Conflicts()) > 0) && !errors.Is(err, ErrEncoding) {
			t.Fatalf("side %d: %v; %v", side, err, outcome.Events())
		}
		if left := NewSet(&s.view.Record).Remaining(text); len(left) > 0 {
			t.Fatalf("%+v remain in %q", left, text)
		}
	}
	if _, err := outcome.Marked(diff3.Marks{WithBase: true}); err != nil && !errors.Is(err, ErrEncoding) && !errors.Is(err, ErrRemaining) {
		t.Fatal(err)
	}
}

// A record that somebody wrote is refused or fits.
func FuzzRecord(f *testing.F) {
	raw, spans := spansOf("a: «value»\nb: «k|other»\n")
	view, err := Redact([]byte(raw), spans, testKey(1))
	if err != nil {
		f.Fatal(err)
	}
	text, err := json.Marshal(view.Record)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text, view.Text)
	f.Fuzz(func(t *testing.T, text, base []byte) {
		var r Record
		if json.Unmarshal(text, &r) != nil {
			return
		}
		r.Sum = sumOf(base) // which nobody guesses
		NewSet(&r).Find(base)
		values, err := Locate(base, base, &r, testKey(1), nil)
		if err != nil {
			return
		}
		outcome, err := Restore(base, values, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if text, err := outcome.Text(diff3.Ours); err != nil || !bytes.Equal(text, base) {
			t.Fatalf("text %q, %v", text, err)
		}
	})
}
