package unpack

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
)

// errStop ends a walk that has told its visitor why.
var errStop = errors.New("stopped")

// source is an archive: at with its size where places in it can be gone to, else stream.
type source struct {
	name   string // of its members' names the part before theirs
	depth  int    // archives around it
	at     io.ReaderAt
	size   int64
	stream *bufio.Reader
	of     *content // whose content it is, if anyone's
}

const bufferSize = 32 << 10

func (s source) reader() *bufio.Reader {
	if s.stream != nil {
		return s.stream
	}
	return bufio.NewReaderSize(io.NewSectionReader(s.at, 0, s.size), bufferSize)
}

// label names a member.
func (s source) label(member string) string {
	if s.name == "" {
		return capped(member)
	}
	return capped(s.name + "!" + member)
}

func capped(name string) string {
	const most = 4 << 10
	if len(name) > most {
		return name[:most-3] + "..."
	}
	return strings.Clone(name)
}

type walker struct {
	ctx      context.Context
	limits   Limits
	visit    func(Member) error
	members  int
	left     int64 // of TotalSize
	buffered int64
	stopped  bool
	peeks    []*bufio.Reader // for the members of each depth; one at a time is open
	decoders decoders
}

func newWalker(ctx context.Context, size int64, l Limits, visit func(Member) error) *walker {
	l.MemberSize = max(l.MemberSize, size)
	return &walker{ctx: ctx, limits: l, visit: visit, left: l.TotalSize + size, peeks: make([]*bufio.Reader, l.Depth+2)}
}

func (w *walker) problem(name, reason string) error {
	return w.visit(Member{Name: name, Size: -1, Problem: reason})
}

// broken tells that the rest of what has the name, src or a member of it, cannot be read. It returns an error only to stop
// the walk. Where src itself is what cannot be read, that is told by who reads it.
func (w *walker) broken(src source, name, step string, err error) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	if src.of.failed() {
		return nil
	}
	var beyond *limitError
	if !errors.As(err, &beyond) {
		if w.stopped {
			return nil // because of the limit: who came to it says so
		}
		return w.problem(name, fmt.Sprintf("%s: %v", step, err))
	}
	if err := w.problem(name, beyond.reason); err != nil {
		return err
	}
	if w.stopped {
		return errStop
	}
	return nil
}

// archive visits the members of an archive. Like all that it calls it returns an error only to stop the walk.
func (w *walker) archive(kind string, src source) error {
	switch kind {
	case "zip":
		return w.zip(src)
	case "tar":
		return w.tar(src)
	case "ar":
		return w.ar(src)
	case "cpio":
		return w.cpio(src)
	}
	return w.compressed(kind, src)
}

// count counts a member, and stops the walk when there are too many.
func (w *walker) count(name string) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	w.members++
	if w.members <= w.limits.Members {
		return nil
	}
	w.stopped = true
	if err := w.problem(name, fmt.Sprintf("more than %d members: the rest is not unpacked", w.limits.Members)); err != nil {
		return err
	}
	return errStop
}

// member visits a member of src, or the members of the archive that it is. What r gives is its content.
func (w *walker) member(src source, name string, size int64, r io.Reader) error {
	label := src.label(name)
	if err := w.count(label); err != nil {
		return err
	}
	c := &content{w: w, r: r, left: w.limits.MemberSize, of: src.of}
	peek := w.peek(src.depth)
	peek.Reset(c)
	head, _ := peek.Peek(headSize)
	err := w.deliver(Kind(name, head), source{name: label, depth: src.depth + 1, stream: peek, size: size, of: c})
	if err == nil && c.err != nil {
		err = w.broken(src, label, "read", c.err)
	}
	return err
}

func (w *walker) peek(depth int) *bufio.Reader {
	if w.peeks[depth] == nil {
		w.peeks[depth] = bufio.NewReaderSize(nil, bufferSize)
	}
	return w.peeks[depth]
}

func (w *walker) deliver(kind string, inner source) error {
	switch {
	case kind == "":
		return w.plain(inner, "")
	case !unpacks(kind):
		return w.plain(inner, packed(kind))
	case inner.depth >= w.limits.Depth:
		return w.plain(inner, fmt.Sprintf("archives in each other deeper than %d: its members are not unpacked", w.limits.Depth))
	case kind == "zip":
		return w.nestedZip(inner)
	}
	return w.archive(kind, inner)
}

// plain visits a member as it is, and says what is the matter with it.
func (w *walker) plain(s source, problem string) error {
	if err := w.visit(Member{Name: s.name, Content: s.stream, Size: s.size}); err != nil || problem == "" {
		return err
	}
	return w.problem(s.name, problem)
}

// text visits what an archive says beside the content of its members.
func (w *walker) text(src source, said *bytes.Buffer) error {
	if said.Len() == 0 {
		return nil
	}
	defer said.Reset()
	return w.visit(Member{Name: src.name, Content: bytes.NewReader(said.Bytes()), Size: int64(said.Len()), Meta: true})
}

// say adds a line to what src says, and visits it when it is much.
func (w *walker) say(src source, said *bytes.Buffer, line string) error {
	if line == "" {
		return nil
	}
	said.WriteString(line)
	said.WriteByte('\n')
	if said.Len() < 64<<10 {
		return nil
	}
	return w.text(src, said)
}

// lines joins what is not empty.
func lines(said ...string) string {
	return strings.Join(slices.DeleteFunc(said, func(s string) bool { return s == "" }), "\n")
}

// stem is the name of what a compressed file holds.
func stem(name string) string {
	if i := strings.LastIndexByte(name, '!'); i >= 0 {
		name = name[i+1:]
	}
	name = path.Base(name)
	switch ext := path.Ext(name); strings.ToLower(ext) {
	case ".gz", ".bz2", ".zst", ".xz", ".lzma":
		return strings.TrimSuffix(name, ext)
	}
	return "content"
}
