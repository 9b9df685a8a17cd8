package gitview

import (
	"bufio"
	"hash/crc32"
	"io"
	"os"

	"github.com/klauspost/compress/zlib"
)

// stream puts the blob id in, of size bytes from r, however large. It reports false, and nothing is put in, where r has
// other bytes than that.
func (w *packer) stream(id oid, size int64, r io.Reader) (bool, error) {
	if err := w.flush(); err != nil {
		return false, err
	}
	p := w.pack
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, ok := p.objects[id]; ok {
		return true, nil
	}
	sum, start := crc32.NewIEEE(), p.size
	out := &offsetWriter{file: p.file, at: start}
	both := bufio.NewWriterSize(io.MultiWriter(out, sum), 1<<18)
	both.Write(packHeader(blobKind, size)) // bufio keeps the error for Flush.
	level := zlib.BestSpeed
	if size <= p.plain {
		level = zlib.NoCompression
		p.plain -= size
	}
	z, err := zlib.NewWriterLevel(both, level)
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
