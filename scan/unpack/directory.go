package unpack

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
)

// Lengths of a zip's records without their variable parts, and their signatures.
const (
	localHeaderSize = 30
	entrySize       = 46
	endRecordSize   = 22
	end64Size       = 56
	locator64Size   = 20
	endSearch       = endRecordSize + 1<<16 - 1 // the longest comment

	localSignature     = "PK\x03\x04"
	entrySignature     = "PK\x01\x02"
	endSignature       = "PK\x05\x06"
	end64Signature     = "PK\x06\x06"
	locator64Signature = "PK\x06\x07"
	dataSignature      = "PK\x07\x08"
)

// directory is where the central directory of a zip stands.
type directory struct {
	at, end int64
	base    int64 // where the zip begins; places in it count from here
	entries uint64
	comment []byte // and what stands behind it
}

var errDirectory = errors.New("no central directory")

// findDirectory looks for the record at the end of a zip in the last most bytes.
func findDirectory(r io.ReaderAt, size, most int64) (directory, error) {
	if size < endRecordSize {
		return directory{}, errDirectory
	}
	tail := make([]byte, min(size, most))
	if _, err := r.ReadAt(tail, size-int64(len(tail))); err != nil && err != io.EOF {
		return directory{}, err
	}
	for end := len(tail); ; {
		i := bytes.LastIndex(tail[:end], []byte(endSignature))
		if i < 0 {
			return directory{}, errDirectory
		}
		if len(tail)-i >= endRecordSize {
			record := tail[i:]
			if comment := int(le16(record[20:])); endRecordSize+comment <= len(record) {
				return readEnd(r, size-int64(len(record)), record)
			}
		}
		end = i + len(endSignature) - 1
	}
}

// readEnd reads the record that stands at at.
func readEnd(r io.ReaderAt, at int64, record []byte) (directory, error) {
	d := directory{end: at, entries: uint64(le16(record[10:])), comment: record[endRecordSize:]}
	length, offset := uint64(le32(record[12:])), uint64(le32(record[16:]))
	if d.entries == 0xffff || length == 0xffffffff || offset == 0xffffffff {
		if record64, at64, ok := findEnd64(r, at); ok {
			d.end = at64
			d.entries, length, offset = le64(record64[32:]), le64(record64[40:]), le64(record64[48:])
		}
	}
	if length > uint64(d.end) || offset > uint64(d.end)-length {
		return d, errDirectory
	}
	d.at = d.end - int64(length)
	d.base = d.at - int64(offset)
	// A stub may have been put in front with the places in the zip put right: then they count from the file's start.
	if d.base > 0 && length > 0 && hasSignature(r, int64(offset), entrySignature) {
		d.at, d.base = int64(offset), 0
	}
	if length > 0 && !hasSignature(r, d.at, entrySignature) {
		return d, errDirectory
	}
	// What begins as a zip is no stub: the directory is that of a zip stored in it, and its own is cut off.
	if d.base > 0 && hasSignature(r, 0, localSignature) {
		return d, errDirectory
	}
	return d, nil
}

// findEnd64 is the large form of the record, which a locator before the small one at at points to.
func findEnd64(r io.ReaderAt, at int64) (record [end64Size]byte, start int64, ok bool) {
	var locator [locator64Size]byte
	if at < locator64Size {
		return record, 0, false
	}
	if _, err := r.ReadAt(locator[:], at-locator64Size); err != nil || string(locator[:4]) != locator64Signature {
		return record, 0, false
	}
	for _, start := range []uint64{le64(locator[8:]), uint64(at - locator64Size - end64Size)} { // behind a stub the first is wrong
		if start >= uint64(at) {
			continue
		}
		if _, err := r.ReadAt(record[:], int64(start)); err == nil && string(record[:4]) == end64Signature {
			return record, int64(start), true
		}
	}
	return record, 0, false
}

func hasSignature(r io.ReaderAt, at int64, signature string) bool {
	var four [4]byte
	_, err := r.ReadAt(four[:], at)
	return err == nil && string(four[:]) == signature
}

func le16(b []byte) uint16 { return binary.LittleEndian.Uint16(b) }
func le32(b []byte) uint32 { return binary.LittleEndian.Uint32(b) }
func le64(b []byte) uint64 { return binary.LittleEndian.Uint64(b) }
