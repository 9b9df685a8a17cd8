package cache

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// image is a cache file: a header, the table by identity, the one by content, records, blobs, and a checksum over all
// of it. Offsets in it are tried again at use, since nothing but care makes a checksum.
type image struct {
	key [32]byte
	store
	byKey     table
	byContent table
}

const (
	magic    = "COFFSCAN"
	version  = 1
	atCount  = 12
	atRules  = 16
	atKey    = 48
	atBlobs  = 80 // length of the blobs
	atSlots  = 88 // of a table
	headLen  = 96
	checkLen = 16

	// maxFile bounds the file, in bytes: a million unremarkable files. It is read whole into memory.
	maxFile = 128 << 20
)

var (
	errVersion = errors.New("it is of another version")
	errRules   = errors.New("it is of other rules")
	errDamaged = errors.New("it is damaged")
)

// head is the fixed part at the start of the file.
type head struct {
	rules   [32]byte
	key     [32]byte
	records int
	blobs   int // bytes
	slots   int // of each table
}

func (h head) append(b []byte) []byte {
	b = append(b, magic...)
	b = binary.LittleEndian.AppendUint32(b, version)
	b = binary.LittleEndian.AppendUint32(b, uint32(h.records))
	b = append(b, h.rules[:]...)
	b = append(b, h.key[:]...)
	b = binary.LittleEndian.AppendUint64(b, uint64(h.blobs))
	return binary.LittleEndian.AppendUint64(b, uint64(h.slots))
}

// fileLen is the size of the file, in bytes.
func (h head) fileLen() int {
	return headLen + 2*h.slots*slotLen + h.records*recordLen + h.blobs + checkLen
}

// parseHead reads the start of a file that is size bytes long.
func parseHead(b []byte, size int64) (h head, err error) {
	if string(b[:8]) != magic {
		return h, errDamaged
	}
	if v := binary.LittleEndian.Uint32(b[8:]); v != version {
		return h, fmt.Errorf("%w: %d, not %d", errVersion, v, version)
	}
	h.rules, h.key = [32]byte(b[atRules:]), [32]byte(b[atKey:])
	records, blobs, slots := binary.LittleEndian.Uint32(b[atCount:]), record(b).number(atBlobs), record(b).number(atSlots)
	if records > min(maxNumber, maxFile/recordLen) || blobs > maxFile || slots > maxFile/slotLen {
		return h, errDamaged
	}
	h.records, h.blobs, h.slots = int(records), int(blobs), int(slots)
	if size > maxFile || int64(h.fileLen()) != size {
		return h, errDamaged
	}
	return h, nil
}

// image is the file's content after the header, whose checksum was found right.
func (h head) image(b []byte) image {
	cut := func(n int) []byte {
		part := b[:n:n]
		b = b[n:]
		return part
	}
	m := image{key: h.key}
	m.byKey, m.byContent = cut(h.slots*slotLen), cut(h.slots*slotLen)
	m.records, m.blobs = cut(h.records*recordLen), cut(h.blobs)
	return m
}

// find is the number of the record with this key.
func (m *image) find(k Key, s seeds) (int, bool) {
	return m.byKey.find(s.key(k), func(i int) bool { return i < m.len() && m.record(i).key() == k })
}

// findContent is the number of a record with this content.
func (m *image) findContent(content Content) (int, bool) {
	if content == (Content{}) {
		return 0, false
	}
	return m.byContent.find(content.hash(), func(i int) bool { return i < m.len() && m.record(i).content() == content })
}
