package gitview

import (
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
