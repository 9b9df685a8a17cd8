package placeholder

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"cofferdam/internal/diff3"
)

// checkRoundTrip fails unless redact and then restore give raw, and says whether raw can be redacted.
func checkRoundTrip(t testing.TB, raw []byte, spans []Span) bool {
	t.Helper()
	before := bytes.Clone(raw)
	view, err := Redact(raw, spans, testKey(1))
	if err != nil {
		return false
	}
	checkRedacted(t, raw, view)
	values, err := Locate(view.Text, raw, &view.Record, testKey(1), spans)
	if err != nil {
		t.Fatalf("Locate(%q, %v): %v", raw, spans, err)
	}
	if ours, err := values.Redacted(); err != nil || !bytes.Equal(ours, view.Text) {
		t.Fatalf("the project's file in tokens is %q, %v, the view %q", ours, err, view.Text)
	}
	for _, s := range values.States() {
		if s.Status != Unchanged {
			t.Fatalf("%v in a file that did not change", s)
		}
	}
	outcome, err := Restore(view.Text, values, Options{})
	if err != nil {
		t.Fatalf("Restore(%q): %v", view.Text, err)
	}
	restored, err := outcome.Text(diff3.Theirs)
	if err != nil || !bytes.Equal(restored, raw) || len(outcome.Events()) > 0 {
		t.Fatalf("restored %q, %v, events %v, want %q", restored, err, outcome.Events(), raw)
	}
	if !bytes.Equal(raw, before) {
		t.Fatal("raw was written to")
	}
	return true
}

// checkRedacted holds that the view has the lines of raw, and that nothing but tokens is new.
func checkRedacted(t testing.TB, raw []byte, view *Redacted) {
	t.Helper()
	a, b := decode(raw, view.Record.Encoding), decode(view.Text, view.Record.Encoding)
	if bytes.Count(a.text, []byte("\n")) != bytes.Count(b.text, []byte("\n")) || bytes.Count(a.text, []byte("\r")) != bytes.Count(b.text, []byte("\r")) {
		t.Fatalf("redacted %q is %q: another number of lines", a.text, b.text)
	}
	if _, marks, _, err := view.Record.marks(view.Text); err != nil || len(marks) != len(view.Record.Places) {
		t.Fatalf("its own record does not fit: %v", err)
	}
}

func TestRedactRestoreIsIdentity(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	redacted := 0
	const rounds = 20000
	for range rounds {
		raw := randomRaw(r)
		if checkRoundTrip(t, raw, randomSpans(r, len(raw))) {
			redacted++
		}
	}
	if redacted < rounds*9/10 {
		t.Errorf("only %d of %d texts could be redacted", redacted, rounds)
	}
}

// editOutside changes text, which has tokens in it, in a way that leaves these alone.
func editOutside(r *rand.Rand, text string, tokens []string) string {
	parts := splitTokens(text, tokens)
	for range 1 + r.IntN(5) {
		i := 2 * r.IntN((len(parts)+1)/2)
		p := parts[i]
		at := r.IntN(len(p) + 1)
		end := min(len(p), at+r.IntN(4))
		fresh := []string{"", "x", "new line\n", "  ", `"`, "# see\n", "\r\n", "é", "a: b\n"}[r.IntN(9)]
		parts[i] = p[:at] + fresh + p[end:]
	}
	return strings.Join(parts, "")
}

// splitTokens is text cut at the tokens, which have the odd indices.
func splitTokens(text string, tokens []string) []string {
	parts := []string{text}
	for {
		last := parts[len(parts)-1]
		best, which := -1, ""
		for _, token := range tokens {
			if i := strings.Index(last, token); i >= 0 && (best < 0 || i < best) {
				best, which = i, token
			}
		}
		if best < 0 {
			return parts
		}
		parts = append(parts[:len(parts)-1], last[:best], which, last[best+len(which):])
	}
}

