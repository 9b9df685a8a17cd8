package engine

import (
	"strings"
	"testing"
)

// Law: marks are where the bytes are.
func TestMarks(t *testing.T) {
	w := newWriter(5, nil)
	for range 20 {
		var b strings.Builder
		for range w.IntN(15) {
			b.WriteString(strings.Repeat(w.pick([]string{"\n", "x", "xy\n"}), w.IntN(1000)))
		}
		text := b.String()
		m, n := newMarks(text, "\n"), 0
		for at := range len(text) {
			if text[at] != '\n' {
				continue
			}
			if got := m.place(n); got != at {
				t.Fatalf("place(%d) = %d, want %d", n, got, at)
			}
			if got := m.upTo(at); got != n {
				t.Fatalf("upTo(%d) = %d, want %d", at, got, n)
			}
			n++
		}
		if m.count() != n || m.upTo(len(text)+1) != n {
			t.Fatalf("count = %d, want %d", m.count(), n)
		}
	}
}
