package cache

import "encoding/binary"

// record is the fixed part of a result: the key, the content, when it was read, and where in the blobs the rest is.
// All numbers of the file are little-endian.
type record []byte

const (
	atContent = 48
	atReadAt  = 64
	atBlob    = 72 // offset and length
	recordLen = 80
)

func appendRecord(b []byte, k Key, content Content, readAt int64, offset, length int) []byte {
	for _, n := range [...]uint64{k.Path, k.Dev, k.Ino, uint64(k.Size), uint64(k.Mtime), uint64(k.Ctime)} {
		b = binary.LittleEndian.AppendUint64(b, n)
	}
	b = append(b, content[:]...)
	b = binary.LittleEndian.AppendUint64(b, uint64(readAt))
	return appendSpan(b, offset, length)
}

func appendSpan(b []byte, offset, length int) []byte {
	return binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(b, uint32(offset)), uint32(length))
}

func (r record) number(at int) uint64 { return binary.LittleEndian.Uint64(r[at:]) }

func (r record) key() Key {
	return Key{
		Path: r.number(0), Dev: r.number(8), Ino: r.number(16),
		Size: int64(r.number(24)), Mtime: int64(r.number(32)), Ctime: int64(r.number(40)),
	}
}

func (r record) content() Content { return Content(r[atContent:atReadAt]) }

func (r record) readAt() int64 { return int64(r.number(atReadAt)) }

// span is where in the blobs the result is.
func (r record) span() (offset, length int) {
	return int(binary.LittleEndian.Uint32(r[atBlob:])), int(binary.LittleEndian.Uint32(r[atBlob+4:]))
}

// store is records and what they say.
type store struct {
	records []byte
	blobs   []byte
}

func (s store) len() int { return len(s.records) / recordLen }

func (s store) record(i int) record { return s.records[i*recordLen:][:recordLen:recordLen] }

// blob is what record i says besides; not ok where it points elsewhere.
func (s store) blob(i int) (blob []byte, ok bool) {
	offset, length := s.record(i).span()
	if length > maxResult || offset+length > len(s.blobs) {
		return nil, false
	}
	return s.blobs[offset:][:length:length], true
}

func (s store) result(i int) (Result, bool) {
	blob, ok := s.blob(i)
	if !ok {
		return Result{}, false
	}
	r, ok := parseResult(blob)
	if ok {
		r.ReadAt = s.record(i).readAt()
	}
	return r, ok
}