// For every x and edit outside the tokens: Restore(edit(Redact(x))) = edit(x).
func TestRestoreOfAnEditIsTheEdit(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	edited := 0
	for range 20000 {
		raw := randomText(r)
		spans := randomSpans(r, len(raw))
		view, err := Redact([]byte(raw), spans, testKey(1))
		if err != nil {
			continue
		}
		theirs := editOutside(r, string(view.Text), view.Record.Tokens())
		want := valuesIn(t, theirs, view, raw, spans)
		if theirs != string(view.Text) {
			edited++
		}
		values, err := Locate(view.Text, []byte(raw), &view.Record, testKey(1), spans)
		if err != nil {
			t.Fatal(err)
		}
		outcome, err := Restore([]byte(theirs), values, Options{Accept: yes})
		if err != nil {
			t.Fatal(err)
		}
		if got := textOf(t, outcome); got != want {
			t.Fatalf("edit %q of %q gives %q, want %q; %v", theirs, view.Text, got, want, outcome.Events())
		}
	}
	if edited < 10000 {
		t.Errorf("only %d edits", edited)
	}
}

// valuesIn puts the values of raw in the place of tokens, in the simplest way there is.
func valuesIn(t testing.TB, text string, view *Redacted, raw string, spans []Span) string {
	t.Helper()
	b := decode([]byte(raw), Bytes)
	pieces, err := cut(b, len(raw), spans, testKey(1))
	if err != nil || len(pieces) != len(view.Record.Places) {
		t.Fatalf("%d pieces, %v, and %d places", len(pieces), err, len(view.Record.Places))
	}
	for i, p := range pieces {
		text = strings.ReplaceAll(text, view.Record.Places[i].Token, string(p.raw(b.text)))
	}
	return text
}

func randomText(r *rand.Rand) string {
	var b strings.Builder
	for range 1 + r.IntN(8) {
		b.WriteString([]string{"", "  ", "key: ", "- ", "a = \""}[r.IntN(5)])
		b.WriteString([]string{"value", "other", "s3cret/pw", "ünï", "", "x y"}[r.IntN(6)])
		b.WriteString([]string{"\n", "\"\n", "\n", " # c\n"}[r.IntN(4)])
	}
	return strings.TrimSuffix(b.String(), []string{"", "\n"}[r.IntN(2)])
}

// Any one byte of a token that is another one is noticed: the token is flagged or counts as taken away.
func TestAnyByteOfATokenIsNoticed(t *testing.T) {
	s := stage(t, "a\nkey: «hunter-2-hunter»\nb\n", "a\nkey: «hunter-2-hunter»\nb\n")
	whole := string(s.view.Text)
	from := strings.Index(whole, s.tokens[0])
	for at := from; at < from+len(s.tokens[0]); at++ {
		for c := range 256 {
			if byte(c) == whole[at] {
				continue
			}
			theirs := whole[:at] + string([]byte{byte(c)}) + whole[at+1:]
			outcome := s.restore(theirs, Options{})
			noticed := false
			for _, e := range outcome.Events() {
				noticed = noticed || e.Held && (e.Kind == Damaged || e.Kind == Deleted || e.Kind == Replaced)
			}
			if got := textOf(t, outcome); !noticed || got != s.host {
				t.Fatalf("byte %d as %#02x: events %v, text %q", at-from, c, outcome.Events(), got)
			}
			if found := NewSet(&s.view.Record).Find([]byte(theirs)); len(found) == 0 || found[0].Damage == Whole {
				t.Fatalf("byte %d as %#02x: found %v", at-from, c, found)
			}
		}
	}
}

// Where nothing is accepted and every hunk holds something that must not land, the project's file stays, but for the way
// its lines end, which is no hunk.
func TestHeldBackIsTheProjectsFile(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	foreign := newToken("foreign", testKey(2).mac([]byte("x")))
	for range 3000 {
		raw := randomText(r)
		spans := randomSpans(r, len(raw))
		view, err := Redact([]byte(raw), spans, testKey(1))
		if err != nil {
			continue
		}
		host := editOutside(r, raw, nil)
		values, err := Locate(view.Text, []byte(host), &view.Record, testKey(1), nil)
		if err != nil {
			t.Fatal(err)
		}
		theirs := foreign + strings.ReplaceAll(editOutside(r, string(view.Text), view.Record.Tokens()), "\n", "\n"+foreign)
		outcome, err := Restore([]byte(theirs), values, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := textOf(t, outcome); toLF(got) != toLF(host) || len(outcome.Conflicts()) > 0 {
			t.Fatalf("%q gives %q with everything held back, want %q", theirs, got, host)
		}
	}
}

func toLF(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }
