package cache

import (
	"encoding/binary"
	"math/bits"

	"github.com/minio/highwayhash"

	"cofferdam/workspace"
)

// Key is the identity of a regular file, or of an object of a repository. It is of one Cache: another hashes paths otherwise.
type Key struct {
	Path     uint64 // a hash of the path, on which rules may depend; and FAT gives inode numbers to one file after another
	Dev, Ino uint64
	Size     int64 // bytes
	Mtime    int64 // nanoseconds since the epoch
	Ctime    int64
}

// Key is the identity of the file at path, of which the kernel says s.
func (c *Cache) Key(path workspace.Path, s workspace.Stat) Key {
	c.loading.Wait()
	return Key{Path: c.seeds.path(string(path)), Dev: s.Dev, Ino: s.Ino, Size: s.Size, Mtime: s.Mtime, Ctime: s.Ctime}
}

// Object is the identity of an object of a repository: it is its content that has this id, so it has no times. Place is
// what else its result depends on, such as the path where it stands.
func (c *Cache) Object(id string, size int64, place string) Key {
	c.loading.Wait()
	// Keyed, so that nobody can make two objects of one identity, be it that the ids are SHA-1.
	sum := highwayhash.Sum128([]byte(id), c.image.key[:])
	return Key{
		Path: c.seeds.path(place), Size: size,
		Dev: binary.LittleEndian.Uint64(sum[:8]), Ino: binary.LittleEndian.Uint64(sum[8:]),
	}
}

const (
	// clockStep is how much later than a change of a file a second one can happen and leave the same times: file
	// systems stamp with the clock of the last timer tick, 10 ms where it is slow, and exFAT counts in steps of 10 ms.
	clockStep = 20e6
	// secondStep is the same for file systems that count in seconds, FAT in two.
	secondStep = 2e9 + clockStep
)

// settled says that a file read at readAt with these times had other ones after any change since. Where a file system
// does not keep a ctime, the mtime has to say it.
func (k Key) settled(readAt int64) bool {
	return readAt > 0 && before(k.Mtime, readAt) && before(k.Ctime, readAt)
}

func before(t, readAt int64) bool {
	if t%1e9 == 0 {
		return t < readAt-secondStep
	}
	return t < readAt-clockStep
}

// seeds make hashes that nobody outside can aim at: a project chooses its paths, sizes and times, and with a known hash
// it could put all of them into one place of the table, or two files under one path.
type seeds [4]uint64

func seedsOf(key [32]byte) (s seeds) {
	for i := range s {
		s[i] = binary.LittleEndian.Uint64(key[8*i:])
	}
	return s
}

// path hashes a path, or any other short text.
func (s seeds) path(text string) uint64 {
	h := s[0] ^ uint64(len(text))
	for ; len(text) >= 8; text = text[8:] {
		h = fold(h^word(text), s[1])
	}
	var last [8]byte
	copy(last[:], text)
	return fold(h^word(string(last[:])), s[1])
}

func word(text string) uint64 {
	_ = text[7]
	return uint64(text[0]) | uint64(text[1])<<8 | uint64(text[2])<<16 | uint64(text[3])<<24 |
		uint64(text[4])<<32 | uint64(text[5])<<40 | uint64(text[6])<<48 | uint64(text[7])<<56
}

// key hashes an identity.
func (s seeds) key(k Key) uint64 {
	h := fold(k.Path^s[2], k.Ino^s[3])
	h = fold(h^uint64(k.Ctime), k.Dev^s[3])
	return fold(h^uint64(k.Mtime), uint64(k.Size)^s[2])
}

// fold is both halves of a product, so that every bit of a and b reaches every bit of it.
func fold(a, b uint64) uint64 {
	high, low := bits.Mul64(a, b)
	return high ^ low
}
