package scan

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"strings"
	"testing"
)

// Law: every text of minRun ASCII characters in UTF-16, wherever it stands, is in a line of its own or in one with what
// stands before or behind it, and each place in it maps back to its character.
func TestWideTextFindsEveryRun(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var w wideText
	for round := range 20_000 {
		noise := func() []byte {
			b := make([]byte, random.IntN(40))
			for i := range b {
				b[i] = [...]byte{0, 0, 1, 0xff, 'a', byte(random.IntN(256))}[random.IntN(6)]
			}
			return b
		}
		want := make([]byte, minRun+random.IntN(20))
		for i := range want {
			want[i] = byte(' ' + random.IntN(95))
		}
		order := []binary.ByteOrder{binary.LittleEndian, binary.BigEndian}[round%2]
		before := noise()
		raw := append(append(bytes.Clone(before), utf16Bytes(string(want), order, false)...), noise()...)
		w.set(raw)
		at := strings.Index(w.body, string(want))
		if at < 0 {
			t.Fatalf("%q is not found in %q", want, raw)
		}
		for i := range want {
			if got := raw[w.offset(at+i)]; got != want[i] {
				t.Fatalf("character %d of %q in %q maps to %q", i, want, raw, got)
			}
		}
	}
}

// Law: whatever the bytes, places in the text map to the bytes that it was made of, in order.
func FuzzWideText(f *testing.F) {
	f.Add([]byte("a\x00b\x00c\x00d\x00e\x00f\x00g\x00h\x00i\x00"))
	f.Add([]byte("0\x000\x000\x000\x000\x000\x000\x000"))
	f.Add([]byte("\x00\x00\x00a\x00b\x00c\x00d\x00e\x00f\x00g\x00h\x00ijk"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var w wideText
		w.set(raw)
		last := -1
		for i := range len(w.body) {
			at := w.offset(i)
			if at < last || at > len(raw) || w.body[i] != '\n' && raw[at] != w.body[i] {
				t.Fatalf("character %d of %q is at %d", i, w.body, at)
			}
			last = at
		}
	})
}

// BenchmarkWideText is in bytes of a program: text, zeros, numbers.
func BenchmarkWideText(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 2))
	raw := make([]byte, 4<<20)
	for i := range raw {
		raw[i] = [...]byte{0, 0, 0, byte(random.IntN(256)), byte(random.IntN(128)), 'a'}[random.IntN(6)]
	}
	var w wideText
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		w.set(raw)
	}
}
