package placeholder

import (
	"encoding/binary"
	"errors"
	"strings"
	"testing"

	"cofferdam/internal/diff3"
)

// A project's file that has a token in another case gets no text: somebody has written a placeholder over a value there.
func TestRemainingTokenIsAnError(t *testing.T) {
	s := stage(t, "a: «one-value»\nb\n", "a: «one-value»\nb\n")
	host := s.host + strings.ToLower(s.tokens[0]) + "\n"
	_, again := spansOf("a: «one-value»\nb\n")
	values, err := Locate(s.view.Text, []byte(host), &s.view.Record, testKey(1), again)
	if err != nil {
		t.Fatal(err)
	}
	outcome, err := Restore(s.view.Text, values, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if text, err := outcome.Text(diff3.Ours); !errors.Is(err, ErrRemaining) || !strings.Contains(err.Error(), "line 3") || text != nil {
		t.Errorf("Text = %q, %v, want ErrRemaining in line 3", text, err)
	}
	if _, err := outcome.Marked(diff3.Marks{}); !errors.Is(err, ErrRemaining) {
		t.Errorf("Marked: %v, want ErrRemaining", err)
	}
}

// What one side wrote cannot always be written in the encoding that the other side chose.
func TestEncodingsThatDoNotGoTogether(t *testing.T) {
	merge := func(base, host, theirs []byte) error {
		view := mustRedact(t, base, nil)
		values, err := Locate(view.Text, host, &view.Record, testKey(1), nil)
		if err != nil {
			t.Fatal(err)
		}
		outcome, err := Restore(theirs, values, Options{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = outcome.Text(diff3.Ours)
		return err
	}
	text := func(order binary.ByteOrder, text string) []byte { return utf16Of(text, order, true) }
	half := append(text(binary.LittleEndian, "first line\nlast line\n"), 0x3d, 0xd8)
	if err := merge(text(binary.LittleEndian, "first line\nlast line\n"), half, []byte("\ufefffirst\nlast line\n")); !errors.Is(err, ErrEncoding) {
		t.Errorf("half of a character in UTF-8: %v", err)
	}
	if err := merge([]byte("\ufefffirst\nlast\n"), []byte("\ufefffirst\nlast\n\xff"), text(binary.BigEndian, "new\nlast\n")); !errors.Is(err, ErrEncoding) {
		t.Errorf("what is no UTF-8 in UTF-16: %v", err)
	}
	if err := merge(text(binary.LittleEndian, "a\nb\n"), text(binary.LittleEndian, "a\nb\nc\n"), text(binary.BigEndian, "new\nb\n")); err != nil {
		t.Errorf("another order of bytes: %v", err)
	}
}

// A name is never as long as to hold much, and two long ones are two.
func TestLongNames(t *testing.T) {
	raw, spans := spansOf("«one-value» «two-value»")
	spans[0].Name, spans[1].Name = strings.Repeat("n", 5000), strings.Repeat("n", 4999)+"m"
	places := mustRedact(t, []byte(raw), spans).Record.Places
	if a, b := places[0].Name, places[1].Name; len(a) > longestName || a == b || strings.Contains(a, "nnnn") {
		t.Errorf("names %q and %q", a, b)
	}
	checkRoundTrip(t, []byte(raw), spans)
}
