package unpack

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"io"
	"math"

	"github.com/ulikunitz/xz/lzma"
)

// xzReader reads streams of the xz format, one after the other. The decoder of LZMA2 is a library's; what is around it is
// read here because the library's reader takes as much memory as a file asks for, up to 4 GiB.
type xzReader struct {
	r      *bufio.Reader
	check  byte // kind of checksum of the stream
	blocks uint64
	block  *xzBlock
	open   bool // within a stream
	begun  bool

	window func(int64) error // asked before memory is taken
}

type xzBlock struct {
	packed *counter
	data   io.Reader
	sum    hash.Hash // nil for none, or one that is not known
	size   int       // of the checksum
}

const xzMagic = "\xfd7zXZ\x00"

func newXZ(r *bufio.Reader, window func(int64) error) *xzReader {
	return &xzReader{r: r, window: window}
}

// Read is io.Reader's.
func (x *xzReader) Read(p []byte) (int, error) {
	for {
		if x.block == nil {
			if err := x.next(); err != nil {
				return 0, err
			}
		}
		n, err := x.block.data.Read(p)
		if x.block.sum != nil {
			x.block.sum.Write(p[:n])
		}
		if err == io.EOF {
			err = x.endBlock()
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}

// next opens the next block, of this stream or of one that follows. io.EOF says that there is none.
func (x *xzReader) next() error {
	for {
		if !x.open {
			if err := x.stream(); err != nil {
				return err
			}
			x.open, x.begun, x.blocks = true, true, 0
		}
		length, err := x.r.ReadByte()
		if err != nil {
			return unexpected(err)
		}
		if length != 0 {
			return x.openBlock(length)
		}
		if err := x.index(); err != nil {
			return err
		}
		x.open = false
	}
}

// stream reads the header of a stream, and the zeros that may stand between streams.
func (x *xzReader) stream() error {
	for x.begun {
		zeros, err := x.r.Peek(4)
		if len(zeros) == 0 && err == io.EOF {
			return io.EOF
		}
		if !bytes.Equal(zeros, make([]byte, 4)) {
			break
		}
		x.r.Discard(4)
	}
	var header [12]byte
	if _, err := io.ReadFull(x.r, header[:]); err != nil {
		return unexpected(err)
	}
	if string(header[:6]) != xzMagic {
		return errors.New("no header of a stream")
	}
	if header[6] != 0 || header[7] > 15 || crc32.ChecksumIEEE(header[6:8]) != binary.LittleEndian.Uint32(header[8:]) {
		return errors.New("bad flags of a stream")
	}
	x.check = header[7]
	return nil
}

// openBlock reads the header of a block, whose first byte is its length in words less one.
func (x *xzReader) openBlock(length byte) error {
	header := make([]byte, (int(length)+1)*4)
	header[0] = length
	if _, err := io.ReadFull(x.r, header[1:]); err != nil {
		return unexpected(err)
	}
	body := header[:len(header)-4]
	if crc32.ChecksumIEEE(body) != binary.LittleEndian.Uint32(header[len(body):]) {
		return errors.New("bad checksum of a block's header")
	}
	window, err := xzWindow(body)
	if err != nil {
		return err
	}
	if size, ok := xzChunks(x.r); ok {
		window = max(min(window, size), lzma.MinDictCap)
	}
	if err := x.window(int64(window)); err != nil {
		return err
	}
	packed := &counter{r: x.r}
	data, err := lzma.Reader2Config{DictCap: window}.NewReader2(packed)
	if err != nil {
		return err
	}
	x.block = &xzBlock{packed: packed, data: data, size: xzCheckSize(x.check)}
	switch x.check {
	case 1:
		x.block.sum = crc32.NewIEEE()
	case 4:
		x.block.sum = crc64.New(crc64.MakeTable(crc64.ECMA))
	case 10:
		x.block.sum = sha256.New()
	}
	x.blocks++
	return nil
}

// xzWindow is the size of the window that the header of a block asks for.
func xzWindow(header []byte) (int, error) {
	const lzma2 = 0x21
	flags := header[1]
	rest := bytes.NewReader(header[2:])
	unpacked := uint64(math.MaxUint64)
	for _, given := range []byte{0x40, 0x80} { // the sizes of the block, packed and unpacked
		if flags&given != 0 {
			size, err := binary.ReadUvarint(rest)
			if err != nil {
				return 0, errors.New("bad header of a block")
			}
			if given == 0x80 {
				unpacked = size
			}
		}
	}
	id, _ := binary.ReadUvarint(rest)
	if flags&3 != 0 || id != lzma2 {
		return 0, fmt.Errorf("a filter other than LZMA2 (%#x) is not undone", id)
	}
	size, _ := binary.ReadUvarint(rest)
	property, err := rest.ReadByte()
	if err != nil || size != 1 {
		return 0, errors.New("bad header of a block")
	}
	window, err := lzma.DecodeDictCap(property)
	if err != nil {
		return 0, err
	}
	return int(max(min(uint64(window), unpacked), lzma.MinDictCap)), nil
}

// xzChunks is the size of the data of a block that ends within what r has in its buffer, by the headers of its chunks. A
// small file needs no large window, but its header asks for one all the same.
func xzChunks(r *bufio.Reader) (size int, ok bool) {
	ahead, _ := r.Peek(bufferSize)
	for at := 0; at+5 < len(ahead); {
		control := ahead[at]
		unpacked := int(binary.BigEndian.Uint16(ahead[at+1:])) + 1
		switch {
		case control == 1 || control == 2: // not compressed
			at += 3 + unpacked
		case control >= 0x80:
			unpacked += int(control&0x1f) << 16
			at += 5 + int(binary.BigEndian.Uint16(ahead[at+3:])) + 1
			if control >= 0xc0 { // with properties
				at++
			}
		default:
			return size, control == 0
		}
		size += unpacked
	}
	return 0, false
}

// xzCheckSize is the length of a checksum by its number.
func xzCheckSize(check byte) int {
	return [...]int{0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64}[check]
}

func (x *xzReader) endBlock() error {
	b := x.block
	x.block = nil
	padding := int(-b.packed.n & 3)
	tail := make([]byte, padding+b.size)
	if _, err := io.ReadFull(x.r, tail); err != nil {
		return unexpected(err)
	}
	if b.sum == nil {
		return nil
	}
	want := b.sum.Sum(nil)
	if x.check != 10 { // sums are little-endian in the format, big-endian in the hash
		for i, j := 0, len(want)-1; i < j; i, j = i+1, j-1 {
			want[i], want[j] = want[j], want[i]
		}
	}
	if !bytes.Equal(tail[padding:], want) {
		return errors.New("bad checksum of a block")
	}
	return nil
}

// index goes over the index and the footer, behind the zero byte that begins them. The blocks have been read without it.
func (x *xzReader) index() error {
	in := &streamCounter{r: x.r, n: 1}
	count, err := binary.ReadUvarint(in)
	if err != nil {
		return unexpected(err)
	}
	if count != x.blocks {
		return errors.New("the index does not fit the blocks")
	}
	for range 2 * count {
		if _, err := binary.ReadUvarint(in); err != nil {
			return unexpected(err)
		}
	}
	const sum, footer = 4, 12
	tail := make([]byte, int(-in.n&3)+sum+footer)
	if _, err := io.ReadFull(x.r, tail); err != nil {
		return unexpected(err)
	}
	if !bytes.HasSuffix(tail, []byte("YZ")) {
		return errors.New("bad end of a stream")
	}
	return nil
}

func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
