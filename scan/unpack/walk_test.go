package unpack

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

var two = []file{{"a.txt", "first"}, {"dir/b.txt", strings.Repeat("second ", 1000)}}

func TestWalk(t *testing.T) {
	plain := map[string]string{"a.txt": two[0].data, "dir/b.txt": two[1].data}
	tests := []struct {
		name    string
		archive []byte
		want    map[string]string
	}{
		{"zip", zipOf(two...), plain},
		{"zip behind a script", append([]byte("#!/bin/sh\nexec unzip $0\n"), zipOf(two...)...), plain},
		{"zip with a comment behind bytes", append([]byte("bytes"), commented(two...)...), plain},
		{"tar", tarOf(two...), plain},
		{"two tars", append(tarOf(two[0]), tarOf(two[1])...), plain},
		{"something behind a tar", append(tarOf(two[0]), "hidden"...), map[string]string{"a.txt": "first", "behind the end of the archive": "hidden"}},
		{"ar", arOf(two[0], file{"b", "odd"}), map[string]string{"a.txt": "first", "b": "odd"}},
		{"cpio", cpioOf(two...), plain},
		{"tar.gz", gz(tarOf(two...)), plain},
		{"tar.zst", zst(tarOf(two...)), plain},
		{"tar.xz", xzip(tarOf(two...)), plain},
		{"two gzip streams", append(gz([]byte("one ")), gz([]byte("two"))...), map[string]string{"content": "one two"}},
		{"two xz streams", append(append(xzip([]byte("one ")), 0, 0, 0, 0), xzip([]byte("two"))...), map[string]string{"content": "one two"}},
		{"two zstd frames", append(zst([]byte("one ")), zst([]byte("two"))...), map[string]string{"content": "one two"}},
		{"bzip2", bz2, map[string]string{"content": "hello\n"}},
		{"deb", arOf(file{"debian-binary", "2.0\n"}, file{"data.tar.xz", string(xzip(tarOf(two...)))}),
			map[string]string{"debian-binary": "2.0\n", "data.tar.xz!a.txt": two[0].data, "data.tar.xz!dir/b.txt": two[1].data}},
		{"compressed members", tarOf(file{"l/app.log.gz", string(gz([]byte("log")))}, file{"x.lzma", string(lz([]byte("lz")))}),
			map[string]string{"l/app.log.gz!app.log": "log", "x.lzma!x": "lz"}},
		{"docker save", tarOf(file{"abc/layer.tar", string(tarOf(file{"app.jar", string(zipOf(two[0]))}))}, file{"manifest.json", "[]"}),
			map[string]string{"abc/layer.tar!app.jar!a.txt": "first", "manifest.json": "[]"}},
		{"xz that needs no window that large", asking(t, xzip([]byte("data")), 40), map[string]string{"content": "data"}},
		{"no archive", []byte("just a text"), map[string]string{}},
		{"empty file", nil, map[string]string{}},
		{"empty zip", zipOf(), map[string]string{}},
		{"empty member", tarOf(file{"empty", ""}), map[string]string{"empty": ""}},
		{"hostile names", zipOf(file{"../../etc/passwd", "a"}, file{"/abs", "b"}, file{"nul\x00", "c"}, file{"\xff\xfe", "d"}, file{strings.Repeat("n", 60_000), "e"}),
			map[string]string{"../../etc/passwd": "a", "/abs": "b", "nul\x00": "c", "\xff\xfe": "d", strings.Repeat("n", 4093) + "...": "e"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			seen(t, test.archive, Limits{}).wants(t, test.want)
		})
	}
}

// nest packs data five deep.
func nest(data string, ways ...func(name, data string) []byte) []byte {
	for i, way := range ways {
		data = string(way(fmt.Sprintf("f%d", i), data))
	}
	return []byte(data)
}

func TestNestedFiveDeep(t *testing.T) {
	pack := map[string]func(name, data string) []byte{
		"zip":    func(name, data string) []byte { return zipOf(file{name, data}) },
		"tar":    func(name, data string) []byte { return tarOf(file{name, data}) },
		"ar":     func(name, data string) []byte { return arOf(file{name, data}) },
		"cpio":   func(name, data string) []byte { return cpioOf(file{name, data}) },
		"tar.gz": func(name, data string) []byte { return gz(tarOf(file{name, data})) },
	}
	for outer, a := range pack {
		for inner, b := range pack {
			t.Run(outer+" of "+inner, func(t *testing.T) {
				seen(t, nest("deep", b, a, b, a, pack["zip"]), Limits{Depth: 10}).wants(t, map[string]string{"f4!f3!f2!f1!f0": "deep"})
			})
		}
	}
}

