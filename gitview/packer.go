package gitview

import "hash/crc32"

// packer puts objects into a pack, many at a time: a file takes large writes several times as fast as small ones. One
// goroutine uses it, and calls flush at the end.
type packer struct {
	pack     *pack
	deflater *deflater
	out      []byte
	waiting  []waiting
}

// waiting is an object that is still to be written.
type waiting struct {
	id   oid
	kind kind
	at   int // in out
	crc  uint32
}

// fullPacker is the bytes at which a packer writes.
const fullPacker = 1 << 19

func (p *pack) packer() *packer { return &packer{pack: p} }

// put puts in the object id, whose hash the caller made of content.
func (w *packer) put(k kind, id oid, content []byte) error {
	fresh, plain := w.pack.claim(k, id, int64(len(content)))
	if !fresh {
		return nil
	}
	if err := w.pack.known.check(k.String(), content); err != nil {
		return err
	}
	at := len(w.out)
	if plain {
		w.out = appendPlain(w.out, k, content)
	} else if err := w.deflate(k, content); err != nil {
		return err
	}
	w.waiting = append(w.waiting, waiting{id, k, at, crc32.ChecksumIEEE(w.out[at:])})
	if len(w.out) < fullPacker {
		return nil
	}
	return w.flush()
}

// putRaw is put of what another pack has of the object, with its header.
func (w *packer) putRaw(k kind, id oid, raw []byte) error {
	if fresh, _ := w.pack.claim(k, id, 0); !fresh {
		return nil
	}
	at := len(w.out)
	w.out = append(w.out, raw...)
	w.waiting = append(w.waiting, waiting{id, k, at, crc32.ChecksumIEEE(raw)})
	if len(w.out) < fullPacker {
		return nil
	}
	return w.flush()
}

func (w *packer) deflate(k kind, content []byte) error {
	if w.deflater == nil {
		w.deflater = newDeflater()
	}
	raw, err := w.deflater.entry(k, content)
	w.out = append(w.out, raw...)
	return err
}

// flush writes what waits.
func (w *packer) flush() error {
	if len(w.out) == 0 {
		return nil
	}
	start := w.pack.place(w.waiting, int64(len(w.out)))
	_, err := w.pack.file.WriteAt(w.out, start)
	w.out, w.waiting = w.out[:0], w.waiting[:0]
	return err
}

// place makes room for size bytes of objects.
func (p *pack) place(objects []waiting, size int64) (start int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	start = p.size
	p.size += size
	for _, o := range objects {
		p.objects[o.id] = packed{o.kind, start + int64(o.at), o.crc}
	}
	return start
}
