package unpack

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"
)

// zipStream visits the entries of a zip in the order of their headers, without its directory: as a stream, or because that
// is damaged. Within another archive the bytes between entries and the directory are visited as text.
func (w *walker) zipStream(src source) error {
	r := src.reader()
	for {
		signature, err := r.Peek(4)
		if err != nil {
			return nil
		}
		switch string(signature) {
		case entrySignature, endSignature:
			if src.stream == nil {
				return nil // at the top the caller sees it
			}
			return w.visit(Member{Name: src.name, Content: r, Size: -1, Meta: true})
		case localSignature:
			if err := w.streamedEntry(src, r); err != nil {
				return err
			}
		case dataSignature:
			r.Discard(16) // checksum and sizes of the entry before
		default:
			if err := w.gap(src, r); err != nil {
				return err
			}
		}
	}
}

// streamedEntry visits the entry that r stands at, and goes over its data. Where its end is not known, it is left to the
// search for the next header.
func (w *walker) streamedEntry(src source, r *bufio.Reader) error {
	e, err := readLocal(r)
	if err != nil {
		return w.rest(src, "zip", err)
	}
	if e.flags&flagLaterSum != 0 && e.packed == 0 {
		return w.endlessEntry(src, e, r)
	}
	packed := &io.LimitedReader{R: r, N: e.packed}
	reason := e.unreadable()
	switch {
	case strings.HasSuffix(e.name, "/") && e.size == 0:
		err = w.count(src.label(e.name))
	case reason != "":
		err = w.skippedEntry(src, e, reason)
	default:
		err = w.packedMember(src, e, exactly(packed))
	}
	if err == nil {
		io.Copy(io.Discard, packed)
	}
	return err
}

// endlessEntry visits an entry whose header does not say how long it is. Deflate knows its end.
func (w *walker) endlessEntry(src source, e zipEntry, r *bufio.Reader) error {
	switch reason := e.unreadable(); {
	case reason != "":
		return w.skippedEntry(src, e, reason)
	case e.method == methodStored:
		if err := w.member(src, e.name, -1, gap{r}); err != nil {
			return err
		}
		return w.problem(src.label(e.name), "zip: an entry without a size: visited up to what looks like the next")
	case e.method != methodDeflate:
		return w.skippedEntry(src, e, fmt.Sprintf("zip compression method %d without a size: not unpacked", e.method))
	}
	in := &streamCounter{r: r}
	data, done, err := w.decoders.openEntry(&e, in)
	if err != nil {
		return w.broken(src, src.label(e.name), "unpack", err)
	}
	defer done()
	bounded := &expanding{w: w, r: data, bounds: []*expansion{{in: func() int64 { return in.n }}}}
	err = w.member(src, e.name, -1, bounded)
	if err == nil {
		io.Copy(io.Discard, bounded)
	}
	return err
}

// gap visits what stands between entries, if the caller does not see it at the top.
func (w *walker) gap(src source, r *bufio.Reader) error {
	if src.stream != nil {
		if err := w.count(src.name); err != nil {
			return err
		}
		if err := w.visit(Member{Name: src.name, Content: gap{r}, Size: -1, Meta: true}); err != nil {
			return err
		}
	}
	io.Copy(io.Discard, gap{r})
	return nil
}

func (w *walker) skippedEntry(src source, e zipEntry, reason string) error {
	if err := w.count(src.label(e.name)); err != nil {
		return err
	}
	return w.problem(src.label(e.name), reason)
}

// gap is the bytes up to the next record of an entry or of the directory.
type gap struct{ r *bufio.Reader }

var zipRecords = [][]byte{[]byte(localSignature), []byte(entrySignature), []byte(endSignature), []byte(dataSignature)}

func (g gap) Read(p []byte) (int, error) {
	if _, err := g.r.Peek(4); err != nil {
		return g.r.Read(p)
	}
	ahead, _ := g.r.Peek(g.r.Buffered())
	free := len(ahead) - 3 // the last bytes may begin a signature
	for _, signature := range zipRecords {
		if i := bytes.Index(ahead[:min(len(ahead), free+3)], signature); i >= 0 {
			free = i
		}
	}
	if free == 0 {
		return 0, io.EOF
	}
	return g.r.Read(p[:min(len(p), free)])
}
