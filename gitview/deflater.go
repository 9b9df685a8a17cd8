package gitview

import (
	"bytes"
	"encoding/binary"

	"github.com/klauspost/compress/zlib"
)

// deflater makes entries of a pack. One goroutine uses it.
type deflater struct {
	out  bytes.Buffer
	zlib *zlib.Writer
}

func newDeflater() *deflater {
	d := &deflater{}
	// The pack lives as long as a session, and every run waits for it: speed before size.
	d.zlib, _ = zlib.NewWriterLevel(&d.out, zlib.BestSpeed) // It knows the level.
	return d
}

// entry is content as a pack has it, good until the next call.
func (d *deflater) entry(k kind, content []byte) ([]byte, error) {
	d.out.Reset()
	d.out.Write(packHeader(k, int64(len(content))))
	d.zlib.Reset(&d.out)
	if _, err := d.zlib.Write(content); err != nil {
		return nil, err
	}
	if err := d.zlib.Close(); err != nil {
		return nil, err
	}
	return d.out.Bytes(), nil
}

// packHeader is type and size: four bits of the size in the first byte, seven in each one after it.
func packHeader(k kind, size int64) []byte {
	b := make([]byte, 0, binary.MaxVarintLen64)
	c := byte(k)<<4 | byte(size&15)
	for size >>= 4; size > 0; size >>= 7 {
		b = append(b, c|0x80)
		c = byte(size & 0x7f)
	}
	return append(b, c)
}
