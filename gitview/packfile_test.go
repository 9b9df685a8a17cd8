package gitview

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// packOf is a pack with the objects, by what they hold, and its name without ending.
func packOf(t testing.TB, f *format, plain int64, objects map[oid][]byte) string {
	t.Helper()
	p, err := newPack(f, t.TempDir(), plain, Known{})
	if err != nil {
		t.Fatal(err)
	}
	for _, content := range objects {
		if _, err := p.add(blobKind, content); err != nil {
			t.Fatal(err)
		}
	}
	name, err := p.finish()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(p.dir, name)
}

// TestPackRoundTrip: what goes into a pack comes out of its file, and git finds nothing wrong with it.
func TestPackRoundTrip(t *testing.T) {
	for name, plain := range map[string]int64{"plain": 1 << 30, "deflated": 0, "some plain": 70_000} {
		for _, f := range []*format{formatSHA1, formatSHA256} {
			t.Run(name+" "+f.name, func(t *testing.T) {
				objects := map[oid][]byte{}
				for _, size := range []int{0, 1, 15, 16, 2047, 2048, maxBlock - 1, maxBlock, maxBlock + 1, 2 * maxBlock, fullPacker, 3*fullPacker + 7} {
					content := bytes.Repeat([]byte("0123456789 abcdef\n"), size/18+1)[:size]
					objects[f.id(blobKind, content)] = content
				}
				path := packOf(t, f, plain, objects)
				p, err := openPackFile(f, path)
				if err != nil {
					t.Fatal(err)
				}
				defer p.close()
				if len(p.table.ids) != len(objects) {
					t.Errorf("%d objects, want %d", len(p.table.ids), len(objects))
				}
				for id, want := range objects {
					got, _, err := p.content(id, blobKind, 1<<30)
					if err != nil || !bytes.Equal(got, want) {
						t.Errorf("object of %d bytes: %v, or other bytes", len(want), err)
					}
					if k, size, _, err := p.header(p.spans[id]); err != nil || k != blobKind || size != int64(len(want)) {
						t.Errorf("header of %d bytes: %v %d %v", len(want), k, size, err)
					}
				}
				if out, err := command(filepath.Dir(path), "verify-pack", "--object-format="+f.name, path+".pack").CombinedOutput(); err != nil {
					t.Errorf("git verify-pack: %v: %s", err, out)
				}
			})
		}
	}
}

// FuzzPackFile: no pack makes a reader fail otherwise than with an error, nor give what an id does not say.
func FuzzPackFile(f *testing.F) {
	small := map[oid][]byte{}
	for _, text := range []string{"", "one", strings.Repeat("two", 99)} {
		small[formatSHA1.id(blobKind, []byte(text))] = []byte(text)
	}
	for _, plain := range []int64{0, 1 << 20} {
		path := packOf(f, formatSHA1, plain, small)
		pack, err := os.ReadFile(path + ".pack")
		if err != nil {
			f.Fatal(err)
		}
		index, err := os.ReadFile(path + ".idx")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(pack, index[:len(index)-formatSHA1.size])
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, pack, index []byte) {
		h := formatSHA1.new()
		h.Write(index)
		path := filepath.Join(dir, "pack")
		if os.WriteFile(path+".pack", pack, 0o600) != nil || os.WriteFile(path+".idx", h.Sum(index), 0o600) != nil {
			t.Fatal("cannot write")
		}
		p, err := openPackFile(formatSHA1, path)
		if err != nil {
			return
		}
		defer p.close()
		for _, id := range p.table.ids {
			content, _, err := p.content(id, blobKind, 1<<20)
			if err == nil && formatSHA1.id(blobKind, content) != id {
				t.Errorf("%s has other content", id)
			}
		}
	})
}
