package unpack

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
)

// ar visits the members of an ar archive: a library, or a .deb with its tars.
func (w *walker) ar(src source) error {
	r := src.reader()
	r.Discard(len("!<arch>\n"))
	var long string // names that do not fit, of GNU's ar
	for {
		var header [60]byte
		n, err := io.ReadFull(r, header[:])
		if err == io.EOF || n == 1 && header[0] == '\n' {
			return nil
		}
		if err != nil {
			return w.rest(src, "ar", err)
		}
		size, err := strconv.ParseInt(strings.TrimRight(string(header[48:58]), " "), 10, 64)
		if err != nil || size < 0 || string(header[58:]) != "`\n" {
			return w.rest(src, "ar", errors.New("bad header of a member"))
		}
		data := &io.LimitedReader{R: r, N: size}
		name := arName(strings.TrimRight(string(header[:16]), " "), long, data)
		if name == "//" {
			names, _ := io.ReadAll(io.LimitReader(data, 1<<20))
			long = string(names)
		} else if err := w.member(src, name, size, exactly(data)); err != nil {
			return err
		}
		if err := skip(data, size&1); err != nil {
			return w.rest(src, "ar", err)
		}
	}
}

// arName is the name of a member: "name/", "/12" for one at 12 of the long names, or "#1/12" for one in the first 12 bytes
// of the data.
func arName(field, long string, data io.Reader) string {
	if digits, ok := strings.CutPrefix(field, "#1/"); ok {
		length, err := strconv.Atoi(digits)
		if err != nil || length < 0 || length > 64<<10 {
			return field
		}
		name := make([]byte, length)
		n, _ := io.ReadFull(data, name)
		return string(bytes.TrimRight(name[:n], "\x00"))
	}
	if at, err := strconv.Atoi(strings.TrimPrefix(field, "/")); err == nil && field[0] == '/' && 0 <= at && at < len(long) {
		name, _, _ := strings.Cut(long[at:], "\n")
		return strings.TrimSuffix(name, "/")
	}
	if field == "/" || field == "//" {
		return field
	}
	return strings.TrimSuffix(field, "/")
}

// exactly makes an end before the size that was claimed an error.
func exactly(r *io.LimitedReader) io.Reader { return &exact{r} }

type exact struct{ r *io.LimitedReader }

func (e *exact) Read(p []byte) (int, error) {
	n, err := e.r.Read(p)
	if err == io.EOF && e.r.N > 0 {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// skip goes over what is left of a member, and the padding behind it, which the last may lack.
func skip(data *io.LimitedReader, padding int64) error {
	if _, err := io.Copy(io.Discard, data); err != nil {
		return err
	}
	if data.N > 0 {
		return io.ErrUnexpectedEOF
	}
	_, err := io.CopyN(io.Discard, data.R, padding)
	if err == io.EOF {
		return nil
	}
	return err
}
