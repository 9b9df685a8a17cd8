package unpack

import (
	"errors"
	"io"
	"strconv"
	"strings"
)

// cpio visits the members of a cpio archive with headers of digits: "new", as in an initramfs, or the older portable one.
func (w *walker) cpio(src source) error {
	r := src.reader()
	for {
		h, err := readCPIO(r)
		if err != nil {
			return w.rest(src, "cpio", err)
		}
		if h.name == "TRAILER!!!" {
			if !skipZeros(r) {
				return nil
			}
			if head, _ := r.Peek(6); Kind("", head) == "cpio" {
				continue
			}
			return w.member(src, "behind the end of the archive", -1, r)
		}
		data := &io.LimitedReader{R: r, N: h.size}
		if err := w.member(src, h.name, h.size, exactly(data)); err != nil {
			return err
		}
		if err := skip(data, -h.size&(h.align-1)); err != nil {
			return w.rest(src, "cpio", err)
		}
	}
}

type cpioHeader struct {
	name  string
	size  int64
	align int64
}

var errCPIO = errors.New("bad header of a member")

func readCPIO(r io.Reader) (cpioHeader, error) {
	var magic [6]byte
	if _, err := io.ReadFull(r, magic[:]); err != nil {
		return cpioHeader{}, unexpected(err)
	}
	switch string(magic[:]) {
	case "070701", "070702": // fields of 8 hexadecimal digits: size is the 7th, the name's the 12th
		return readCPIOHeader(r, make([]byte, 104), 16, 48, 88, 8, 4)
	case "070707": // of 6 octal digits, the size of 11
		return readCPIOHeader(r, make([]byte, 70), 8, 59, 53, 6, 1)
	}
	return cpioHeader{}, errCPIO
}

// readCPIOHeader reads what is behind the magic. Header, name and data begin at multiples of align.
func readCPIOHeader(r io.Reader, rest []byte, base, sizeAt, nameAt, nameDigits int, align int64) (h cpioHeader, err error) {
	if _, err := io.ReadFull(r, rest); err != nil {
		return h, unexpected(err)
	}
	sizeDigits := 8
	if base == 8 {
		sizeDigits = 11
	}
	h.align = align
	h.size, err = strconv.ParseInt(string(rest[sizeAt:sizeAt+sizeDigits]), base, 64)
	length, err2 := strconv.ParseInt(string(rest[nameAt:nameAt+nameDigits]), base, 64)
	if err != nil || err2 != nil || h.size < 0 || length < 0 || length > 64<<10 {
		return h, errCPIO
	}
	padding := -(6 + int64(len(rest)) + length) & (align - 1)
	name := make([]byte, length+padding)
	if _, err := io.ReadFull(r, name); err != nil {
		return h, unexpected(err)
	}
	h.name = strings.TrimRight(string(name), "\x00")
	return h, nil
}
