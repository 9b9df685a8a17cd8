package cache

import (
	"encoding/binary"
	"fmt"

	"github.com/minio/highwayhash"
)

// Content names what is in a file together with what its path contributes to the result. The zero Content names nothing.
type Content [16]byte

// Content is the name of text. Scope is what the path contributes to the result; the path itself always serves.
func (c *Cache) Content(text []byte, scope string) Content {
	c.loading.Wait()
	sum := highwayhash.Sum128(text, c.image.key[:])
	half := sum[8:]
	binary.LittleEndian.PutUint64(half, binary.LittleEndian.Uint64(half)^c.seeds.path(scope))
	return sum
}

func newDigest(key [32]byte) *highwayhash.Digest {
	digest, err := highwayhash.NewDigest128(key[:])
	if err != nil {
		panic(fmt.Errorf("BUG: a key of %d bytes: %w", len(key), err))
	}
	return digest
}

// hash is where c stands in a table.
func (c Content) hash() uint64 { return binary.LittleEndian.Uint64(c[:]) }
