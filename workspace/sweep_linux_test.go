package workspace

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// collecting is a Sweeper that keeps what it is shown.
type collecting struct {
	dir   Path
	paths []Path
	wrong []string
	slow  time.Duration
}

func (c *collecting) Enter(dir Path) { c.dir = dir }

func (c *collecting) Visit(p *Place) bool {
	time.Sleep(c.slow)
	if p.Path.Dir() != c.dir || p.Base() != p.Path.Base() {
		c.wrong = append(c.wrong, fmt.Sprintf("%q is shown in %q", p.Path, c.dir))
	}
	if e, err := p.Lookup(); err != nil || e.Type != p.Type || e.Path != p.Path {
		c.wrong = append(c.wrong, fmt.Sprintf("%q is a %s, looked up %+v, %v", p.Path, p.Type, e, err))
	}
	c.paths = append(c.paths, p.Path)
	return p.Type == Dir
}

func (c *collecting) Fail(path Path, err error) {
	c.wrong = append(c.wrong, fmt.Sprintf("%q: %v", path, err))
}

// Law: however many sweepers share the work, every place is shown once, to a sweeper that is in its directory.
func TestSweepShowsEveryPlaceOnce(t *testing.T) {
	names := []string{"link -> ..", "fifo | ", "empty/", "-rf", "a\nb"}
	for i := range 2000 {
		names = append(names, fmt.Sprintf("flat/%s%d", strings.Repeat("n", i%100), i), fmt.Sprintf("d/%d/%d/f%d", i%7, i%31, i))
	}
	root := tree(t, names...)
	entries, _, err := List(t.Context(), root, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, workers := range []int{1, 2, 9} {
		sweepers := make([]*collecting, workers)
		for i := range sweepers {
			sweepers[i] = &collecting{}
		}
		if err := Sweep(t.Context(), root, sweepers); err != nil {
			t.Fatal(err)
		}
		var got []Path
		for _, s := range sweepers {
			got = append(got, s.paths...)
			for _, wrong := range s.wrong {
				t.Error(wrong)
			}
		}
		slices.Sort(got)
		if !slices.EqualFunc(got, entries, func(p Path, e Entry) bool { return p == e.Path }) {
			t.Errorf("%d workers were shown %d places, want %d", workers, len(got), len(entries))
		}
	}
}

// A directory with many files keeps every worker busy.
func TestSweepSharesOneDirectory(t *testing.T) {
	var names []string
	for i := range 200 {
		names = append(names, fmt.Sprintf("flat/%d", i))
	}
	sweepers := []*collecting{{slow: time.Millisecond}, {slow: time.Millisecond}}
	if err := Sweep(t.Context(), tree(t, names...), sweepers); err != nil {
		t.Fatal(err)
	}
	if a, b := len(sweepers[0].paths), len(sweepers[1].paths); a == 0 || b == 0 {
		t.Errorf("the workers were shown %d and %d places", a, b)
	}
}

func TestSweepStopsInTheMidstOfADirectory(t *testing.T) {
	var names []string
	for i := range 2000 {
		names = append(names, fmt.Sprintf("flat/%d", i))
	}
	root := tree(t, names...)
	before := openFiles(t)
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	sweepers := []*collecting{{slow: time.Millisecond}, {slow: time.Millisecond}, {slow: time.Millisecond}}
	if err := Sweep(ctx, root, sweepers); !errors.Is(err, context.Canceled) {
		t.Errorf("Sweep = %v", err)
	}
	if n := len(sweepers[0].paths) + len(sweepers[1].paths) + len(sweepers[2].paths); n >= 2000 {
		t.Errorf("all %d places were shown", n)
	}
	if after := openFiles(t); after > before {
		t.Errorf("%d files are open, %d were before", after, before)
	}
}

func openFiles(t *testing.T) int {
	t.Helper()
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

// opening opens what it is shown, whatever the directory says of it.
type opening struct {
	errs  map[Path]error
	texts map[Path]string
}

func (o *opening) Enter(Path)                {}
func (o *opening) Fail(path Path, err error) { o.errs[path] = err }

func (o *opening) Visit(p *Place) bool {
	var h Handle
	stat, err := p.Open(&h)
	o.errs[p.Path] = err
	if err == nil {
		text, err := io.ReadAll(&h)
		if after, statErr := h.Stat(); statErr != nil || err != nil || after != stat || stat.Size != int64(len(text)) {
			o.errs[p.Path] = fmt.Errorf("%w, %w: %+v then %+v", err, statErr, stat, after)
		}
		o.texts[p.Path] = string(text)
		h.Close()
	}
	return p.Type == Dir
}

// What a directory calls a file may have been replaced by anything since.
func TestPlaceOpensRegularFilesAlone(t *testing.T) {
	root := tree(t, "dir/file", "link -> dir/file", "out -> /etc/passwd", "fifo | ", "dangling -> no")
	for _, local := range []bool{true, false} {
		if local && !root.local {
			continue
		}
		root.local = local
		o := &opening{map[Path]error{}, map[Path]string{}}
		if err := Sweep(t.Context(), root, []*opening{o}); err != nil {
			t.Fatal(err)
		}
		for path, want := range map[Path]error{"dir": ErrNotRegular, "dir/file": nil, "link": unix.ELOOP, "out": unix.ELOOP, "fifo": ErrNotRegular, "dangling": unix.ELOOP} {
			if err := o.errs[path]; !errors.Is(err, want) {
				t.Errorf("local %t: open %q = %v, want %v", local, path, err, want)
			}
		}
		if o.texts["dir/file"] != "dir/file" {
			t.Errorf("local %t: dir/file holds %q", local, o.texts["dir/file"])
		}
	}
}

func openHandle(r *Root, path Path, h *Handle) (Stat, error) {
	fd, err := r.open(path, unix.O_RDONLY)
	if err != nil {
		return Stat{}, err
	}
	return h.begin(fd, r, path)
}

// Law: a Handle says of a file what statx says of its path, and reads what os.ReadFile reads, on a local disk and elsewhere.
func TestHandleAgreesWithFile(t *testing.T) {
	root := tree(t, "empty", "small", "large")
	for name, size := range map[string]int{"empty": 0, "small": 100, "large": 3*nowait + 17} {
		text := strings.Repeat("0123456789abcde\n", size/16+1)[:size]
		if err := os.WriteFile(filepath.Join(root.Path(), name), []byte(text), 0o640); err != nil {
			t.Fatal(err)
		}
		e, err := root.Lookup(Path(name))
		if err != nil {
			t.Fatal(err)
		}
		for _, local := range []bool{root.local, false} {
			was := root.local
			root.local = local
			var h Handle
			stat, err := openHandle(root, Path(name), &h)
			if err != nil || stat != e.Stat {
				t.Fatalf("%s: begin = %+v, %v, want %+v", name, stat, err, e.Stat)
			}
			got, err := io.ReadAll(&h)
			if err != nil || string(got) != text {
				t.Errorf("%s: read %d bytes, %v, want %d", name, len(got), err, size)
			}
			part := make([]byte, 50)
			if n, err := h.ReadAt(part, 60); size == 100 && (n != 40 || !errors.Is(err, io.EOF) || string(part[:n]) != text[60:]) {
				t.Errorf("%s: ReadAt = %d, %v", name, n, err)
			}
			if hollow, err := h.Hollow(); hollow || err != nil {
				t.Errorf("%s: Hollow = %t, %v", name, hollow, err)
			}
			h.Close()
			root.local = was
		}
	}
}

// A file that grew after it was opened is read to its end.
func TestHandleReadsWhatWasAppended(t *testing.T) {
	root := tree(t, "f")
	var h Handle
	if _, err := openHandle(root, "f", &h); err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	if err := os.WriteFile(filepath.Join(root.Path(), "f"), []byte("f and more"), 0o644); err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(&h); err != nil || string(text) != "f and more" {
		t.Errorf("read %q, %v", text, err)
	}
}

// Law: whatever the bytes, taking entries off them ends, and a name lies in them with the NUL behind it.
func FuzzNextDirent(f *testing.F) {
	f.Add([]byte("\x01\x00\x00\x00\x00\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x18\x00\x08name\x00"))
	f.Fuzz(func(t *testing.T, list []byte) {
		for len(list) > 0 {
			d, rest := nextDirent(list)
			if len(rest) >= len(list) {
				t.Fatal("nothing was taken")
			}
			if n := len(d.name); n > 0 && (cap(d.name) <= n || d.name[:n+1][n] != 0) {
				t.Fatalf("no NUL behind %q", d.name)
			}
			d.dots()
			list = rest
		}
	})
}

// BenchmarkWalk is every entry below the root, as a rescan needs it.
func BenchmarkWalk(b *testing.B) {
	dir := os.Getenv("COFFERDAM_SCAN_TREE")
	if dir == "" {
		b.Skip("COFFERDAM_SCAN_TREE names no tree")
	}
	root, err := Open(dir)
	if err != nil {
		b.Fatal(err)
	}
	defer root.Close()
	for b.Loop() {
		if _, _, err := List(b.Context(), root, nil); err != nil {
			b.Fatal(err)
		}
	}
}
