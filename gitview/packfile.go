package gitview

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/klauspost/compress/zlib"
)

// packFile is a pack without deltas, as it stands on disk. Nothing in it is believed. It is read and not mapped: a bad
// disk would end the process. One goroutine uses it.
type packFile struct {
	format  *format
	file    *os.File
	table   *packTable
	spans   map[oid]span
	inflate io.ReadCloser
	raw     []byte
}

// span is where an object stands in a pack, with its header.
type span struct{ from, to int64 }

var errPack = errors.New("a pack is malformed")

// openPackFile opens the pack name, a path without its ending.
func openPackFile(f *format, name string) (*packFile, error) {
	index, err := os.ReadFile(name + ".idx")
	if err != nil {
		return nil, err
	}
	file, err := os.Open(name + ".pack")
	if err != nil {
		return nil, err
	}
	p := &packFile{format: f, file: file}
	if p.table, err = f.readPackIndex(index); err == nil {
		err = p.readSpans()
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return p, nil
}

func (p *packFile) close() { p.file.Close() }

// readSpans finds out where each object ends: between the objects of a pack is nothing.
func (p *packFile) readSpans() error {
	stat, err := p.file.Stat()
	if err != nil {
		return err
	}
	end := stat.Size() - int64(p.format.size)
	head, sum := make([]byte, packHead), make([]byte, p.format.size)
	if end < packHead {
		return errPack
	}
	_, err = p.file.ReadAt(head, 0)
	_, sumErr := p.file.ReadAt(sum, end)
	if err := errors.Join(err, sumErr); err != nil {
		return err
	}
	ids := p.table.ids
	if string(head[:8]) != "PACK\x00\x00\x00\x02" || int(binary.BigEndian.Uint32(head[8:])) != len(ids) || !bytes.Equal(sum, p.table.sum) {
		return errPack
	}
	order := make([]int, len(ids))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return int(p.table.offsets[a] - p.table.offsets[b]) })
	p.spans = make(map[oid]span, len(ids))
	at := int64(packHead)
	for n, i := range order {
		to := end
		if n+1 < len(order) {
			to = p.table.offsets[order[n+1]]
		}
		if p.table.offsets[i] != at || to <= at {
			return errPack
		}
		p.spans[ids[i]] = span{at, to}
		at = to
	}
	return nil
}

// maxDeflated is more than as many bytes as one byte of a zlib stream can stand for.
const maxDeflated = 1100

// maxHeader is the bytes that the header of an object may have.
const maxHeader = 10

// header is the type and size of the object at s, and how many bytes say so.
func (p *packFile) header(s span) (k kind, size int64, n int, err error) {
	var b [maxHeader]byte
	head := b[:min(maxHeader, s.to-s.from)]
	if _, err := p.file.ReadAt(head, s.from); err != nil {
		return 0, 0, 0, err
	}
	return parseHeader(head)
}

func parseHeader(b []byte) (k kind, size int64, n int, err error) {
	if len(b) == 0 {
		return 0, 0, 0, errPack
	}
	k, size = kind(b[0]>>4&7), int64(b[0]&15)
	for shift := 4; b[n]&0x80 != 0; shift += 7 {
		if n++; n >= len(b) || shift > 53 {
			return 0, 0, 0, errPack
		}
		size |= int64(b[n]&0x7f) << shift
	}
	if k < commitKind || k > blobKind {
		return 0, 0, 0, fmt.Errorf("%w: an object is neither commit, tree nor blob", errPack)
	}
	return k, size, n + 1, nil
}

// content is that of an object, of at most limit bytes, which is what its id says, and all that the pack has of it. Both
// are good until the next call.
func (p *packFile) content(id oid, k kind, limit int64) (content, raw []byte, err error) {
	s, ok := p.spans[id]
	if !ok {
		return nil, nil, fmt.Errorf("%s %s is missing", k, id)
	}
	if s.to-s.from > 2*limit+1024 { // Deflating makes nothing twice as large.
		return nil, nil, fmt.Errorf("%s %s has more than %d bytes", k, id, limit)
	}
	p.raw = slices.Grow(p.raw[:0], int(s.to-s.from))[:s.to-s.from]
	if _, err := p.file.ReadAt(p.raw, s.from); err != nil {
		return nil, nil, err
	}
	is, size, n, err := parseHeader(p.raw)
	switch {
	case err != nil:
		return nil, nil, err
	case is != k:
		return nil, nil, fmt.Errorf("%s is no %s", id, k)
	case size > maxDeflated*int64(len(p.raw)):
		return nil, nil, fmt.Errorf("%s %s claims to be larger than its bytes can make it", k, id)
	case size > limit:
		return nil, nil, fmt.Errorf("%s %s has %d bytes, more than %d", k, id, size, limit)
	}
	content = make([]byte, size)
	if err := p.read(content, p.raw[n:]); err != nil || p.format.id(k, content) != id {
		return nil, nil, errors.Join(err, fmt.Errorf("%s %s is damaged", k, id))
	}
	return content, p.raw, nil
}

// read inflates the whole of raw into content.
func (p *packFile) read(content, raw []byte) (err error) {
	from := bytes.NewReader(raw)
	if p.inflate == nil {
		p.inflate, err = zlib.NewReader(from)
	} else {
		err = p.inflate.(zlib.Resetter).Reset(from, nil)
	}
	if err != nil {
		return err
	}
	if _, err = io.ReadFull(p.inflate, content); err != nil {
		return err
	}
	var more [1]byte
	if n, err := p.inflate.Read(more[:]); n != 0 || err != io.EOF || from.Len() != 0 {
		return errors.Join(errPack, err)
	}
	return nil
}
