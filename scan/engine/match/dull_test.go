package match

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// Law: whatever was added, a place is left out only if its four bytes were.
func TestPickLeavesOutWhatIsDull(t *testing.T) {
	random := rand.New(rand.NewPCG(21, 22))
	var left, kept int
	for range 200 {
		d := new(dull)
		d.clear()
		text := make([]byte, 600)
		for i := range text {
			text[i] = "\x00ab"[random.IntN(3)]
		}
		added := map[uint32]bool{}
		for range random.IntN(40) {
			word := wordOf(string(text), random.IntN(len(text)-4))
			d.add(word)
			added[word] = true
		}
		var list []uint16
		for at := uint16(0); at < 590; at += 2 {
			list = append(list, at)
		}
		var out picked
		n := d.pick(text, 0, list, &out)
		if !slices.IsSorted(out[:n]) {
			t.Fatal("the places are out of order")
		}
		for at := range 589 {
			if _, there := slices.BinarySearch(out[:n], uint16(at+1)); there {
				kept++
			} else if left++; !added[wordOf(string(text), at)] {
				t.Fatalf("place %d was left out", at)
			}
		}
	}
	if left == 0 || kept == 0 {
		t.Errorf("%d places were left out, %d kept", left, kept)
	}
}
