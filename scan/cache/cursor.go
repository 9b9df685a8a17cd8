package cache

import (
	"encoding/binary"
	"math"
)

func appendCount(b []byte, n int) []byte { return binary.AppendUvarint(b, uint64(n)) }

func appendText(b []byte, text string) []byte { return append(appendCount(b, len(text)), text...) }

func appendFloat(b []byte, f float32) []byte {
	return binary.LittleEndian.AppendUint32(b, math.Float32bits(f))
}

// cursor reads what the functions above wrote. After the first thing that cannot be, it is bad and reads zeroes.
type cursor struct {
	rest []byte
	bad  bool
}

// take is the next n bytes.
func (c *cursor) take(n int) []byte {
	if c.bad || n > len(c.rest) {
		c.bad, c.rest = true, nil
		return make([]byte, min(n, 32))
	}
	taken := c.rest[:n]
	c.rest = c.rest[n:]
	return taken
}

func (c *cursor) count() int {
	n, size := binary.Uvarint(c.rest)
	if c.bad || size <= 0 || n > math.MaxInt {
		c.bad, c.rest = true, nil
		return 0
	}
	c.rest = c.rest[size:]
	return int(n)
}

// items is a number of things of at least one byte.
func (c *cursor) items() int {
	n := c.count()
	if n > len(c.rest) {
		c.bad, c.rest = true, nil
		return 0
	}
	return n
}

func (c *cursor) text() string {
	return string(c.take(c.items()))
}

func (c *cursor) float() float32 {
	return math.Float32frombits(binary.LittleEndian.Uint32(c.take(4)))
}
