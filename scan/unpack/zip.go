package unpack

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// zip visits the entries of a zip by its directory, or one after the other where that is damaged.
func (w *walker) zip(src source) error {
	d, err := findDirectory(src.at, src.size, endSearch)
	if err != nil {
		if err := w.problem(src.name, fmt.Sprintf("zip: %v: its members are searched one after the other", err)); err != nil {
			return err
		}
		return w.zipStream(src)
	}
	return w.zipDirectory(src, d)
}

func (w *walker) zipDirectory(src source, d directory) error {
	var said bytes.Buffer
	said.Write(d.comment)
	if src.depth > 0 && d.base > 0 { // at the top the caller sees what stands in front
		io.Copy(&said, io.NewSectionReader(src.at, 0, min(d.base, 1<<20)))
	}
	r := bufio.NewReaderSize(io.NewSectionReader(src.at, d.at, d.end-d.at), bufferSize)
	whole := &expansion{in: func() int64 { return src.size }}
	found := uint64(0)
	for ; ; found++ {
		e, err := readEntry(r)
		if err == io.EOF {
			break
		}
		if err != nil {
			return w.rest(src, "zip", err)
		}
		if err := w.say(src, &said, e.text()); err != nil {
			return err
		}
		e.at += d.base
		if err := w.zipEntry(src, e, whole); err != nil {
			return err
		}
		if whole.exceeds(w.limits.Ratio) {
			return w.problem(src.name, fmt.Sprintf("more than %d times its size: the other entries are not unpacked", w.limits.Ratio))
		}
	}
	if err := w.text(src, &said); err != nil {
		return err
	}
	if found&0xffff != d.entries&0xffff { // some writers overflow the field
		return w.broken(src, src.name, "zip", fmt.Errorf("its directory has %d entries and claims %d", found, d.entries))
	}
	return nil
}

// zipEntry visits an entry of the directory. Entries may share their data, so all of them together are bounded by the size
// of the archive too.
func (w *walker) zipEntry(src source, e zipEntry, whole *expansion) error {
	if strings.HasSuffix(e.name, "/") && e.size == 0 {
		return w.count(src.label(e.name))
	}
	if reason := e.unreadable(); reason != "" {
		return w.skippedEntry(src, e, reason)
	}
	data, err := e.data(src)
	if err != nil {
		if err := w.count(src.label(e.name)); err != nil {
			return err
		}
		return w.broken(src, src.label(e.name), "zip", err)
	}
	return w.packedMember(src, e, data, whole)
}

// packedMember unpacks the data of an entry and visits it. The bounds are those beside its own.
func (w *walker) packedMember(src source, e zipEntry, packed io.Reader, bounds ...*expansion) error {
	in := &counter{r: packed}
	data, done, err := w.decoders.openEntry(&e, in)
	if err != nil {
		if err := w.count(src.label(e.name)); err != nil {
			return err
		}
		return w.broken(src, src.label(e.name), "unpack", err)
	}
	defer done()
	bounds = append(bounds, &expansion{in: func() int64 { return in.n }})
	return w.member(src, e.name, e.size, newChecked(&expanding{w: w, r: data, bounds: bounds}, e.sum))
}

// data is the packed data of an entry, behind its second header.
func (e *zipEntry) data(src source) (io.Reader, error) {
	var header [localHeaderSize]byte
	if e.at < 0 || e.at > src.size {
		return nil, errors.New("the entry lies outside the archive")
	}
	if _, err := src.at.ReadAt(header[:], e.at); err != nil || string(header[:4]) != localSignature {
		return nil, errors.New("no header before the data of the entry")
	}
	at := e.at + localHeaderSize + int64(le16(header[26:])) + int64(le16(header[28:]))
	if at > src.size || e.packed > src.size-at {
		return nil, errors.New("the entry lies outside the archive")
	}
	return exactly(&io.LimitedReader{R: io.NewSectionReader(src.at, at, e.packed), N: e.packed}), nil
}

// nestedZip holds a zip within another archive, to read its directory first, if it is not too large for that.
func (w *walker) nestedZip(src source) error {
	free := w.limits.Buffer - w.buffered
	held, err := io.ReadAll(io.LimitReader(src.stream, max(0, free)+1))
	if err != nil {
		return w.broken(src, src.name, "read", err)
	}
	if int64(len(held)) > free {
		ahead := src
		ahead.stream = bufio.NewReaderSize(io.MultiReader(bytes.NewReader(held), src.stream), bufferSize)
		return w.zipStream(ahead)
	}
	w.buffered += int64(len(held))
	defer func() { w.buffered -= int64(len(held)) }()
	src.at, src.size, src.stream = bytes.NewReader(held), int64(len(held)), nil
	return w.zip(src)
}
