package unpack

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// asking is the xz file with another window.
func asking(t testing.TB, b []byte, property byte) []byte {
	header := b[12 : 12+(int(b[12])+1)*4]
	at := bytes.Index(header, []byte{0x21, 1})
	if at < 0 {
		t.Fatal("no filter in the header of the block")
	}
	header[at+2] = property
	binary.LittleEndian.PutUint32(header[len(header)-4:], crc32.ChecksumIEEE(header[:len(header)-4]))
	return b
}

// greedy is an xz file that asks for a window and is too long for its need to be seen. 28 is 64 MiB, the most that is
// granted; 40 is 4 GiB.
func greedy(t testing.TB, property byte) []byte {
	data := make([]byte, 2*bufferSize)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range data {
		data[i] = byte(r.Uint32())
	}
	return asking(t, xzip(data), property)
}

func TestBombs(t *testing.T) {
	many := make([]file, 3000)
	for i := range many {
		many[i] = file{"e", ""}
	}
	level := string(deflated(file{"0", strings.Repeat("0", 1<<20)}))
	for range 7 { // ten in each, as 42.zip has it
		level = string(deflated(slices.Repeat([]file{{"z.zip", level}}, 10)...))
	}
	overlapping := deflated(file{"x", ""}, file{"a", strings.Repeat("\x00", 30<<20)})
	tests := []struct {
		name    string
		archive []byte
		limits  Limits
		most    int64  // bytes visited
		problem string // the last one
	}{
		{"zeros in gzip", zeroBomb(), Limits{}, 260 << 20, "more than 200 times"},
		{"zeros in gzip in gzip", gz(zeroBomb()), Limits{}, 300 << 20, "more than 200 times"},
		{"zips in zips", []byte(level), Limits{TotalSize: 64 << 20}, 80 << 20, "more than 67108864 bytes in all"},
		{"entries that share data", sharing(overlapping, 500), Limits{}, 300 << 20, "the other entries are not unpacked"},
		{"empty members", tarOf(many...), Limits{Members: 1000}, 0, "more than 1000 members"},
		{"empty entries", zipOf(many...), Limits{Members: 1000}, 0, "more than 1000 members"},
		{"holes", sparse(), Limits{}, 260 << 20, "more than 200 times"},
		{"windows", tarOf(slices.Repeat([]file{{"w.xz", string(greedy(t, 28))}}, 400)...), Limits{}, 64 << 20, "of memory for decoders"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			v, err := walked(t.Context(), bytes.NewReader(test.archive), int64(len(test.archive)), test.limits, false)
			runtime.ReadMemStats(&after)
			if err != nil || len(v.problems) == 0 || len(v.problems) > 400 || v.bytes > test.most {
				t.Fatalf("%d bytes visited, %d problems, error %v, want at most %d bytes and a problem", v.bytes, len(v.problems), err, test.most)
			}
			if last := v.problems[len(v.problems)-1]; !strings.Contains(last, test.problem) {
				t.Errorf("problem %q, want %q", last, test.problem)
			}
			if grown := after.HeapSys - min(before.HeapSys, after.HeapSys); grown > 200<<20 {
				t.Errorf("the heap grew by %d MiB", grown>>20)
			}
		})
	}
}

// zeroBomb is ten gigabytes of zeros, in streams one behind the other.
func zeroBomb() []byte { return bytes.Repeat(gz(make([]byte, 64<<20)), 160) }

// sharing is the archive with the last entry of its directory n times.
func sharing(archive []byte, n int) []byte {
	at := bytes.LastIndex(archive, []byte(entrySignature))
	end := bytes.LastIndex(archive, []byte(endSignature))
	first := bytes.Index(archive, []byte(entrySignature))
	entry := archive[at:end]
	b := append(slices.Clone(archive[:first]), bytes.Repeat(entry, n)...)
	record := slices.Clone(archive[end:])
	binary.LittleEndian.PutUint16(record[8:], uint16(n))
	binary.LittleEndian.PutUint16(record[10:], uint16(n))
	binary.LittleEndian.PutUint32(record[12:], uint32(n*len(entry)))
	return append(b, record...)
}

