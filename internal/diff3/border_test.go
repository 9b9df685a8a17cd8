package diff3

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"cofferdam/internal/linediff"
)

// commonLines counts the equal first lines, or, from the end, the last ones, line by line.
func commonLines(fromEnd bool, texts ...[]byte) (size int) {
	var cut []linediff.Text
	for _, text := range texts {
		cut = append(cut, linediff.NewText(text))
	}
	for n := 0; ; n++ {
		var first []byte
		for i, text := range cut {
			if n == text.Len() {
				return size
			}
			at := n
			if fromEnd {
				at = text.Len() - 1 - n
			}
			if line := text.Line(at); i == 0 {
				first = line
			} else if !bytes.Equal(line, first) {
				return size
			}
		}
		size += len(first)
	}
}

// The lengths are those of whole lines, whatever is cut where.
func TestCommonBorders(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	filler := bytes.Repeat([]byte("some line that all have\n"), 100)
	found := 0
	for range 5000 {
		texts := make([][]byte, 2+r.IntN(2))
		before, after := filler[:r.IntN(3)*r.IntN(len(filler)/2)], filler[r.IntN(len(filler)):]
		for i := range texts {
			texts[i] = []byte(randomText(r))
			if r.IntN(3) > 0 {
				texts[i] = append(append(bytes.Clone(before), texts[i]...), after...)
			}
		}
		if got, want := commonFront(texts[0], texts[1:]...), commonLines(false, texts...); got != want {
			t.Fatalf("%q begin with %d bytes of common lines, got %d", texts, want, got)
		}
		got, want := commonBack(texts[0], texts[1:]...), commonLines(true, texts...)
		if got != want {
			t.Fatalf("%q end with %d bytes of common lines, got %d", texts, want, got)
		}
		found += min(want, 1)
	}
	if found < 500 {
		t.Errorf("only %d of the texts have common last lines", found)
	}
}

func TestIsBinary(t *testing.T) {
	for _, tt := range []struct {
		name    string
		content []byte
		want    bool
	}{
		{"empty", nil, false},
		{"text", []byte("a\xff\n"), false},
		{"NUL", []byte("a\x00"), true},
		{"NUL at 8000", append(bytes.Repeat([]byte("a"), 7999), 0), true},
		{"NUL after 8000", append(bytes.Repeat([]byte("a"), 8000), 0), false},
	} {
		if got := IsBinary(tt.content); got != tt.want {
			t.Errorf("IsBinary of %s = %v, want %v", tt.name, got, tt.want)
		}
	}
}
