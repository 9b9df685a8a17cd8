package cache

import (
	"encoding/binary"
	"fmt"

	"github.com/minio/highwayhash"
)

// Content names what is in a file together with what its path contributes to the result. The zero Content names nothing.
type Content [16]byte

// Content is the name of text. Scope is what the path contributes to the result: two paths whose files are judged alike
// may have one scope. The path itself always serves; a word for the rules that apply there finds more.
func (c *Cache) Content(text []byte, scope string) Content {
	c.loading.Wait()
	return c.scoped(highwayhash.Sum128(text, c.image.key[:]), scope)
}

func (c *Cache) scoped(sum [16]byte, scope string) Content {
	half := sum[8:]
	binary.LittleEndian.PutUint64(half, binary.LittleEndian.Uint64(half)^c.seeds.path(scope))
	return sum
}

// Hasher makes the Content of what is written to it in pieces. It is for one goroutine.
type Hasher struct {
	cache  *Cache
	digest *highwayhash.Digest
}

// Hasher is one for this cache.
func (c *Cache) Hasher() *Hasher {
	c.loading.Wait()
	return &Hasher{c, newDigest(c.image.key)}
}

func newDigest(key [32]byte) *highwayhash.Digest {
	digest, err := highwayhash.NewDigest128(key[:])
	if err != nil {
		panic(fmt.Errorf("BUG: a key of %d bytes: %w", len(key), err))
	}
	return digest
}

// Write adds a piece. It never fails.
func (h *Hasher) Write(piece []byte) (int, error) { return h.digest.Write(piece) }

// Reset forgets the pieces.
func (h *Hasher) Reset() { h.digest.Reset() }

// Content is the name of all pieces since Reset, as Cache.Content gives it.
func (h *Hasher) Content(scope string) Content {
	var sum [16]byte
	h.digest.Sum(sum[:0])
	return h.cache.scoped(sum, scope)
}

// hash is where c stands in a table.
func (c Content) hash() uint64 { return binary.LittleEndian.Uint64(c[:]) }
