package gitview

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/klauspost/compress/zlib"
	"golang.org/x/sys/unix"
)

// store is the objects of a repository as they stand on disk, in packs without deltas, which this package wrote. It
// takes nothing from those who wrote them but the files.
type store struct {
	format  *format
	objects map[oid]stored
	maps    [][]byte
	inflate io.ReadCloser
}

// stored is an object of a store.
type stored struct {
	kind kind
	size int64
	raw  []byte // deflated
}

var errStore = errors.New("a pack is malformed")

// openStore reads what objects the packs in dir have.
func openStore(f *format, dir string) (*store, error) {
	s := &store{format: f, objects: map[oid]stored{}}
	names, err := os.ReadDir(dir)
	for _, d := range names {
		if name, ok := strings.CutSuffix(d.Name(), ".idx"); ok && err == nil {
			err = s.open(filepath.Join(dir, name))
		}
	}
	if err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *store) close() {
	for _, m := range s.maps {
		_ = unix.Munmap(m)
	}
	s.maps, s.objects = nil, nil
}

// open reads the objects of the pack name.
func (s *store) open(name string) error {
	table, err := os.ReadFile(name + ".idx")
	if err != nil {
		return err
	}
	content, err := s.mapFile(name + ".pack")
	if err != nil {
		return err
	}
	t, err := s.format.readPackIndex(table)
	if err != nil {
		return err
	}
	end := len(content) - s.format.size
	if end < packHead || string(content[:8]) != "PACK\x00\x00\x00\x02" || int(binary.BigEndian.Uint32(content[8:])) != len(t.ids) ||
		!bytes.Equal(content[end:], t.sum) {
		return errStore
	}
	order := make([]int, len(t.ids))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return int(t.offsets[a] - t.offsets[b]) })
	at := int64(packHead) // Between the objects is nothing.
	for n, i := range order {
		to := int64(end)
		if n+1 < len(order) {
			to = t.offsets[order[n+1]]
		}
		if t.offsets[i] != at || to <= at || to > int64(end) {
			return errStore
		}
		if err := s.object(t.ids[i], content[at:to]); err != nil {
			return err
		}
		at = to
	}
	return nil
}

func (s *store) mapFile(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	stat, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if stat.Size() < packHead || stat.Size() != int64(int(stat.Size())) {
		return nil, errStore
	}
	content, err := unix.Mmap(int(file.Fd()), 0, int(stat.Size()), unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("map %s: %w", name, err)
	}
	s.maps = append(s.maps, content)
	return content, nil
}

// object notes the object id that raw, with its header, holds.
func (s *store) object(id oid, raw []byte) error {
	if _, twice := s.objects[id]; twice {
		return fmt.Errorf("%w: %s is there twice", errStore, id)
	}
	k := kind(raw[0] >> 4 & 7)
	if k < commitKind || k > blobKind {
		return fmt.Errorf("%w: %s is neither commit, tree nor blob", errStore, id)
	}
	size, shift := int64(raw[0]&15), 4
	for raw[0]&0x80 != 0 {
		if raw = raw[1:]; len(raw) == 0 || shift > 55 {
			return errStore
		}
		size |= int64(raw[0]&0x7f) << shift
		shift += 7
	}
	s.objects[id] = stored{k, size, raw[1:]}
	return nil
}

// content is that of an object, of at most limit bytes, which is what its id says.
func (s *store) content(id oid, k kind, limit int64) ([]byte, error) {
	o := s.objects[id]
	if o.kind != k {
		return nil, fmt.Errorf("%s %s is missing", k, id)
	}
	if o.size > limit {
		return nil, fmt.Errorf("%s %s has %d bytes, more than %d", k, id, o.size, limit)
	}
	content := make([]byte, o.size)
	if err := s.read(content, o.raw); err != nil || s.format.id(k, content) != id {
		return nil, errors.Join(err, fmt.Errorf("%s %s is damaged", k, id))
	}
	return content, nil
}

func (s *store) read(content, raw []byte) (err error) {
	if s.inflate == nil {
		s.inflate, err = zlib.NewReader(bytes.NewReader(raw))
	} else {
		err = s.inflate.(zlib.Resetter).Reset(bytes.NewReader(raw), nil)
	}
	if err == nil {
		_, err = io.ReadFull(s.inflate, content)
	}
	return err
}
