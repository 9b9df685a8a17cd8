package patch

import (
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"io"
)

// binary writes both contents whole, so that the patch can be applied either way; for a terminal, only that they
// differ.
func (p *printer) binary(name string, x part) error {
	if p.Terminal {
		old, now := sideNames(name, x)
		p.line(plainStyle, "Binary files "+old+" and "+now+" differ\n")
		return nil
	}
	p.out.WriteString("GIT binary patch\n")
	if err := p.literal(x.now); err != nil {
		return err
	}
	return p.literal(x.old)
}

func (p *printer) literal(c *content) error {
	fmt.Fprintf(p.out, "literal %d\n", c.size)
	lines := &base85Lines{w: p.out}
	z := zlib.NewWriter(lines)
	if err := c.copyTo(z); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	if err := lines.close(); err != nil {
		return err
	}
	return p.out.WriteByte('\n')
}

// base85Lines encodes what is written to it in lines of up to 52 bytes: a letter for their number (A-Z for 1 to 26,
// a-z for 27 to 52), five digits for every four bytes, high first, the last four filled up with zeros.
type base85Lines struct {
	w       io.Writer
	pending [bytesALine]byte
	n       int
}

const (
	bytesALine   = 52
	base85Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~"
)

func (b *base85Lines) Write(data []byte) (int, error) {
	for rest := data; len(rest) > 0; {
		n := copy(b.pending[b.n:], rest)
		b.n += n
		rest = rest[n:]
		if b.n == bytesALine {
			if err := b.close(); err != nil {
				return 0, err
			}
		}
	}
	return len(data), nil
}

// close writes the line that has begun.
func (b *base85Lines) close() error {
	if b.n == 0 {
		return nil
	}
	line := make([]byte, 0, 2+bytesALine/4*5)
	if b.n <= 26 {
		line = append(line, 'A'+byte(b.n-1))
	} else {
		line = append(line, 'a'+byte(b.n-27))
	}
	clear(b.pending[b.n:])
	for i := 0; i < b.n; i += 4 {
		var digits [5]byte
		value := binary.BigEndian.Uint32(b.pending[i:])
		for j := len(digits) - 1; j >= 0; j-- {
			digits[j] = base85Digits[value%85]
			value /= 85
		}
		line = append(line, digits[:]...)
	}
	b.n = 0
	_, err := b.w.Write(append(line, '\n'))
	return err
}
