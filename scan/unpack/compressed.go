package unpack

import (
	"bufio"
	"bytes"
	"io"
)

// compressed visits what a compressed stream holds: the members of the archive in it, under the stream's own name, or the
// one file.
func (w *walker) compressed(kind string, src source) error {
	in := &counter{r: src.reader()}
	decoder, said, done, err := w.decoders.open(kind, bufio.NewReaderSize(in, bufferSize))
	if err != nil {
		return w.rest(src, kind, err)
	}
	defer done()
	var text bytes.Buffer
	if err := w.say(src, &text, said); err != nil {
		return err
	}
	if err := w.text(src, &text); err != nil {
		return err
	}
	return w.unpacked(kind, src, &expanding{w: w, r: decoder, bounds: []*expansion{{in: func() int64 { return in.n }}}})
}

func (w *walker) unpacked(kind string, src source, r io.Reader) error {
	c := &content{w: w, r: r, left: w.limits.MemberSize, of: src.of}
	peek := w.peek(src.depth)
	peek.Reset(c)
	head, _ := peek.Peek(headSize)
	inner := source{name: src.name, depth: src.depth + 1, stream: peek, size: -1, of: c}
	name := stem(src.name)
	innerKind := Kind(name, head)
	if !unpacks(innerKind) {
		inner.name = src.label(name)
		if err := w.count(inner.name); err != nil {
			return err
		}
	} else {
		c.left = w.left // its members have bounds of their own
	}
	err := w.deliver(innerKind, inner)
	if err == nil && c.err != nil {
		return w.rest(src, kind, c.err)
	}
	return err
}

// rest tells that an archive is broken and visits what is left of it within another, where the caller does not see it.
func (w *walker) rest(src source, step string, err error) error {
	if err := w.broken(src, src.name, step, err); err != nil || src.stream == nil {
		return err
	}
	if _, err := src.stream.Peek(1); err != nil {
		return nil
	}
	return w.visit(Member{Name: src.name, Content: src.stream, Size: -1})
}
