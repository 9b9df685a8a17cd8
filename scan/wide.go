package scan

import (
	"bytes"
	"encoding/binary"
	"sort"
)

// wideText is the UTF-16 in a file that is something else: texts in a program, a registry, a document. It has a line for
// every run of ASCII characters with zeros between them.
type wideText struct {
	body string
	runs []mark
	buf  []byte
	size int // of what it was made of
}

// minRun is the least characters of a run: shorter ones are chance, and no secret.
const minRun = 8

// set finds the runs in raw. A run of minRun characters has an aligned word of eight bytes that is zero in every other
// one, and few other words are.
func (t *wideText) set(raw []byte) {
	t.runs, t.buf, t.size = t.runs[:0], t.buf[:0], len(raw)
	i := bytes.IndexByte(raw, 0)
	if i < 0 {
		t.body = ""
		return
	}
	done := 0
	for i &^= 7; i+8 <= len(raw); i += 8 {
		low := firstOf(binary.LittleEndian.Uint64(raw[i:]))
		if low < 0 || i+low < done {
			continue
		}
		from, to := runAround(raw, i+low, done)
		if to-from < 2*minRun-1 {
			continue
		}
		t.add(raw, from, to)
		done = to
		i = max(i, to&^7-8)
	}
	t.body = asString(t.buf)
}

// firstOf is where the first character stands in a word of four characters and their zeros: 0 or 1; -1 where it is no
// such word.
func firstOf(word uint64) int {
	const even = 0x00ff00ff00ff00ff
	first := 0
	switch {
	case word&^even == 0:
	case word&even == 0:
		word >>= 8
		first = 1
	default:
		return -1
	}
	// No character is zero.
	if (word-0x0001000100010001)&0x8000800080008000 != 0 {
		return -1
	}
	return first
}

// runAround widens the character at raw[at] to the run that it is in, which begins with a character, ends behind one and
// lies behind done.
func runAround(raw []byte, at, done int) (from, to int) {
	if !wideASCII(raw[at]) {
		return at, at
	}
	from, to = at, at+1
	for from-2 >= done && raw[from-1] == 0 && wideASCII(raw[from-2]) {
		from -= 2
	}
	for to+1 < len(raw) && raw[to] == 0 && wideASCII(raw[to+1]) {
		to += 2
	}
	return from, to
}

// wideASCII reports whether c is of a text, as ASCII.
func wideASCII(c byte) bool { return ' ' <= c && c <= '~' || c == '\t' || c == '\n' || c == '\r' }

func (t *wideText) add(raw []byte, from, to int) {
	t.runs = append(t.runs, mark{len(t.buf), from})
	for i := from; i < to; i += 2 {
		t.buf = append(t.buf, raw[i])
	}
	t.buf = append(t.buf, '\n')
}

// offset is the place in raw of body[at].
func (t *wideText) offset(at int) int {
	i := max(sort.Search(len(t.runs), func(i int) bool { return t.runs[i].body > at })-1, 0)
	if i >= len(t.runs) {
		return 0
	}
	return min(t.runs[i].raw+2*(at-t.runs[i].body), t.size) // The last zero may be missing.
}
