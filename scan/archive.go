package scan

import (
	"bytes"
	"cmp"
	"io"

	"cofferdam/scan/unpack"
)

// kindBytes is how much of the beginning of a text is looked at. There is no sort of archive without zeros in its first
// kilobytes but those that begin in a way of their own.
const kindBytes = 16

// openArchive searches the members of f where it is an archive. p is its beginning.
func (r *reader) openArchive(f *file, p *piece) error {
	head := p.raw[:min(len(p.raw), kindBytes)]
	if !r.unpack || len(head) == 0 || !p.zeros && unpack.Kind("", head) == "" {
		return nil
	}
	var content io.ReaderAt = &f.Handle
	size := f.stat.Size
	if p.last {
		content, size = bytes.NewReader(p.raw), int64(len(p.raw))
	}
	if kind := unpack.Kind(f.path.Base(), p.raw); kind != "" && unpack.Detect(content, size) == "" {
		f.lack("", "it looks like "+kind+", which is not unpacked")
		return nil
	}
	return unpack.Walk(r.ctx, content, size, unpack.Limits{Depth: cmp.Or(r.opts.Archives, DefaultArchives)}, func(m unpack.Member) error { return r.openMember(f, m) })
}

// openMember searches a member of the archive f.
func (r *reader) openMember(f *file, m unpack.Member) error {
	name := m.Name
	if m.Meta {
		name += "!(names and comments)" // It is not a place in the file.
	}
	if m.Content == nil {
		f.lack(name, m.Problem)
		return nil
	}
	f.unpacked = true
	r.member.of(memberDesk)
	return r.search(f, name, content{m.Content}, &r.member, 0, false)
}

// content is the source of a member.
type content struct{ io.Reader }

// fill implements source. What cannot be read further the walk tells of.
func (c content) fill(buf []byte, have int) (n int, end bool, err error) {
	n, end, err = fill(c, buf, have)
	return n, end || err != nil, nil
}

// maxLacks bounds what is told of one archive that was not read whole.
const maxLacks = 100

// lack says that a member of f was not read; all of f where member is empty.
func (f *file) lack(member, why string) {
	if member != "" {
		why = member + ": " + why
	}
	switch n := len(f.problems); {
	case n < maxLacks:
		f.problems = append(f.problems, Incomplete{f.path, why})
	case n == maxLacks:
		f.problems = append(f.problems, Incomplete{f.path, "more of its members"})
	}
}
