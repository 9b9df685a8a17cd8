package rules

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// Law: gather writes down the places of all marks, in their order.
func TestGatherEqualsLooking(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	texts := [][]byte{nil, bytes.Repeat([]byte{':'}, chunkSize), bytes.Repeat([]byte{'v'}, chunkSize-1)}
	for first := range 256 {
		text := make([]byte, random.IntN(chunkSize+1))
		for i := range text {
			text[i] = byte(first + i) // every byte beside its neighbours
		}
		texts = append(texts, text)
		for range 20 {
			text := make([]byte, random.IntN(chunkSize+1))
			for i := range text {
				text[i] = byte(random.Uint32())
			}
			texts = append(texts, text)
		}
	}
	var m marked
	for _, text := range texts {
		var want []uint16
		for i, c := range text {
			if strings.IndexByte(":;<=>?v", c) >= 0 {
				want = append(want, uint16(i))
			}
		}
		if got := m[:m.gather(text)]; !slices.Equal(got, want) {
			t.Fatalf("marks of %q = %v, want %v", text, got, want)
		}
	}
}