// sparse is a tar whose member is a terabyte of nothing.
func sparse() []byte {
	b := tarOf(file{"holes", ""})
	header := b[:512]
	header[156] = 'S'
	copy(header[257:], "ustar  \x00")
	copy(header[483:], "\x80\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00")
	sum := 0
	copy(header[148:], "        ")
	for _, c := range header {
		sum += int(c)
	}
	copy(header[148:], []byte{byte('0' + sum>>15&7), byte('0' + sum>>12&7), byte('0' + sum>>9&7), byte('0' + sum>>6&7), byte('0' + sum>>3&7), byte('0' + sum&7), 0, ' '})
	return b
}

// samples is one archive of each sort, small.
func samples() map[string][]byte {
	inner := []file{{"a.txt", "first"}, {"b", strings.Repeat("second ", 20)}}
	return map[string][]byte{
		"zip":  zipOf(append(inner, file{"in.zip", string(zipOf(inner...))})...),
		"tar":  tarOf(append(inner, file{"in.zip", string(zipOf(inner...))})...),
		"ar":   arOf(append(inner, file{"in.gz", string(gz([]byte("third")))})...),
		"cpio": cpioOf(append(inner, file{"in.xz", string(xzip([]byte("third")))})...),
		"gzip": gz(zipOf(inner...)),
		"zstd": zst(arOf(inner...)),
		"xz":   xzip(arOf(inner...)),
		"lzma": zipOf(file{"in.lzma", string(lz([]byte("third")))}),
		"bz2":  bz2,
	}
}

// For every archive and every place that it is cut at: what is visited is the start of what was packed, and where
// anything is missing there is a problem.
func TestCutAtEveryByte(t *testing.T) {
	for name, archive := range samples() {
		t.Run(name, func(t *testing.T) {
			whole := seen(t, archive, Limits{})
			if len(whole.problems) > 0 || len(whole.files) == 0 {
				t.Fatalf("the whole archive: %d files, problems %q", len(whole.files), whole.problems)
			}
			for cut := range archive {
				v := seen(t, archive[:cut], Limits{})
				missing := false
				for name, data := range whole.files {
					missing = missing || v.files[name] != data
				}
				if name == "ar" && len(v.problems) == 0 {
					continue // it has no end: a cut between members cannot be seen
				}
				if missing && len(v.problems) == 0 && Detect(bytes.NewReader(archive[:cut]), int64(cut)) != "" {
					t.Errorf("cut at %d of %d: files %q and no problem", cut, len(archive), v.files)
				}
			}
		})
	}
}

// For every archive with one byte changed: no panic, and no end that does not come.
func TestEveryByteChanged(t *testing.T) {
	for name, archive := range samples() {
		t.Run(name, func(t *testing.T) {
			for at := range archive {
				for _, flip := range []byte{1, 0x80, 0xff} {
					b := slices.Clone(archive)
					b[at] ^= flip
					seen(t, b, Limits{TotalSize: 1 << 20})
				}
			}
		})
	}
}

func FuzzWalk(f *testing.F) {
	for _, archive := range samples() {
		f.Add(archive)
	}
	f.Add(sparse())
	f.Add(asking(f, xzip([]byte("data")), 40))
	limits := Limits{Depth: 4, Members: 200, MemberSize: 1 << 20, TotalSize: 4 << 20, Buffer: 1 << 20}
	f.Fuzz(func(t *testing.T, archive []byte) {
		v, err := walked(t.Context(), bytes.NewReader(archive), int64(len(archive)), limits, false)
		if err != nil {
			t.Error(err)
		}
		for _, p := range v.problems {
			if strings.Contains(p, "BUG") {
				t.Error(p)
			}
		}
		if most := int64(limits.Members * 4); int64(v.count) > most {
			t.Errorf("%d visits, want at most %d", v.count, most)
		}
	})
}
