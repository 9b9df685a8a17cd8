package workspace

import (
	"bufio"
	"cmp"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// Manifest is what a workspace held at the moment when a view of it was made: the base against which changes are
// found, and conflicts with what the user did meanwhile.
type Manifest struct {
	Visible []Entry // path order; a file has its hash
	Hidden  []Entry // path order; a hidden directory stands for all that it holds. Never a hash: it would confirm a guess
}

func find(entries []Entry, path Path) *Entry {
	i, ok := slices.BinarySearchFunc(entries, path, func(e Entry, p Path) int { return cmp.Compare(e.Path, p) })
	if !ok {
		return nil
	}
	return &entries[i]
}

func below(entries []Entry, dir Path) []Entry {
	if dir == Dot {
		return entries
	}
	compare := func(e Entry, p Path) int { return cmp.Compare(e.Path, p) }
	from, _ := slices.BinarySearchFunc(entries, dir+"/", compare)
	to, _ := slices.BinarySearchFunc(entries, dir+"0", compare) // '0' follows '/'
	return entries[from:to]
}

// Find is the visible entry at path, or nil.
func (m *Manifest) Find(path Path) *Entry { return find(m.Visible, path) }

// Below is the visible entries inside dir, at any depth, in path order.
func (m *Manifest) Below(dir Path) []Entry { return below(m.Visible, dir) }

// HiddenBelow is the hidden entries inside dir, at any depth, in path order.
func (m *Manifest) HiddenBelow(dir Path) []Entry { return below(m.Hidden, dir) }

// Covers reports whether path is hidden, by itself or with a directory around it.
func (m *Manifest) Covers(path Path) bool {
	for p := path; p != Dot; p = p.Dir() {
		if find(m.Hidden, p) != nil {
			return true
		}
	}
	return false
}

// Updated is m with other visible entries: those of now take the place of what m has at their paths, and one without a
// Type takes its path away.
func (m *Manifest) Updated(now []Entry) *Manifest {
	if len(now) == 0 {
		return m
	}
	replaced := make(map[Path]bool, len(now))
	for _, e := range now {
		replaced[e.Path] = true
	}
	updated := &Manifest{Hidden: m.Hidden, Visible: make([]Entry, 0, len(m.Visible)+len(now))}
	for _, e := range m.Visible {
		if !replaced[e.Path] {
			updated.Visible = append(updated.Visible, e)
		}
	}
	for _, e := range now {
		if e.Type != None {
			updated.Visible = append(updated.Visible, e)
		}
	}
	SortEntries(updated.Visible)
	return updated
}

const manifestHeader = "cofferdam manifest 1"

// WriteTo writes m as text: a header, a line an entry, and a last line with their number, so that a file cut short
// is seen. Paths are quoted as Go strings.
func (m *Manifest) WriteTo(w io.Writer) (int64, error) {
	b := bufio.NewWriterSize(w, 1<<16)
	total, _ := b.WriteString(manifestHeader + "\n")
	var line []byte
	for _, list := range []struct {
		mark    byte
		entries []Entry
	}{{'+', m.Visible}, {'-', m.Hidden}} {
		for i := range list.entries {
			line = appendEntry(append(line[:0], list.mark), &list.entries[i])
			n, _ := b.Write(line)
			total += n
		}
	}
	n, _ := fmt.Fprintf(b, "end %d\n", len(m.Visible)+len(m.Hidden))
	return int64(total + n), b.Flush()
}

func appendEntry(line []byte, e *Entry) []byte {
	line = append(line, ' ')
	line = strconv.AppendUint(line, uint64(e.Type), 10)
	line = append(line, ' ')
	line = strconv.AppendUint(line, uint64(e.Mode), 8)
	for _, n := range []int64{e.Size, e.Mtime, e.Ctime} {
		line = append(line, ' ')
		line = strconv.AppendInt(line, n, 10)
	}
	for _, n := range []uint64{e.Dev, e.Ino, e.Nlink, uint64(e.UID), uint64(e.GID), e.Rdev} {
		line = append(line, ' ')
		line = strconv.AppendUint(line, n, 10)
	}
	line = append(line, ' ')
	if e.Hash.Known() {
		line = hex.AppendEncode(line, e.Hash[:])
	} else {
		line = append(line, '-')
	}
	line = append(line, ' ')
	line = strconv.AppendQuote(line, string(e.Path))
	if e.Type == Symlink {
		line = append(line, ' ')
		line = strconv.AppendQuote(line, e.Target)
	}
	return append(line, '\n')
}

// ReadManifest reads what WriteTo wrote. A manifest that is damaged, cut short or out of order is an error.
func ReadManifest(r io.Reader) (*Manifest, error) {
	b := bufio.NewReaderSize(r, 1<<16)
	m := &Manifest{}
	for number := 1; ; number++ {
		line, err := b.ReadString('\n')
		if err != nil {
			return nil, fmt.Errorf("read manifest: line %d: cut short: %w", number, err)
		}
		line = line[:len(line)-1]
		switch count, isEnd := strings.CutPrefix(line, "end "); {
		case number == 1 && line != manifestHeader:
			return nil, fmt.Errorf("read manifest: %.40q is not %q", line, manifestHeader)
		case number == 1:
		case isEnd:
			return m, m.check(count)
		default:
			if err := m.addLine(line); err != nil {
				return nil, fmt.Errorf("read manifest: line %d: %w", number, err)
			}
		}
	}
}

func (m *Manifest) check(count string) error {
	if got := strconv.Itoa(len(m.Visible) + len(m.Hidden)); got != count {
		return fmt.Errorf("read manifest: %s entries, want %s", got, count)
	}
	for _, list := range [][]Entry{m.Visible, m.Hidden} {
		for i := 1; i < len(list); i++ {
			if list[i-1].Path >= list[i].Path {
				return fmt.Errorf("read manifest: %q is out of order", list[i].Path)
			}
		}
	}
	return nil
}

func (m *Manifest) addLine(line string) error {
	f := fields{rest: line}
	mark := f.word()
	e := Entry{}
	e.Type = Type(f.uint(10, 8))
	e.Mode = uint32(f.uint(8, 32))
	e.Size, e.Mtime, e.Ctime = f.int(), f.int(), f.int()
	e.Dev, e.Ino, e.Nlink = f.uint(10, 64), f.uint(10, 64), f.uint(10, 64)
	e.UID, e.GID, e.Rdev = uint32(f.uint(10, 32)), uint32(f.uint(10, 32)), f.uint(10, 64)
	if sum := f.word(); sum != "-" {
		if n, err := hex.Decode(e.Hash[:], []byte(sum[:min(len(sum), 64)])); err != nil || n != len(e.Hash) || len(sum) != 64 {
			return fmt.Errorf("hash %.80q is not 64 hex digits", sum)
		}
	}
	path, err := ParsePath(f.quoted())
	if err != nil && f.err == nil {
		f.err = err
	}
	e.Path = path
	if e.Type == Symlink {
		e.Target = f.quoted()
	}
	switch {
	case f.err != nil:
		return f.err
	case f.rest != "":
		return fmt.Errorf("%.40q follows the entry", f.rest)
	case mark == "+":
		m.Visible = append(m.Visible, e)
	case mark == "-":
		m.Hidden = append(m.Hidden, e)
	default:
		return fmt.Errorf("mark %.10q is neither + nor -", mark)
	}
	return nil
}

// fields takes a line apart from the left and keeps the first error.
type fields struct {
	rest string
	err  error
}

func (f *fields) word() string {
	word, rest, _ := strings.Cut(f.rest, " ")
	f.rest = rest
	return word
}

func (f *fields) fail(err error) {
	if f.err == nil && err != nil {
		f.err = err
	}
}

func (f *fields) uint(base, bits int) uint64 {
	n, err := strconv.ParseUint(f.word(), base, bits)
	f.fail(err)
	return n
}

func (f *fields) int() int64 {
	n, err := strconv.ParseInt(f.word(), 10, 64)
	f.fail(err)
	return n
}

func (f *fields) quoted() string {
	prefix, err := strconv.QuotedPrefix(f.rest)
	f.fail(err)
	text, err := strconv.Unquote(prefix)
	f.fail(err)
	f.rest = strings.TrimPrefix(f.rest[len(prefix):], " ")
	return text
}
