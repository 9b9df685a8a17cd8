package engine

import (
	"strings"
	"testing"
)

// Law: the search for stop words is a search for each.
func TestStopWords(t *testing.T) {
	w := newWriter(6, nil)
	held := 0
	for range 2000 {
		list := make([]string, 1+w.IntN(5))
		for i := range list {
			list[i] = w.pick(words) + w.pick(words)
		}
		text := w.pick(words) + w.pick(words) + w.pick(words)
		want := false
		for _, word := range list {
			want = want || word != "" && strings.Contains(strings.ToLower(text), strings.ToLower(word))
		}
		if got := newStopWords(list).in(text); got != want {
			t.Fatalf("%q in %q: %v, want %v", list, text, got, want)
		}
		if want {
			held++
		}
	}
	if held < 200 || held > 1800 {
		t.Errorf("%d of 2000 hold; want both kinds", held)
	}
}