func TestWhatAnArchiveSays(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	check(z.SetComment("comment of the zip"))
	w := must(z.CreateHeader(&zip.FileHeader{Name: "a", Comment: "comment of a", Extra: []byte("\x34\x12\x05\x00extra\x55\x54\x01\x00t")}))
	must(io.WriteString(w, "data"))
	check(z.Close())
	inner := b.String()

	b.Reset()
	p := tar.NewWriter(&b)
	check(p.WriteHeader(&tar.Header{Name: "link", Linkname: "target", Typeflag: tar.TypeSymlink}))
	check(p.WriteHeader(&tar.Header{Name: "in.zip", Size: int64(len(inner)), PAXRecords: map[string]string{"SCHILY.xattr.user.x": "attribute"}, Typeflag: tar.TypeReg}))
	must(io.WriteString(p, inner))
	check(p.Close())
	middle := bytes.Clone(b.Bytes())

	b.Reset()
	g := gzip.NewWriter(&b)
	g.Name, g.Comment = "name", "comment of the stream"
	must(g.Write(middle))
	check(g.Close())

	v := seen(t, b.Bytes(), Limits{})
	v.wants(t, map[string]string{"in.zip!a": "data"})
	for name, words := range map[string][]string{"": {"name", "comment of the stream", "target", "attribute"}, "in.zip": {"comment of the zip", "comment of a", "extra"}} {
		for _, word := range words {
			if !strings.Contains(v.meta[name], word) {
				t.Errorf("Meta of %q is %q, want %q in it", name, v.meta[name], word)
			}
		}
	}
	if strings.Contains(v.meta["in.zip"], "t\n") {
		t.Errorf("Meta has a field of times: %q", v.meta["in.zip"])
	}
}

func TestKind(t *testing.T) {
	old := tarOf(file{"f", "x"})
	copy(old[257:], make([]byte, 255))
	sum := 256
	for _, c := range append(old[:148:148], old[156:512]...) {
		sum += int(c)
	}
	copy(old[148:], fmt.Sprintf("%06o\x00 ", sum))
	tests := []struct {
		name string
		head []byte
		want string
	}{
		{"f", zipOf(two...), "zip"}, {"f", zipOf(), "zip"}, {"f", tarOf(two...), "tar"}, {"f", old, "tar"}, {"f", gz(nil), "gzip"}, {"f", zst([]byte("x")), "zstd"},
		{"f", xzip(nil), "xz"}, {"f", bz2, "bzip2"}, {"f", arOf(), "ar"}, {"f", cpioOf(), "cpio"}, {"f", []byte("7z\xbc\xaf\x27\x1c\x00"), "7z"},
		{"f", []byte("Rar!\x1a\x07\x01\x00"), "rar"}, {"f.lzma", lz([]byte("x")), "lzma"}, {"f", lz([]byte("x")), ""}, {"f.br", []byte("\x0b\x02\x80data\x03"), "brotli"},
		{"page.br", []byte("a text about <br>"), ""}, {"app.browser.zip", []byte("text"), ""}, {"f", []byte("BZh9 is a word"), ""}, {"f", make([]byte, 512), ""},
		{"f", []byte("PK"), ""}, {"f", nil, ""},
	}
	for _, test := range tests {
		if got := Kind(test.name, test.head); got != test.want {
			t.Errorf("Kind(%q, %.12q) = %q, want %q", test.name, test.head, got, test.want)
		}
	}
}

func TestProblems(t *testing.T) {
	stored := zipOf(file{"a", "some data"})
	entry := bytes.Index(stored, []byte(entrySignature))
	tests := []struct {
		name    string
		archive []byte
		limits  Limits
		problem string
	}{
		{"7z", []byte("7z\xbc\xaf\x27\x1c\x00\x04"), Limits{}, ": a 7z archive: its members are not unpacked"},
		{"rar within tar", tarOf(file{"x.rar", "Rar!\x1a\x07\x01\x00"}), Limits{}, "x.rar: a rar archive: its members are not unpacked"},
		{"encrypted", patch(stored, entry+8, uint16(1)), Limits{}, "a: encrypted"},
		{"method", patch(stored, entry+10, uint16(9)), Limits{}, "a: zip compression method 9"},
		{"checksum", patch(stored, entry+16, uint32(1)), Limits{}, "a: read: bad checksum"},
		{"entry outside", patch(stored, entry+42, uint32(1<<30)), Limits{}, "outside the archive"},
		{"too deep", tarOf(file{"a.tar", string(tarOf(file{"b.tar", string(tarOf(file{"c", "x"}))}))}), Limits{Depth: 2}, "a.tar!b.tar: archives in each other deeper than 2"},
		{"too many", tarOf(file{"a", ""}, file{"b", ""}, file{"c", ""}, file{"d", ""}), Limits{Members: 2}, "more than 2 members"},
		{"too large", gz(make([]byte, 5000)), Limits{MemberSize: 1000}, "larger than 1000 bytes"},
		{"too much", zipOf(file{"a", strings.Repeat("x", 3000)}, file{"b", strings.Repeat("x", 3000)}, file{"c", "d"}), Limits{TotalSize: 1000}, "b: more than 1000 bytes in all"},
		{"ratio", gz(make([]byte, 300<<20)), Limits{}, "more than 200 times"},
		{"gzip cut short", gz([]byte("data that is cut"))[:20], Limits{}, "gzip: unexpected EOF"},
		{"behind gzip", append(gz([]byte("data")), "garbage that is long enough"...), Limits{}, "gzip: "},
		{"tar cut short", tarOf(two[1])[:1000], Limits{}, "dir/b.txt: read: unexpected EOF"},
		{"tar with a false size", falseSize(), Limits{}, "a: read: unexpected EOF"},
		{"xz with a large window", greedy(t, 40), Limits{}, "is more than 67108864"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			v := seen(t, test.archive, test.limits)
			if len(v.problems) == 0 || !strings.Contains(v.problems[0], test.problem) {
				t.Errorf("problems %q, want first %q", v.problems, test.problem)
			}
		})
	}
}

