package gitview

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"sync"

	"github.com/klauspost/compress/zlib"
)

// packed is an object of a pack.
type packed struct {
	kind   kind
	offset int64
	crc    uint32
}

// pack writes a pack file. Each object in it is named by the hash of the bytes that went in, whatever anyone called it
// before. Its methods may be called by several goroutines at once.
type pack struct {
	format *format
	dir    string

	mu      sync.Mutex
	file    *os.File
	size    int64
	objects map[oid]packed
	small   *deflater // of add, under mu
}

const packHead = 12 // bytes before the first entry

// newPack begins a pack in the directory dir.
func newPack(f *format, dir string) (*pack, error) {
	file, err := os.OpenFile(filepath.Join(dir, "pack-new"), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o444)
	if err != nil {
		return nil, err
	}
	p := &pack{format: f, dir: dir, file: file, size: packHead, objects: map[oid]packed{}, small: newDeflater()}
	if _, err := file.Write(make([]byte, packHead)); err != nil {
		file.Close()
		return nil, err
	}
	return p, nil
}

// has reports whether the object id is in the pack.
func (p *pack) has(id oid) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, ok := p.objects[id]
	return ok
}

// add puts an object in and tells its id.
func (p *pack) add(k kind, content []byte) (oid, error) {
	id := p.format.id(k, content)
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, ok := p.objects[id]; ok {
		return id, nil
	}
	raw, err := p.small.entry(k, content)
	if err != nil {
		return "", err
	}
	return id, p.append(id, k, raw)
}

// put is add of a blob whose id is known, which the caller's own deflater makes smaller meanwhile.
func (p *pack) put(id oid, content []byte, d *deflater) error {
	if p.has(id) {
		return nil
	}
	raw, err := d.entry(blobKind, content)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, ok := p.objects[id]; ok {
		return nil
	}
	return p.append(id, blobKind, raw)
}

func (p *pack) append(id oid, k kind, raw []byte) error {
	if _, err := p.file.WriteAt(raw, p.size); err != nil {
		return err
	}
	p.objects[id] = packed{k, p.size, crc32.ChecksumIEEE(raw)}
	p.size += int64(len(raw))
	return nil
}

// stream puts the blob id in, of size bytes from r, however large. It reports false, and nothing is put in, where r has
// other bytes than that.
func (p *pack) stream(id oid, size int64, r io.Reader) (bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, ok := p.objects[id]; ok {
		return true, nil
	}
	sum, start := crc32.NewIEEE(), p.size
	out := &offsetWriter{file: p.file, at: start}
	both := bufio.NewWriterSize(io.MultiWriter(out, sum), 1<<18)
	both.Write(packHeader(blobKind, size)) // bufio keeps the error for Flush.
	z, err := zlib.NewWriterLevel(both, zlib.BestSpeed)
	if err != nil {
		return false, err
	}
	h := p.format.hasher(blobKind, size)
	n, err := io.Copy(io.MultiWriter(z, h), io.LimitReader(r, size+1))
	if err != nil {
		return false, err
	}
	if n != size || oid(h.Sum(nil)) != id {
		return false, nil
	}
	if err := z.Close(); err != nil {
		return false, err
	}
	if err := both.Flush(); err != nil {
		return false, err
	}
	p.objects[id] = packed{blobKind, start, sum.Sum32()}
	p.size = out.at
	return true, nil
}

type offsetWriter struct {
	file *os.File
	at   int64
}

func (w *offsetWriter) Write(b []byte) (int, error) {
	n, err := w.file.WriteAt(b, w.at)
	w.at += int64(n)
	return n, err
}

// abandon gives up a pack that will not be finished.
func (p *pack) abandon() {
	p.file.Close()
	os.Remove(p.file.Name())
}

// hide takes the name of the file away: what is in it then is gone with the process, however that ends.
func (p *pack) hide() error { return os.Remove(p.file.Name()) }

// seal writes what a pack has before and after its objects, and tells its hash.
func (p *pack) seal() ([]byte, error) {
	if len(p.objects) > 1<<32-1 {
		return nil, fmt.Errorf("%d objects are too many for a pack", len(p.objects))
	}
	head := binary.BigEndian.AppendUint32([]byte("PACK\x00\x00\x00\x02"), uint32(len(p.objects)))
	if _, err := p.file.WriteAt(head, 0); err != nil {
		return nil, err
	}
	if err := p.file.Truncate(p.size); err != nil { // What a stream left that was not taken.
		return nil, err
	}
	h := p.format.new()
	if _, err := io.Copy(h, io.NewSectionReader(p.file, 0, p.size)); err != nil {
		return nil, err
	}
	sum := h.Sum(nil)
	_, err := p.file.WriteAt(sum, p.size)
	return sum, err
}

// finish writes what a pack needs beside its objects and gives it its name. A pack of no objects goes away.
func (p *pack) finish() error {
	if len(p.objects) == 0 {
		p.abandon()
		return nil
	}
	sum, err := p.seal()
	if err != nil {
		return err
	}
	if err := p.file.Close(); err != nil {
		return err
	}
	name := filepath.Join(p.dir, fmt.Sprintf("pack-%x", sum))
	if err := os.WriteFile(name+".idx", p.index(sum), 0o444); err != nil {
		return err
	}
	return os.Rename(p.file.Name(), name+".pack")
}
