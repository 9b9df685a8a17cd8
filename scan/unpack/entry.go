package unpack

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"math"
)

// zipEntry is a member of a zip, by the directory or by the header before its data.
type zipEntry struct {
	name         string
	flags        uint16
	method       uint16
	sum          uint32
	packed, size int64
	at           int64 // of the header before the data, from the zip's base
	extra        []byte
	comment      []byte
}

const (
	flagEncrypted = 1 << 0
	flagLaterSum  = 1 << 3 // checksum and sizes stand behind the data
)

// readEntry reads the next entry of the directory. io.EOF says that something else comes.
func readEntry(r *bufio.Reader) (zipEntry, error) {
	header, err := r.Peek(entrySize)
	if err != nil || string(header[:4]) != entrySignature {
		return zipEntry{}, io.EOF
	}
	e := zipEntry{flags: le16(header[8:]), method: le16(header[10:]), sum: le32(header[16:])}
	e.packed, e.size, e.at = int64(le32(header[20:])), int64(le32(header[24:])), int64(le32(header[42:]))
	lengths := [3]int{int(le16(header[28:])), int(le16(header[30:])), int(le16(header[32:]))}
	r.Discard(entrySize)
	rest := make([]byte, lengths[0]+lengths[1]+lengths[2])
	if _, err := io.ReadFull(r, rest); err != nil {
		return e, unexpected(err)
	}
	e.name = string(rest[:lengths[0]])
	e.extra = rest[lengths[0] : lengths[0]+lengths[1]]
	e.comment = rest[lengths[0]+lengths[1]:]
	return e, e.enlarge(&e.size, &e.packed, &e.at)
}

// readLocal reads the header before the data of an entry.
func readLocal(r io.Reader) (zipEntry, error) {
	var header [localHeaderSize]byte
	if _, err := io.ReadFull(r, header[:]); err != nil {
		return zipEntry{}, unexpected(err)
	}
	e := zipEntry{flags: le16(header[6:]), method: le16(header[8:]), sum: le32(header[14:])}
	e.packed, e.size = int64(le32(header[18:])), int64(le32(header[22:]))
	length := int(le16(header[26:]))
	rest := make([]byte, length+int(le16(header[28:])))
	if _, err := io.ReadFull(r, rest); err != nil {
		return e, unexpected(err)
	}
	e.name, e.extra = string(rest[:length]), rest[length:]
	return e, e.enlarge(&e.size, &e.packed)
}

// enlarge takes the values that are full in the fields of four bytes from the extra field for large files, which has them
// in this order.
func (e *zipEntry) enlarge(values ...*int64) error {
	var large []byte
	e.eachExtra(func(id uint16, data []byte) {
		if id == 1 {
			large = data
		}
	})
	for _, v := range values {
		if *v != math.MaxUint32 || large == nil {
			continue
		}
		if len(large) < 8 || le64(large) > math.MaxInt64/2 {
			return errors.New("bad sizes of a large entry")
		}
		*v, large = int64(le64(large)), large[8:]
	}
	return nil
}

func (e *zipEntry) eachExtra(visit func(id uint16, data []byte)) {
	for rest := e.extra; len(rest) >= 4; {
		id, length := le16(rest), int(le16(rest[2:]))
		if length > len(rest)-4 {
			visit(0, rest)
			return
		}
		visit(id, rest[4:4+length])
		rest = rest[4+length:]
	}
}

// text is the comment, and the extra fields but those of times, owners and sizes.
func (e *zipEntry) text() string {
	said := bytes.Clone(e.comment)
	e.eachExtra(func(id uint16, data []byte) {
		switch id {
		case 0x0001, 0x000a, 0x5455, 0x5855, 0x7855, 0x7875, 0x9901, 0xcafe:
		default:
			said = append(append(said, '\n'), data...)
		}
	})
	return string(said)
}

// unreadable is why the data of an entry cannot be unpacked; empty if it may be.
func (e *zipEntry) unreadable() string {
	switch {
	case e.flags&flagEncrypted != 0:
		return "encrypted: not unpacked"
	case !zipMethods[e.method]:
		return fmt.Sprintf("zip compression method %d: not unpacked", e.method)
	}
	return ""
}

const (
	methodStored  = 0
	methodDeflate = 8
	methodBzip2   = 12
	methodLZMA    = 14
	methodZstdOld = 20
	methodZstd    = 93
	methodXZ      = 95
)

var zipMethods = map[uint16]bool{
	methodStored: true, methodDeflate: true, methodBzip2: true, methodLZMA: true, methodZstdOld: true, methodZstd: true, methodXZ: true,
}

// openEntry is the data of an entry, from the packed data in r, and what to do when it is no longer wanted.
func (d *decoders) openEntry(e *zipEntry, r io.Reader) (data io.Reader, done func(), err error) {
	defer func() {
		if recover() != nil {
			err = errDecoder
		}
	}()
	done = func() {}
	switch e.method {
	case methodDeflate:
		data, done = d.openFlate(r)
	case methodBzip2:
		data, err = d.openBzip2(r)
	case methodZstd, methodZstdOld:
		data, done, err = d.openZstd(r)
	case methodXZ:
		data = newXZ(bufio.NewReaderSize(r, bufferSize), d.take)
	case methodLZMA:
		data, err = d.openEntryLZMA(e, r)
	default:
		data = r
	}
	return data, done, err
}

// openEntryLZMA gives the decoder the header of an .lzma file, where zip has a shorter one: a version, the length of the
// properties, and these.
func (d *decoders) openEntryLZMA(e *zipEntry, r io.Reader) (io.Reader, error) {
	const endMarked = 1 << 1
	var header [9]byte
	if _, err := io.ReadFull(r, header[:]); err != nil {
		return nil, unexpected(err)
	}
	if le16(header[2:]) != 5 {
		return nil, errors.New("bad properties of LZMA")
	}
	size := uint64(e.size)
	if e.flags&endMarked != 0 {
		size = math.MaxUint64
	}
	full := binary.LittleEndian.AppendUint64(header[4:9:9], size)
	return d.openLZMA(bufio.NewReaderSize(io.MultiReader(bytes.NewReader(full), r), bufferSize))
}

// checked compares the data of an entry with its checksum at the end.
type checked struct {
	r    io.Reader
	sum  hash.Hash32
	want uint32
}

func newChecked(r io.Reader, want uint32) *checked { return &checked{r, crc32.NewIEEE(), want} }

func (c *checked) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.sum.Write(p[:n])
	if err == io.EOF && c.sum.Sum32() != c.want {
		err = errors.New("bad checksum: the data may not be what was packed")
	}
	return n, err
}
