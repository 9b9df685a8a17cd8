package unpack

import (
	"bufio"
	"compress/bzip2"
	"fmt"
	"io"
	"runtime"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz/lzma"
)

const (
	// maxWindow is the most that a decoder may keep of its output. Few programs unpack what needs more.
	maxWindow = 64 << 20

	// maxWindows is the memory that decoders may take in a walk, one after the other. A few bytes of archive ask for
	// 64 MiB, and clearing them takes longer than reading any member.
	maxWindows = 8 << 30

	// maxGarbage is how much of it may wait for the garbage collector, which does not keep up with blocks of this size.
	maxGarbage = 64 << 20

	bzip2Window = 4 << 20
)

// decoders is those of a walk that can be used again.
type decoders struct {
	flate   []flateReader // not in use
	zstd    []*zstd.Decoder
	windows int64 // taken by those that cannot
	garbage int64 // of these, since the last collection
}

type flateReader interface {
	io.Reader
	flate.Resetter
}

func (d *decoders) close() {
	for _, z := range d.zstd {
		z.Close()
	}
}

// take is asked before a decoder takes memory of its own.
func (d *decoders) take(window int64) error {
	if window > maxWindow {
		return fmt.Errorf("its window of %d bytes is more than %d", window, maxWindow)
	}
	if d.windows += window; d.windows > maxWindows {
		return &limitError{fmt.Sprintf("more than %d bytes of memory for decoders: not unpacked", int64(maxWindows))}
	}
	if d.garbage += window; d.garbage > maxGarbage {
		d.garbage = window
		runtime.GC()
	}
	return nil
}

func (d *decoders) openFlate(r io.Reader) (data io.Reader, done func()) {
	var z flateReader
	if last := len(d.flate) - 1; last >= 0 {
		z = d.flate[last]
		d.flate = d.flate[:last]
		z.Reset(r, nil)
	} else {
		z = flate.NewReader(r).(flateReader)
	}
	return z, func() { d.flate = append(d.flate, z) }
}

func (d *decoders) openZstd(r io.Reader) (data io.Reader, done func(), err error) {
	var z *zstd.Decoder
	if last := len(d.zstd) - 1; last >= 0 {
		z = d.zstd[last]
		d.zstd = d.zstd[:last]
		err = z.Reset(r)
	} else {
		z, err = zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
	}
	if err != nil {
		return nil, nil, err
	}
	return z, func() { d.zstd = append(d.zstd, z) }, nil
}

func (d *decoders) openBzip2(r io.Reader) (io.Reader, error) {
	return bzip2.NewReader(r), d.take(bzip2Window)
}

// openLZMA reads the header of an .lzma file: a byte of properties, the window, the size.
func (d *decoders) openLZMA(r *bufio.Reader) (io.Reader, error) {
	header, err := r.Peek(13)
	if err != nil {
		return nil, unexpected(err)
	}
	if err := d.take(int64(le32(header[1:]))); err != nil {
		return nil, err
	}
	return lzma.ReaderConfig{DictCap: maxWindow}.NewReader(r)
}

// open makes a decoder for a compressed file, and gives what the file says about itself.
func (d *decoders) open(kind string, r *bufio.Reader) (data io.Reader, said string, done func(), err error) {
	defer func() {
		if recover() != nil {
			err = errDecoder
		}
	}()
	done = func() {}
	switch kind {
	case "gzip":
		z, err := gzip.NewReader(r)
		if err != nil {
			return nil, "", nil, err
		}
		return z, lines(z.Name, z.Comment, string(z.Extra)), done, nil
	case "bzip2":
		data, err = d.openBzip2(r)
	case "zstd":
		data, done, err = d.openZstd(r)
	case "xz":
		data = newXZ(r, d.take)
	case "lzma":
		data, err = d.openLZMA(r)
	default:
		err = fmt.Errorf("BUG: no decoder for %s", kind)
	}
	return data, "", done, err
}
