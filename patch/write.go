package patch

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"

	"cofferdam/change"
)

// Write writes the changes of set as a patch, in path order. A side that cannot be read, or an After side that is not
// what set says, is an error that names the path; what stands before it in path order has then been written. Where
// the Before side is not what set says, the patch says so and is against what is there.
func Write(ctx context.Context, w io.Writer, set *change.Set, t Trees, o Options) error {
	out := bufio.NewWriterSize(w, 1<<16)
	err := eachDelta(ctx, set, t,
		func(d *delta) (func() error, error) { return render(d, out, o) },
		func(write func() error) error { return write() })
	if flushErr := out.Flush(); err == nil {
		err = flushErr
	}
	if err != nil {
		return fmt.Errorf("write patch: %w", err)
	}
	return nil
}

// render makes the patch of a small delta now and returns how to write it; that of a large one it makes as it writes.
func render(d *delta, out *bufio.Writer, o Options) (write func() error, err error) {
	if max(d.old.size, d.now.size) > smallContent {
		return func() error { return (&printer{out, o}).delta(d) }, nil
	}
	var b bytes.Buffer
	if err := (&printer{&b, o}).delta(d); err != nil {
		return nil, err
	}
	return func() error {
		_, err := out.Write(b.Bytes())
		return err
	}, nil
}

// printer writes patches. A failed write to out shows when out is flushed.
type printer struct {
	out interface {
		io.Writer
		io.ByteWriter
		io.StringWriter
	}
	Options
}

func (p *printer) delta(d *delta) error {
	for _, line := range d.comments() {
		p.line(noteStyle, line)
	}
	for _, part := range d.parts() {
		p.header(string(d.Path), part)
		if part.sameContent() {
			continue
		}
		if !part.binary() {
			p.hunks(string(d.Path), part)
			continue
		}
		if err := p.binary(string(d.Path), part); err != nil {
			return fmt.Errorf("%q: %w", d.Path, err)
		}
	}
	return nil
}

// header writes what stands before the content of a patch.
func (p *printer) header(name string, x part) {
	quote := Quote
	if strings.Contains(name, " /") {
		// Git apply, up to 2.39 at least, cannot read such a name where no --- and +++ lines follow, unless in quotes.
		quote = alwaysQuote
	}
	p.line(headStyle, "diff --git "+quote("a/"+name)+" "+quote("b/"+name)+"\n")
	mode := ""
	switch {
	case !x.old.exists():
		p.line(headStyle, fmt.Sprintf("new file mode %06o\n", x.now.mode))
	case !x.now.exists():
		p.line(headStyle, fmt.Sprintf("deleted file mode %06o\n", x.old.mode))
	case x.old.mode != x.now.mode:
		p.line(headStyle, fmt.Sprintf("old mode %06o\nnew mode %06o\n", x.old.mode, x.now.mode))
	default:
		mode = fmt.Sprintf(" %06o", x.now.mode)
	}
	if x.sameContent() {
		return
	}
	old, now := x.old.id.String(), x.now.id.String()
	if p.Terminal {
		old, now = old[:7], now[:7]
	}
	p.line(headStyle, "index "+old+".."+now+mode+"\n")
}

// sideNames are the names of both sides as the lines --- and +++ have them.
func sideNames(name string, x part) (old, now string) {
	old, now = "/dev/null", "/dev/null"
	if x.old.exists() {
		old = Quote("a/" + name)
	}
	if x.now.exists() {
		now = Quote("b/" + name)
	}
	return old, now
}
