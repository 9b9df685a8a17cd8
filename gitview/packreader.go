package gitview

import (
	"bufio"
	"fmt"
	"io"

	"github.com/klauspost/compress/zlib"
)

// content reads an object back from a pack that is being written.
func (p *pack) content(id oid) ([]byte, error) {
	if err := p.flush(); err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	object, ok := p.objects[id]
	if !ok {
		return nil, fmt.Errorf("BUG: %s is not in the pack", id)
	}
	r := bufio.NewReader(io.NewSectionReader(p.file, object.offset, p.size-object.offset))
	for {
		c, err := r.ReadByte()
		if err != nil {
			return nil, err
		}
		if c&0x80 == 0 { // the last byte of type and size
			break
		}
	}
	z, err := zlib.NewReader(r)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}
