package unpack

import (
	"archive/tar"
	"bufio"
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
)

// tar visits the members of tar archives that stand one behind the other, as tar -A makes them.
func (w *walker) tar(src source) error {
	r := src.reader()
	in := &blocks{r: r}
	holes := &expansion{in: func() int64 { return in.n }}
	for {
		if done, err := w.oneTar(src, in, holes); err != nil || done {
			return err
		}
		if !skipZeros(r) {
			return nil
		}
		if head, _ := r.Peek(headSize); Kind("", head) != "tar" {
			return w.member(src, "behind the end of the archive", -1, r)
		}
	}
}

// oneTar visits the members up to the end of one archive. It is done where it cannot go on.
func (w *walker) oneTar(src source, in *blocks, holes *expansion) (done bool, err error) {
	archive := tar.NewReader(in)
	var said bytes.Buffer
	for {
		h, err := archive.Next()
		if err == io.EOF {
			if err := w.text(src, &said); err != nil || in.zeros >= headSize {
				return false, err
			}
			return true, w.broken(src, src.name, "tar", errors.New("the archive ends without a mark"))
		}
		if err != nil {
			if err := w.text(src, &said); err != nil {
				return true, err
			}
			return true, w.rest(src, "tar", err)
		}
		if err := w.say(src, &said, tarText(h)); err != nil {
			return true, err
		}
		if err := w.tarMember(src, h, archive, holes); err != nil {
			return true, err
		}
	}
}

func (w *walker) tarMember(src source, h *tar.Header, content io.Reader, holes *expansion) error {
	if h.Size == 0 && h.Typeflag != tar.TypeReg {
		return w.count(src.label(h.Name))
	}
	if isSparse(h) {
		content = &expanding{w: w, r: content, bounds: []*expansion{holes}}
	}
	return w.member(src, h.Name, h.Size, content)
}

// isSparse knows members with holes: a few bytes of archive claim any number of zeros.
func isSparse(h *tar.Header) bool {
	if h.Typeflag == tar.TypeGNUSparse {
		return true
	}
	for key := range h.PAXRecords {
		if strings.HasPrefix(key, "GNU.sparse.") {
			return true
		}
	}
	return false
}

// tarText is what the header of a member says that anyone may have written.
func tarText(h *tar.Header) string {
	said := []string{h.Linkname}
	for key, value := range h.PAXRecords {
		switch key {
		case "path", "linkpath", "size", "uid", "gid", "uname", "gname", "mtime", "atime", "ctime":
		default:
			said = append(said, key+"="+value)
		}
	}
	slices.Sort(said[1:])
	return lines(said...)
}

// blocks counts what is read of a tar and knows the block of zeros that ends it. The library takes any end for one.
type blocks struct {
	r     io.Reader
	n     int64
	zeros int // last bytes
}

func (b *blocks) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	b.n += int64(n)
	last := n - len(bytes.TrimRight(p[:n], "\x00"))
	if last == n {
		last += b.zeros
	}
	b.zeros = last
	return n, err
}

// skipZeros reports whether anything stands behind zeros.
func skipZeros(r *bufio.Reader) bool {
	for {
		if _, err := r.Peek(1); err != nil {
			return false
		}
		ahead, _ := r.Peek(r.Buffered())
		if i := bytes.IndexFunc(ahead, func(c rune) bool { return c != 0 }); i >= 0 {
			r.Discard(i)
			return true
		}
		r.Discard(len(ahead))
	}
}
