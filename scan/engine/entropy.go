package engine

import (
	"math"
	"slices"
	"unicode/utf8"
)

// entropy is how many bits a character of text carries, given how often each is in it. The characters are runes but
// their share is of the bytes, as with gitleaks, which adds the same numbers up in any order: the last bit may differ.
func entropy(text string) float64 {
	var ascii [utf8.RuneSelf]int
	var others map[rune]int
	for _, r := range text {
		if r < utf8.RuneSelf {
			ascii[r]++
			continue
		}
		if others == nil {
			others = map[rune]int{}
		}
		others[r]++
	}
	var room [utf8.RuneSelf]int
	counts := room[:0]
	for _, n := range ascii {
		if n > 0 {
			counts = append(counts, n)
		}
	}
	for _, n := range others {
		counts = append(counts, n)
	}
	return bits(counts, len(text))
}

// bits takes few logarithms, since few counts differ.
func bits(counts []int, size int) (bits float64) {
	slices.Sort(counts)
	each, term, last := 1/float64(size), 0.0, 0
	for _, n := range counts {
		if n != last {
			share := float64(n) * each
			term, last = share*math.Log2(share), n
		}
		bits -= term
	}
	return bits
}
