package unpack

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"
	"github.com/ulikunitz/xz/lzma"
)

// file is a member to be packed.
type file struct{ name, data string }

func zipOf(files ...file) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i, f := range files {
		w := must(z.CreateHeader(&zip.FileHeader{Name: f.name, Method: uint16(8 * (i % 2))}))
		must(io.WriteString(w, f.data))
	}
	check(z.Close())
	return b.Bytes()
}

func tarOf(files ...file) []byte {
	var b bytes.Buffer
	t := tar.NewWriter(&b)
	for _, f := range files {
		check(t.WriteHeader(&tar.Header{Name: f.name, Size: int64(len(f.data)), Mode: 0o600, Typeflag: tar.TypeReg}))
		must(io.WriteString(t, f.data))
	}
	check(t.Close())
	return b.Bytes()
}

func arOf(files ...file) []byte {
	b := []byte("!<arch>\n")
	for _, f := range files {
		b = fmt.Appendf(b, "%-16s%-12d%-6d%-6d%-8s%-10d`\n%s", f.name+"/", 0, 0, 0, "100644", len(f.data), f.data)
		if len(f.data)%2 == 1 {
			b = append(b, '\n')
		}
	}
	return b
}

func cpioOf(files ...file) []byte {
	var b []byte
	for _, f := range append(slices.Clone(files), file{"TRAILER!!!", ""}) {
		b = append(b, "070701"...)
		for i := range 13 {
			value := 0
			switch i {
			case 6:
				value = len(f.data)
			case 11:
				value = len(f.name) + 1
			}
			b = fmt.Appendf(b, "%08X", value)
		}
		b = append(append(b, f.name...), 0)
		b = append(b, make([]byte, -len(b)&3)...)
		b = append(b, f.data...)
		b = append(b, make([]byte, -len(b)&3)...)
	}
	return b
}

func packWith[W io.WriteCloser](open func(io.Writer) (W, error)) func([]byte) []byte {
	return func(data []byte) []byte {
		var b bytes.Buffer
		w := must(open(&b))
		must(w.Write(data))
		check(w.Close())
		return b.Bytes()
	}
}

var (
	gz   = packWith(func(w io.Writer) (*gzip.Writer, error) { return gzip.NewWriter(w), nil })
	zst  = packWith(func(w io.Writer) (*zstd.Encoder, error) { return zstd.NewWriter(w) })
	xzip = packWith(func(w io.Writer) (*xz.Writer, error) { return xz.WriterConfig{DictCap: 1 << 16}.NewWriter(w) })
	lz   = packWith(func(w io.Writer) (*lzma.Writer, error) { return lzma.WriterConfig{DictCap: 1 << 16}.NewWriter(w) })
)

// bz2 is "hello\n", since there is no writer for it here.
var bz2 = []byte("BZh91AY&SY\xc1\xc0\x80\xe2\x00\x00\x01\x41\x00\x00\x10\x02\x44\xa0\x00\x30\xcd\x00\xc3\x46\x29\x97\x17\x72\x45\x38\x50\x90\xc1\xc0\x80\xe2")

func must[T any](value T, err error) T {
	check(err)
	return value
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

// visited is what a visitor was shown.
type visited struct {
	files    map[string]string
	meta     map[string]string
	problems []string // "name: reason"
	bytes    int64
	count    int
}

// seen walks an archive and keeps it all.
func seen(t testing.TB, archive []byte, l Limits) visited {
	t.Helper()
	v, err := walked(t.Context(), bytes.NewReader(archive), int64(len(archive)), l, true)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func walked(ctx context.Context, r io.ReaderAt, size int64, l Limits, keep bool) (visited, error) {
	v := visited{files: map[string]string{}, meta: map[string]string{}}
	err := Walk(ctx, r, size, l, func(m Member) error {
		v.count++
		if m.Problem != "" {
			v.problems = append(v.problems, m.Name+": "+m.Problem)
			return nil
		}
		if !keep {
			n, err := io.Copy(io.Discard, m.Content)
			v.bytes += n
			return err
		}
		data, err := io.ReadAll(m.Content)
		v.bytes += int64(len(data))
		if m.Meta {
			v.meta[m.Name] += string(data)
		} else {
			v.files[m.Name] = string(data)
		}
		return err
	})
	return v, err
}

// wants compares what was seen with files, in pairs of name and content, and no problem.
func (v visited) wants(t *testing.T, files map[string]string) {
	t.Helper()
	if !maps.Equal(v.files, files) {
		t.Errorf("files %q, want %q", v.files, files)
	}
	if len(v.problems) > 0 {
		t.Errorf("problems %q, want none", v.problems)
	}
}

// wantsProblem wants one problem, with the words in it.
func (v visited) wantsProblem(t *testing.T, words string) {
	t.Helper()
	if len(v.problems) != 1 || !strings.Contains(v.problems[0], words) {
		t.Errorf("problems %q, want one with %q", v.problems, words)
	}
}

// patch writes value over a place in b.
func patch(b []byte, at int, value any) []byte {
	b = slices.Clone(b)
	must(binary.Encode(b[at:], binary.LittleEndian, value))
	return b
}
