package gitview

import (
	"bytes"
	"encoding/binary"
	"maps"
	"slices"
)

// index is the table of the pack's objects, version 2: how many ids begin with each byte or less, the ids, their
// checksums, their offsets, and a second table for the offsets that take more than 31 bits.
func (p *pack) index(sum []byte) []byte {
	ids := slices.Sorted(maps.Keys(p.objects))
	b := []byte("\xfftOc\x00\x00\x00\x02")
	at := 0
	for first := range 256 {
		for at < len(ids) && int(ids[at][0]) <= first {
			at++
		}
		b = binary.BigEndian.AppendUint32(b, uint32(at))
	}
	for _, id := range ids {
		b = append(b, id...)
	}
	for _, id := range ids {
		b = binary.BigEndian.AppendUint32(b, p.objects[id].crc)
	}
	var far []byte
	for _, id := range ids {
		offset := p.objects[id].offset
		if offset < 1<<31 {
			b = binary.BigEndian.AppendUint32(b, uint32(offset))
			continue
		}
		b = binary.BigEndian.AppendUint32(b, 1<<31|uint32(len(far)/8))
		far = binary.BigEndian.AppendUint64(far, uint64(offset))
	}
	b = append(append(b, far...), sum...)
	h := p.format.new()
	h.Write(b)
	return h.Sum(b)
}

// packTable is what the index of a pack says.
type packTable struct {
	ids     []oid // in order
	offsets []int64
	sum     []byte // of the pack
}

// readPackIndex reads what index writes.
func (f *format) readPackIndex(b []byte) (*packTable, error) {
	const head = 8 + 4*256
	if len(b) < head+2*f.size || string(b[:8]) != "\xfftOc\x00\x00\x00\x02" {
		return nil, errPack
	}
	count := int(binary.BigEndian.Uint32(b[head-4:]))
	rest, sums := b[head:len(b)-2*f.size], b[len(b)-2*f.size:]
	if len(rest)/(f.size+8) < count {
		return nil, errPack
	}
	ids, offsets, far := rest[:count*f.size], rest[count*(f.size+4):count*(f.size+8)], rest[count*(f.size+8):]
	h := f.new()
	h.Write(b[:len(b)-f.size])
	if !bytes.Equal(h.Sum(nil), sums[f.size:]) {
		return nil, errPack
	}
	t := &packTable{make([]oid, count), make([]int64, count), sums[:f.size]}
	for i := range count {
		t.ids[i] = oid(ids[i*f.size : (i+1)*f.size])
		if i > 0 && t.ids[i-1] >= t.ids[i] {
			return nil, errPack
		}
		offset := int64(binary.BigEndian.Uint32(offsets[4*i:]))
		if offset>>31 != 0 {
			at := int(offset & (1<<31 - 1))
			if len(far)/8 <= at {
				return nil, errPack
			}
			offset = int64(binary.BigEndian.Uint64(far[8*at:]))
		}
		t.offsets[i] = offset
	}
	return t, nil
}