func falseSize() []byte {
	var b bytes.Buffer
	check(tar.NewWriter(&b).WriteHeader(&tar.Header{Name: "a", Size: 1 << 60, Typeflag: tar.TypeReg, Format: tar.FormatGNU}))
	return append(b.Bytes(), "little"...)
}

// A member that is packed is visited as it is, so that nothing stays unread.
func TestPackedMemberIsVisited(t *testing.T) {
	const rar = "Rar!\x1a\x07\x01\x00 a stored file"
	if v := seen(t, tarOf(file{"x.rar", rar}), Limits{}); v.files["x.rar"] != rar {
		t.Errorf("files %q, want the packed one", v.files)
	}
	deep := string(zipOf(two...))
	if v := seen(t, tarOf(file{"x.zip", deep}), Limits{Depth: 1}); v.files["x.zip"] != deep {
		t.Errorf("files %d, want the zip as it is", len(v.files))
	}
}

// A zip that is too large to hold, or whose directory is gone, has the same members as one that is read by it.
func TestZipWithoutDirectory(t *testing.T) {
	whole := deflated(two...)
	large := seen(t, tarOf(file{"z", string(whole)}), Limits{Buffer: 10})
	large.wants(t, map[string]string{"z!a.txt": two[0].data, "z!dir/b.txt": two[1].data})
	if !strings.Contains(large.meta["z"], entrySignature) {
		t.Errorf("the directory is not visited: %q", large.meta["z"])
	}
	cut := seen(t, whole[:bytes.Index(whole, []byte(entrySignature))], Limits{})
	cut.wantsProblem(t, "one after the other")
	cut.problems = nil
	cut.wants(t, map[string]string{"a.txt": two[0].data, "dir/b.txt": two[1].data})
}

// What is stored without a size goes on to the next header.
func TestStoredWithoutSize(t *testing.T) {
	v := seen(t, tarOf(file{"z", string(zipOf(two...))}), Limits{Buffer: 10})
	v.wantsProblem(t, "z!a.txt: zip: an entry without a size")
	v.problems = nil
	v.wants(t, map[string]string{"z!a.txt": two[0].data, "z!dir/b.txt": two[1].data})
}

func commented(files ...file) []byte {
	b := deflated(files...)
	return append(patch(b, len(b)-2, uint16(9)), "a comment"...)
}

func deflated(files ...file) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		must(io.WriteString(must(z.Create(f.name)), f.data))
	}
	check(z.Close())
	return b.Bytes()
}

func TestWalkStops(t *testing.T) {
	archive := tarOf(two...)
	mine := errors.New("mine")
	for _, fail := range []struct {
		name string
		at   func(Member, context.CancelFunc) error
		want error
	}{
		{"with the visitor's error", func(Member, context.CancelFunc) error { return mine }, mine},
		{"when cancelled", func(_ Member, cancel context.CancelFunc) error { cancel(); return nil }, context.Canceled},
	} {
		t.Run(fail.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			calls := 0
			err := Walk(ctx, bytes.NewReader(archive), int64(len(archive)), Limits{}, func(m Member) error {
				calls++
				return fail.at(m, cancel)
			})
			if err != fail.want || calls != 1 {
				t.Errorf("Walk = %v after %d calls, want %v after 1", err, calls, fail.want)
			}
		})
	}
}

// A visitor that reads nothing sees the same members.
func TestVisitorMayReadNothing(t *testing.T) {
	archive := gz(tarOf(file{"a", strings.Repeat("x", 100_000)}, file{"z", string(zipOf(two...))}, file{"r", string(arOf(two...))}))
	names := ""
	check(Walk(t.Context(), bytes.NewReader(archive), int64(len(archive)), Limits{}, func(m Member) error {
		names += m.Name + m.Problem + " "
		return nil
	}))
	if want := "a z!a.txt z!dir/b.txt r!a.txt r!dir/b.txt "; names != want {
		t.Errorf("visited %q, want %q", names, want)
	}
}
