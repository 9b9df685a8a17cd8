package unpack

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// limitError is a limit that content is beyond.
type limitError struct{ reason string }

func (e *limitError) Error() string { return e.reason }

// content is the content of one member as the visitor reads it: it ends where it cannot be read further, and keeps why.
type content struct {
	w    *walker
	r    io.Reader
	left int64 // of MemberSize
	err  error
	of   *content // that it is unpacked from, if any
}

// failed reports whether c ended where it could not be read further, or what it is unpacked from did.
func (c *content) failed() bool {
	for ; c != nil; c = c.of {
		if c.err != nil {
			return true
		}
	}
	return false
}

func (c *content) Read(p []byte) (int, error) {
	if c.err != nil {
		return 0, io.EOF
	}
	if err := c.w.ctx.Err(); err != nil {
		c.err = err
		return 0, io.EOF
	}
	n, err := c.r.Read(p)
	c.left -= int64(n)
	if c.left < 0 {
		n += int(c.left)
		err = &limitError{fmt.Sprintf("larger than %d bytes: the rest is not unpacked", c.w.limits.MemberSize)}
	}
	if err != nil && err != io.EOF {
		c.err = err
		if n == 0 {
			err = io.EOF
		} else {
			err = nil
		}
	}
	return n, err
}

// counter counts what a decoder takes in.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// streamCounter is a counter for a decoder that takes nothing behind its end as long as it can read single bytes.
type streamCounter struct {
	r *bufio.Reader
	n int64
}

func (c *streamCounter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

func (c *streamCounter) ReadByte() (byte, error) {
	b, err := c.r.ReadByte()
	if err == nil {
		c.n++
	}
	return b, err
}

// freeSize is how much may come of little before a ratio says anything: images of empty disks are in many a project, such
// as one of 127 MB in 129 KB in kubernetes.
const freeSize = 256 << 20

// expansion compares what went into a decoder, or several, with what came out.
type expansion struct {
	in  func() int64
	out int64
}

func (e *expansion) exceeds(ratio int) bool { return e.out > freeSize && e.out/int64(ratio) > e.in() }

// expanding is the output of a decoder, bounded.
type expanding struct {
	w      *walker
	r      io.Reader
	bounds []*expansion
	err    error
}

func (e *expanding) Read(p []byte) (int, error) {
	if e.err != nil {
		return 0, e.err
	}
	n, err := readGuarded(e.r, p)
	if beyond := e.beyond(int64(n)); beyond != nil {
		err = beyond
	}
	e.err = err
	return n, err
}

// beyond counts n bytes more and says which limit they are beyond.
func (e *expanding) beyond(n int64) error {
	limits := e.w.limits
	for _, b := range e.bounds {
		b.out += n
		if b.exceeds(limits.Ratio) {
			return &limitError{fmt.Sprintf("more than %d times its packed size: the rest is not unpacked", limits.Ratio)}
		}
	}
	if e.w.left -= n; e.w.left < 0 {
		e.w.stopped = true
		return &limitError{fmt.Sprintf("more than %d bytes in all: the rest is not unpacked", limits.TotalSize)}
	}
	return nil
}

// readGuarded lets no decoder panic on what it decodes.
func readGuarded(r io.Reader, p []byte) (n int, err error) {
	defer func() {
		if recover() != nil {
			n, err = 0, errDecoder
		}
	}()
	return r.Read(p)
}

var errDecoder = errors.New("BUG: the decoder panicked")
