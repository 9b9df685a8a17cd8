package gitview

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/klauspost/compress/zlib"
)

// noCanary looks for words in every file below dir: as they are, in hexadecimal, in base64 at each alignment, and in
// whatever is a zlib stream at any offset, which covers loose objects and packs without trusting an index.
func noCanary(t testing.TB, dir string, words ...string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, word := range words {
			if where := leak(content, word); where != "" {
				t.Errorf("%s holds the canary, %s", path, where)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func leak(content []byte, word string) string {
	if where := plainLeak(content, word); where != "" {
		return where
	}
	for at := 0; at+2 < len(content); at++ {
		if content[at]&0x0f != 8 || (int(content[at])<<8+int(content[at+1]))%31 != 0 {
			continue
		}
		z, err := zlib.NewReader(bytes.NewReader(content[at:]))
		if err != nil {
			continue
		}
		inflated, _ := io.ReadAll(io.LimitReader(z, 1<<20))
		if where := plainLeak(inflated, word); where != "" {
			return "deflated and " + where
		}
	}
	return ""
}

func plainLeak(content []byte, word string) string {
	if bytes.Contains(content, []byte(word)) {
		return "plain"
	}
	if len(word) < 8 { // Encoded, it would be found anywhere.
		return ""
	}
	if bytes.Contains(content, []byte(hex.EncodeToString([]byte(word)))) {
		return "in hexadecimal"
	}
	for shift := range 3 {
		coded := base64.StdEncoding.EncodeToString([]byte("###"[:shift] + word))
		if bytes.Contains(content, []byte(coded[4:len(coded)-4])) {
			return "in base64"
		}
	}
	return ""
}

func TestLeakFinds(t *testing.T) {
	p := newProject(t)
	p.write("x", "before "+canary+" after")
	p.commit("first")
	loose := findLeak(t, p.dir+"/.git")
	p.git("repack", "-adq")
	p.git("prune-packed")
	if packed := findLeak(t, p.dir+"/.git"); !loose || !packed {
		t.Errorf("loose %v, packed %v: want both found", loose, packed)
	}
	if plainLeak([]byte(base64.StdEncoding.EncodeToString([]byte("xx"+canary))), canary) == "" {
		t.Error("base64 is not found")
	}
}

func findLeak(t *testing.T, dir string) (found bool) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		found = found || leak(content, canary) != ""
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
