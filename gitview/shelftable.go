package gitview

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// tableName is the file of a shelf that says what its packs are.
const tableName = "table"

const (
	tableMagic = "cofferdam git shelf 1\n"
	maxTable   = 1 << 30 // bytes
)

var errTable = errors.New("the table of a shelf is malformed")

// encode is the table: magic, known values, the groups, a hash of all that.
func (s *shelf) encode() []byte {
	b := append([]byte(tableMagic), s.known[:]...)
	for i := range s.groups {
		k := &s.groups[i]
		b = appendIdentity(appendText(b, k.pack), k.stat)
		b = binary.AppendUvarint(b, uint64(len(k.files)))
		for path, f := range k.files {
			b = appendIdentity(appendText(b, path), f.identity)
			packed := byte(0)
			if f.packed {
				packed = 1
			}
			b = append(append(b, f.content...), packed)
		}
	}
	sum := sha256.Sum256(b)
	return append(b, sum[:]...)
}

func appendText(b []byte, text string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}

func appendIdentity(b []byte, id identity) []byte {
	for _, n := range []uint64{id.dev, id.ino, uint64(id.size), uint64(id.mtime), uint64(id.ctime)} {
		b = binary.LittleEndian.AppendUint64(b, n)
	}
	return b
}

// decode reads what encode wrote for the same known values.
func (s *shelf) decode(b []byte) error {
	if len(b) < len(tableMagic)+2*sha256.Size {
		return errTable
	}
	b, end := b[:len(b)-sha256.Size], b[len(b)-sha256.Size:]
	if sum := sha256.Sum256(b); !bytes.Equal(sum[:], end) || !bytes.HasPrefix(b, append([]byte(tableMagic), s.known[:]...)) {
		return errTable
	}
	r := &tableReader{rest: string(b[len(tableMagic)+sha256.Size:])}
	for i := range s.groups {
		s.groups[i] = r.group(s.format)
	}
	if r.bad || r.rest != "" {
		return errTable
	}
	return nil
}

// tableReader reads a table from its start. After something malformed it is bad, and gives empty values.
type tableReader struct {
	rest string
	bad  bool
}

func (r *tableReader) take(n uint64) string {
	if r.bad || n > uint64(len(r.rest)) {
		r.bad, r.rest = true, ""
		return ""
	}
	part := r.rest[:n]
	r.rest = r.rest[n:]
	return part
}

func (r *tableReader) number() uint64 {
	n, size := binary.Uvarint([]byte(r.rest[:min(len(r.rest), binary.MaxVarintLen64)]))
	if size <= 0 {
		r.bad = true
		return 0
	}
	r.take(uint64(size))
	return n
}

func (r *tableReader) identity() identity {
	var n [5]uint64
	for i := range n {
		if part := r.take(8); part != "" {
			n[i] = binary.LittleEndian.Uint64([]byte(part))
		}
	}
	return identity{n[0], n[1], int64(n[2]), int64(n[3]), int64(n[4])}
}

func (r *tableReader) group(f *format) keeper {
	k := keeper{pack: r.take(r.number()), stat: r.identity(), files: map[string]keptFile{}}
	if k.pack != "" && (!strings.HasPrefix(k.pack, "pack-") || filepath.Base(k.pack) != k.pack) {
		r.bad = true
	}
	for range r.number() {
		if r.bad {
			break
		}
		path := r.take(r.number())
		file := keptFile{r.identity(), oid(r.take(uint64(f.size))), r.take(1) == "\x01"}
		if file.packed {
			k.packed++
		}
		k.files[path] = file
	}
	return k
}

// load reads the table.
func (s *shelf) load() error {
	name := filepath.Join(s.dir, tableName)
	if stat, err := os.Lstat(name); err != nil || !stat.Mode().IsRegular() || stat.Size() > maxTable {
		return errors.Join(errTable, err)
	}
	b, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	return s.decode(b)
}

// save replaces the table. It need not outlive a crash: one that is cut short is none.
func (s *shelf) save() error {
	file, err := os.CreateTemp(s.dir, tableName)
	if err != nil {
		return err
	}
	_, err = file.Write(s.encode())
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Rename(file.Name(), filepath.Join(s.dir, tableName))
	}
	if err != nil {
		os.Remove(file.Name())
	}
	return err
}
