package match

import (
	"encoding/binary"
	"math/bits"
)

// byteSet is a set of bytes.
type byteSet [4]uint64

var (
	allBytes = byteSet{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)}
	noASCII  = byteSet{0, 0, ^uint64(0), ^uint64(0)}
	oddBytes = func() (set byteSet) {
		for _, b := range []byte("\u212a\u017f") {
			set.add(b)
		}
		return set
	}()
)

func (s *byteSet) add(b byte)      { s[b>>6] |= 1 << (b & 63) }
func (s *byteSet) has(b byte) bool { return s[b>>6]>>(b&63)&1 != 0 }

func (s *byteSet) union(t byteSet) {
	for i := range s {
		s[i] |= t[i]
	}
}

// addClass adds the bytes of a class of runes.
func (s *byteSet) addClass(c *runeClass) {
	s.union(byteSet{c.ascii[0], c.ascii[1]})
	switch {
	case c.loose:
		s.union(noASCII)
	case c.odd != 0:
		s.union(oddBytes)
	}
}

// folded is the set as the filter sees it, a bit for each value of fold.
func (s *byteSet) folded() uint32 {
	var f uint32
	for _, part := range s {
		f |= uint32(part) | uint32(part>>32)
	}
	return f
}

// bitmap is the set as Tables has it.
func (s *byteSet) bitmap() string {
	var b []byte
	for _, part := range s {
		b = binary.LittleEndian.AppendUint64(b, part)
	}
	return string(b)
}

// setOf is a set that Tables has.
func setOf(bitmap string) (set byteSet) {
	for i := range set {
		for j := range 8 {
			set[i] |= uint64(bitmap[i*8+j]) << (8 * j)
		}
	}
	return set
}

// table is a set that Tables has, by byte.
func table(bitmap string) (table [256]bool) {
	set := setOf(bitmap)
	for b := range table {
		table[b] = set.has(byte(b))
	}
	return table
}

func (s *byteSet) size() (n int) {
	for _, part := range s {
		n += bits.OnesCount64(part)
	}
	return n
}
