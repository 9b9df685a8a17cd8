package gitview

import (
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
)

// packed is an object of a pack.
type packed struct {
	kind   kind
	offset int64 // 0 while it waits to be written
	crc    uint32
}

// pack writes a pack file. Each object in it is named by the hash of the bytes that went in, whatever anyone called it
// before. Its methods may be called by several goroutines at once.
type pack struct {
	format *format
	dir    string
	known  Known // what no object may have

	mu      sync.Mutex
	file    *os.File
	size    int64
	plain   int64 // bytes of objects that are still to be stored as they are
	objects map[oid]packed

	adding sync.Mutex
	own    *packer // of add, under adding
}

const packHead = 12 // bytes before the first entry

// newPack begins a pack in the directory dir. The first plain bytes of objects are not made smaller: to deflate them
// takes several times as long as all else, and writing them does not.
func newPack(f *format, dir string, plain int64, known Known) (*pack, error) {
	file, err := os.CreateTemp(dir, "new-")
	if err != nil {
		return nil, err
	}
	p := &pack{format: f, dir: dir, known: known, file: file, size: packHead, plain: plain, objects: map[oid]packed{}}
	p.own = p.packer()
	if _, err := file.Write(make([]byte, packHead)); err != nil {
		p.abandon()
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
	p.adding.Lock()
	defer p.adding.Unlock()
	return id, p.own.put(k, id, content)
}

// flush writes what was added.
func (p *pack) flush() error {
	p.adding.Lock()
	defer p.adding.Unlock()
	return p.own.flush()
}

// claim reports whether the object id is new, which it is no more afterwards, and whether to store it as it is.
func (p *pack) claim(k kind, id oid, size int64) (fresh, plain bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, ok := p.objects[id]; ok {
		return false, false
	}
	p.objects[id] = packed{kind: k}
	if plain = size <= p.plain; plain {
		p.plain -= size
	}
	return true, plain
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
	if err := p.flush(); err != nil {
		return nil, err
	}
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
	if _, err := io.CopyBuffer(h, onlyReader{io.NewSectionReader(p.file, 0, p.size)}, make([]byte, 1<<18)); err != nil {
		return nil, err
	}
	sum := h.Sum(nil)
	_, err := p.file.WriteAt(sum, p.size)
	return sum, err
}

// onlyReader has io.CopyBuffer use its buffer.
type onlyReader struct{ io.Reader }

// finish writes what a pack needs beside its objects and gives it its name, which it tells without the ending. A pack of
// no objects goes away, and has none.
func (p *pack) finish() (string, error) {
	if len(p.objects) == 0 {
		p.abandon()
		return "", nil
	}
	sum, err := p.seal()
	if err != nil {
		return "", err
	}
	if err := p.file.Chmod(0o444); err != nil {
		return "", err
	}
	if err := p.file.Close(); err != nil {
		return "", err
	}
	name := fmt.Sprintf("pack-%x", sum)
	path := filepath.Join(p.dir, name)
	if err := os.WriteFile(path+".idx", p.index(sum), 0o444); err != nil {
		return "", err
	}
	return name, os.Rename(p.file.Name(), path+".pack")
}
