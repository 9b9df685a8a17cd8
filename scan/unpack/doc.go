// Package unpack walks what archives hold: zip and its kin, tar, ar, cpio and compressed streams, in each other to a
// depth. Nothing is written anywhere and no name is taken for a path.
//
// Archives are hostile. Memory does not grow with what they claim or hold: members are streams, decoders with windows above
// 64 MiB are refused, and a zip within another archive is held only up to Limits.Buffer. What is beyond a limit or broken
// is told to the visitor as a problem, with everything before it visited.
//
// The archive's own bytes are the caller's to search. What it says of its members beside their content, such as comments,
// extra fields, link targets and PAX records, is visited as text too, since within another archive nobody else sees it.
package unpack

import (
	"context"
	"io"
)

// Member is a member of an archive, or a problem with one.
type Member struct {
	// Name is the path in the archive, "!" between nested ones: "layer.tar!app.jar!config.yml". A stream around a single
	// archive has no part in it. It is only a label: any bytes, of at most 4 KiB, and not unique. Problems of the whole
	// archive have none.
	Name string

	// Content is read by the visitor, to its end or not, before it returns. It is nil in a problem. What cannot be read
	// further ends it, and the problem follows as a member of the same name.
	Content io.Reader

	// Size is what the archive claims of the content; -1 if it does not.
	Size int64

	// Meta says that Content is text about the members of the archive Name.
	Meta bool

	// Problem is why a member, or the rest of it, was not read, or why an archive was visited packed.
	Problem string
}

// Limits bounds what is unpacked. A field of zero means its default.
type Limits struct {
	Depth      int   // archives and compressions in each other: 8; .tar.gz has two
	Members    int   // in all: 250,000
	MemberSize int64 // bytes of one, or the size of the outermost archive if that is more: 512 MiB
	TotalSize  int64 // bytes unpacked in all, each layer counted, above the size of the outermost archive: 2 GiB
	Ratio      int   // bytes unpacked from one, beyond the first 256 MiB: 200
	Buffer     int64 // bytes of zip archives held that are within another archive: 32 MiB
}

func (l Limits) filled() Limits {
	l.Depth = orDefault(l.Depth, 8)
	l.Members = orDefault(l.Members, 250_000)
	l.MemberSize = orDefault(l.MemberSize, 512<<20)
	l.TotalSize = orDefault(l.TotalSize, 2<<30)
	l.Ratio = orDefault(l.Ratio, 200)
	l.Buffer = orDefault(l.Buffer, 32<<20)
	return l
}

func orDefault[T int | int64](value, otherwise T) T {
	if value == 0 {
		return otherwise
	}
	return value
}

// Walk visits the members of the archive that is the size bytes of r, in the order they lie in it, those of an archive
// within it in place of it. What is no archive by Detect has none.
//
// The error is that of ctx or of visit, with which it stops. A damaged archive is no error but a problem.
func Walk(ctx context.Context, r io.ReaderAt, size int64, l Limits, visit func(Member) error) error {
	kind := Detect(r, size)
	if kind == "" {
		return ctx.Err()
	}
	w := newWalker(ctx, size, l.filled(), visit)
	src := source{at: r, size: size}
	defer w.decoders.close()
	if !unpacks(kind) {
		return w.problem("", packed(kind))
	}
	err := w.archive(kind, src)
	if err == errStop {
		return nil
	}
	return err
}
