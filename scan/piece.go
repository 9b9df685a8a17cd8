package scan

import (
	"bytes"
	"strings"

	"cofferdam/workspace"
)

// piece is as much of a file as is searched at once: most often all of it.
type piece struct {
	member   string // path in the archive that the file is; empty for the file itself
	raw      []byte
	at       int64 // of raw in the file
	code     encoding
	mark     int  // length of the byte order mark
	zeros    bool // raw has some
	from, to int  // what begins in raw[from:to] is this piece's to find, the rest is a neighbour's
	last     bool
	overlap  int
	lines    lineCounter // at the first byte
}

// source is what is searched piece by piece.
type source interface {
	// fill reads on into buf, which holds have bytes, until it is full or there is no more.
	fill(buf []byte, have int) (n int, end bool, err error)
}

// search looks for secrets in src, which is f or a member of it. The desk has the first bytes, and all of them where it
// ends there.
func (r *reader) search(f *file, member string, src source, desk *desk, have int, end bool) error {
	p := piece{member: member, overlap: min(overlap, len(desk.raw)/4), lines: lineCounter{line: 1}}
	for {
		var err error
		if !end {
			if have, end, err = src.fill(desk.raw, have); err != nil {
				return err
			}
		}
		if err := r.ctx.Err(); err != nil {
			return err
		}
		p.raw, p.last = desk.raw[:have], end
		if p.at == 0 {
			p.code, p.mark = detectEncoding(p.raw)
			p.lines.code = p.code
		}
		next := p.cut()
		if err := r.searchPiece(f, desk, &p); err != nil || end {
			return err
		}
		p.advance(next)
		have = copy(desk.raw, p.raw[next:])
	}
}

// cut decides where the next piece begins and sets where this one's own part ends, in the middle between that and its
// end.
func (p *piece) cut() (next int) {
	p.to = len(p.raw)
	if p.last {
		return p.to
	}
	next = p.border()
	p.to = next + (len(p.raw)-next)/2
	p.to -= p.to % p.code.unit()
	return next
}

// border is a place in the first half of the overlap at which a piece can begin and look as it would in the midst of the
// file: behind a line end, else behind a byte that no encoded text has, else where groups of four characters of base64,
// of two hex digits and of three of an escape would begin that began where the text does.
func (p *piece) border() int {
	unit := p.code.unit()
	low, high := len(p.raw)-p.overlap, len(p.raw)-p.overlap/2
	low -= low % unit
	if n := p.code.nextLine(p.raw[:high], low); n >= 0 {
		return n
	}
	if unit > 1 {
		return low
	}
	for i := high; i > low; i-- {
		if !encodedByte(p.raw[i-1]) {
			return i
		}
	}
	start := low
	for start > 0 && encodedByte(p.raw[start-1]) {
		start--
	}
	return low - (low-start)%12
}

// encodedByte reports whether c can be of base64, hex, or an escape such as %41, \u0041 or U+0041.
func encodedByte(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z' || strings.IndexByte("_-+/=%\\", c) >= 0
}

// advance makes p the piece that begins at next. Its raw is still to be set.
func (p *piece) advance(next int) {
	p.lines.count(p, next)
	p.lines.done = 0
	p.from = p.to - next
	p.at += int64(next)
	p.mark = 0
}

// searchPiece looks for secrets in p, and in what is packed in it.
func (r *reader) searchPiece(f *file, desk *desk, p *piece) error {
	p.zeros = bytes.IndexByte(p.raw, 0) >= 0
	first := len(f.findings)
	err := r.findAll(f, desk, p)
	f.findings = p.place(f.findings, first)
	if p.member != "" {
		return err
	}
	r.credential(f, desk, p)
	if err == nil && p.at == 0 {
		err = r.openArchive(f, p)
	}
	r.meter.read(len(p.raw) - p.from)
	return err
}

// findAll finds what is in all texts that the bytes of p make.
func (r *reader) findAll(f *file, desk *desk, p *piece) error {
	desk.main.set(p.raw, p.code, p.mark)
	if err := r.find(f, p, desk.main.body, &desk.main); err != nil {
		return err
	}
	if p.code.unit() > 1 { // Who says UTF-16 may mean something else.
		return r.find(f, p, asString(p.raw), here{})
	}
	if !p.zeros {
		return nil
	}
	if desk.wide.set(p.raw); desk.wide.body == "" {
		return nil
	}
	return r.find(f, p, desk.wide.body, &desk.wide)
}

// credential asks whether the content makes f a credential file, where its name has content decide. A file that begins with
// zeros has been judged by its beginning.
func (r *reader) credential(f *file, desk *desk, p *piece) {
	if f.verdict == nil || f.credential != "" || p.at > 0 && f.binary {
		return
	}
	content := p.raw
	f.binary = p.zeros
	if p.code.unit() > 1 {
		content = []byte(desk.main.body)
		f.binary = bytes.IndexByte(content, 0) >= 0
	}
	if why, ok := r.judge(*f.verdict, content); ok {
		f.credential = why
	}
}

// origin maps places in a text to places in the bytes that it was made of.
type origin interface{ offset(at int) int }

// here is the origin of bytes that are the text.
type here struct{}

func (here) offset(at int) int { return at }

// find adds what the engine finds in body, which is made of p.
func (r *reader) find(f *file, p *piece, body string, from origin) error {
	engine, err := r.engine()
	if err != nil {
		return err
	}
	path := f.path
	if p.member != "" {
		path += "!" + workspace.Path(p.member)
	}
	matches, err := engine.find(r.ctx, path, body)
	for i := range matches {
		start, end := from.offset(matches[i].start), from.offset(matches[i].end)
		if start < p.from || start >= p.to && !p.last {
			continue
		}
		if len(f.findings) == maxFindings {
			return errTooMany
		}
		f.findings = append(f.findings, newFinding(f.path, p.member, &matches[i], p.at+int64(start), int64(end-start)))
	}
	return err
}
