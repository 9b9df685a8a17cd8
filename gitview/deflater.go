package gitview

import (
	"bytes"
	"encoding/binary"
	"hash/adler32"

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

// maxBlock is the bytes that a block of a zlib stream can hold as they are.
const maxBlock = 1<<16 - 1

// appendPlain appends content as a pack has it, in a zlib stream that leaves it as it is.
func appendPlain(b []byte, k kind, content []byte) []byte {
	b = append(b, packHeader(k, int64(len(content)))...)
	b = append(b, 0x78, 0x01) // a window of 32 KiB, the fastest level
	for rest := content; ; {
		n := min(len(rest), maxBlock)
		final := byte(0)
		if n == len(rest) {
			final = 1
		}
		b = append(b, final)
		b = binary.LittleEndian.AppendUint16(b, uint16(n))
		b = binary.LittleEndian.AppendUint16(b, ^uint16(n))
		b = append(b, rest[:n]...)
		if rest = rest[n:]; len(rest) == 0 {
			return binary.BigEndian.AppendUint32(b, adler32.Checksum(content))
		}
	}
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
