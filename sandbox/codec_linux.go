package sandbox

import (
	"encoding/binary"
	"errors"
)

// codec writes values to buf or reads them from there, by one description for both. JSON would mangle the bytes of a
// path that are no UTF-8, and its reflection costs more than everything else in the start of a sandbox.
type codec struct {
	buf     []byte
	reading bool
	err     error
}

var errShort = errors.New("message ends early")

func (c *codec) num(n *uint64) {
	if !c.reading {
		c.buf = binary.LittleEndian.AppendUint64(c.buf, *n)
		return
	}
	if len(c.buf) < 8 {
		c.err, c.buf, *n = errShort, nil, 0
		return
	}
	*n, c.buf = binary.LittleEndian.Uint64(c.buf), c.buf[8:]
}

func (c *codec) count(have int) int {
	n := uint64(have)
	c.num(&n)
	if c.reading && n > uint64(len(c.buf)) {
		c.err, c.buf = errShort, nil
		return 0
	}
	return int(n)
}

func (c *codec) text(s *string) {
	n := c.count(len(*s))
	if !c.reading {
		c.buf = append(c.buf, *s...)
		return
	}
	*s, c.buf = string(c.buf[:n]), c.buf[n:]
}

func (c *codec) flag(b *bool) {
	n := uint64(0)
	if *b {
		n = 1
	}
	c.num(&n)
	*b = n != 0
}

func (c *codec) texts(list *[]string) { codeList(c, list, (*codec).text) }

func codeNum[T ~int | ~int64 | ~uint8 | ~uint16 | ~uint32](c *codec, v *T) {
	n := uint64(*v)
	c.num(&n)
	*v = T(n)
}

func codeList[T any](c *codec, list *[]T, each func(*codec, *T)) {
	n := c.count(len(*list))
	if c.reading {
		*list = nil
		if n > 0 {
			*list = make([]T, n)
		}
	}
	for i := range *list {
		each(c, &(*list)[i])
	}
}
