package gitview

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
)

const (
	maxIndex   = 1 << 30 // bytes of an index
	maxEntries = 1 << 22 // entries of an index or a tree
	maxPaths   = 1 << 29 // bytes of all paths: those of version 4 take more room than the index
)

// Flags of an index entry; the upper half is the extended ones.
const (
	assumeValid  = 1 << 15
	extendedFlag = 1 << 14
	stageShift   = 12
	stageMask    = 3 << stageShift
	lengthMask   = 1<<stageShift - 1
	skipWorktree = 1 << (16 + 14)
	intentToAdd  = 1 << (16 + 13)
)

// statData is what an index remembers of a file: ctime and mtime in seconds and nanoseconds, dev, ino, mode, uid, gid,
// size. The mode is the entry's, not the file's.
type statData [10]uint32

const (
	modeField = 6
	sizeField = 9
)

// entry is an entry of an index.
type entry struct {
	stat  statData
	mode  mode
	id    oid
	flags uint32
	path  string
}

func (e *entry) stage() int { return int(e.flags & stageMask >> stageShift) }

// tracked reports whether e is part of the tree that a commit would have.
func (e *entry) tracked() bool { return e.stage() == 0 && e.flags&intentToAdd == 0 }

var errIndex = errors.New("the index is malformed")

// splitError says that most of an index is in another file, which git has to put together.
type splitError struct{ shared oid }

func (e *splitError) Error() string { return "the index is split" }

// decodeIndex reads an index of version 2, 3 or 4. Paths are whatever it has, in strict order. Extensions are left out,
// and so is whether the hash at the end is right: a repository may have it turned off.
func (f *format) decodeIndex(content []byte) ([]entry, error) {
	if len(content) < 12+f.size || string(content[:4]) != "DIRC" {
		return nil, errIndex
	}
	version, count := binary.BigEndian.Uint32(content[4:]), binary.BigEndian.Uint32(content[8:])
	if version < 2 || version > 4 {
		return nil, fmt.Errorf("the index has version %d, which is not known", version)
	}
	if count > maxEntries {
		return nil, fmt.Errorf("the index has %d entries, more than %d", count, maxEntries)
	}
	r := indexReader{format: f, version: version, rest: content[12 : len(content)-f.size]}
	entries := make([]entry, 0, min(int(count), len(content)/(42+f.size)))
	paths, unsound := 0, error(nil)
	for range count {
		e, err := r.next()
		if err != nil {
			return nil, err
		}
		if n := len(entries); e.path == "" || n > 0 && !before(&entries[n-1], &e) {
			unsound = fmt.Errorf("%w: its entries are out of order", errIndex)
		}
		if paths += len(e.path); paths > maxPaths {
			return nil, fmt.Errorf("the index has more than %d bytes of paths", maxPaths)
		}
		entries = append(entries, e)
	}
	if err := f.checkExtensions(r.rest); err != nil {
		return nil, err
	}
	return entries, unsound // A split index has entries without a path, so this comes last.
}

func before(a, b *entry) bool {
	if c := strings.Compare(a.path, b.path); c != 0 {
		return c < 0
	}
	return a.stage() < b.stage()
}

// indexReader reads entry by entry.
type indexReader struct {
	format  *format
	version uint32
	rest    []byte
	path    string // of the entry before
}

func (r *indexReader) next() (e entry, err error) {
	fixed := 40 + r.format.size + 2
	if len(r.rest) < fixed+2 {
		return e, errIndex
	}
	for i := range e.stat {
		e.stat[i] = binary.BigEndian.Uint32(r.rest[4*i:])
	}
	e.mode = mode(e.stat[modeField])
	e.id = oid(r.rest[40 : 40+r.format.size])
	e.flags = uint32(binary.BigEndian.Uint16(r.rest[fixed-2:]))
	if e.flags&extendedFlag != 0 {
		e.flags |= uint32(binary.BigEndian.Uint16(r.rest[fixed:])) << 16
		fixed += 2
	}
	if r.version == 4 {
		err = r.compressed(&e, fixed)
	} else {
		err = r.padded(&e, fixed)
	}
	r.path = e.path
	return e, err
}

// padded reads a path whose end is filled up with zeros, so that the entry's length is a multiple of eight.
func (r *indexReader) padded(e *entry, fixed int) error {
	length := bytes.IndexByte(r.rest[fixed:min(len(r.rest), fixed+maxPath+1)], 0)
	if length < 0 {
		return errIndex
	}
	end := (fixed + length + 8) &^ 7
	if end > len(r.rest) {
		return errIndex
	}
	e.path = string(r.rest[fixed : fixed+length])
	r.rest = r.rest[end:]
	return nil
}

// compressed reads a path that begins as the one before: a number of bytes to take off that, and what follows.
func (r *indexReader) compressed(e *entry, fixed int) error {
	at, strip := fixed, 0
	for {
		if at >= len(r.rest) || strip > maxPath {
			return errIndex
		}
		c := r.rest[at]
		at++
		strip |= int(c & 0x7f)
		if c&0x80 == 0 {
			break
		}
		strip = (strip + 1) << 7
	}
	length := bytes.IndexByte(r.rest[at:min(len(r.rest), at+maxPath+1)], 0)
	if length < 0 || strip > len(r.path) {
		return errIndex
	}
	e.path = r.path[:len(r.path)-strip] + string(r.rest[at:at+length])
	if len(e.path) > maxPath {
		return errIndex
	}
	r.rest = r.rest[at+length+1:]
	return nil
}

// checkExtensions looks for what changes the meaning of the entries: those of a small letter must be understood.
func (f *format) checkExtensions(rest []byte) error {
	for len(rest) >= 8 {
		name, size := string(rest[:4]), int64(binary.BigEndian.Uint32(rest[4:]))
		switch {
		case size > int64(len(rest)-8):
			return errIndex
		case name == "link" && size >= int64(f.size):
			return &splitError{oid(rest[8 : 8+f.size])}
		case name != "sdir" && (name[0] < 'A' || name[0] > 'Z'): // sdir: some entries are directories.
			return fmt.Errorf("the index has the extension %q, which is not known", name)
		}
		rest = rest[8+size:]
	}
	if len(rest) != 0 {
		return errIndex
	}
	return nil
}
