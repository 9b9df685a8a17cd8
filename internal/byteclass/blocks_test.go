package byteclass

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// Law: a block has a bit for each byte of the class, and for no other.
func TestBlocksHaveABitForEachByteOfTheClass(t *testing.T) {
	random := rand.New(rand.NewPCG(31, 32))
	for _, class := range []string{"", "\x00", "\r\x00", ":;<=>?v", "az09AZ", "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/-_", "\x7f\x01 ~"} {
		c := New(class)
		for size := range 400 {
			text := make([]byte, size)
			for i := range text {
				text[i] = byte(random.Uint32())
				if class != "" && random.IntN(2) == 0 {
					text[i] = class[random.IntN(len(class))]
				}
			}
			blocks := make([]uint64, (size+63)/64+1)
			c.Blocks(text, blocks)
			for i := range 64 * len(blocks) {
				want := i < size && strings.IndexByte(class, text[i]) >= 0
				if got := blocks[i/64]>>(i%64)&1 != 0; got != want {
					t.Fatalf("class %q, byte %d of %d: %t, want %t", class, i, size, got, want)
				}
			}
		}
	}
}

func BenchmarkBlocks(b *testing.B) {
	c := New("\x00\r")
	text := []byte(strings.Repeat("some text = that has lines\n", 1<<10))
	blocks := make([]uint64, len(text)/64)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		c.Blocks(text, blocks)
	}
}
