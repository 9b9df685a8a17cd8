package decode

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// Law: a block has a bit for each byte that is one of the digits, however it is made.
func TestBlocksHaveABitForEachDigit(t *testing.T) {
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"
	random := rand.New(rand.NewPCG(31, 32))
	var b blocks
	for size := range 1200 {
		text := make([]byte, size)
		for i := range text {
			text[i] = byte(random.Uint32())
			if random.IntN(2) == 0 {
				text[i] = digits[random.IntN(len(digits))]
			}
		}
		at := random.IntN(size + 1)
		count := min(len(b), (size-at+63)/64)
		b.fill(string(text), at, count)
		for i := range count * 64 {
			want := at+i < size && strings.IndexByte(digits, text[at+i]) >= 0
			if got := b[i/64]>>(i%64)&1 != 0; got != want {
				t.Fatalf("byte %d of %d, from %d on: %t, want %t", i, size, at, got, want)
			}
		}
	}
}
