package unpack

import (
	"bytes"
	"compress/gzip"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
)

// source64 is a tar of 64 MiB that packs about as well as source text does.
func source64() []byte {
	r := rand.New(rand.NewPCG(1, 2))
	words := make([]string, 5000)
	for i := range words {
		words[i] = strings.Repeat(string(rune('a'+r.IntN(26))), 1+r.IntN(3)) + string(rune('a'+r.IntN(26))) + string(rune('a'+r.IntN(26)))
	}
	files := make([]file, 1024)
	for i := range files {
		var b strings.Builder
		for b.Len() < 64<<10 {
			b.WriteString(words[int(r.ExpFloat64()*500)%len(words)])
			b.WriteByte(" \n.("[r.IntN(4)])
		}
		files[i] = file{"dir/file.go", b.String()}
	}
	return tarOf(files...)
}

// BenchmarkWalk compares a walk with reading the tar as it is, and with undoing gzip alone.
func BenchmarkWalk(b *testing.B) {
	plain := source64()
	run := func(name string, read func() error) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(plain)))
			b.ReportAllocs()
			for b.Loop() {
				check(read())
			}
		})
	}
	walk := func(archive []byte) func() error {
		return func() error {
			_, err := walked(b.Context(), bytes.NewReader(archive), int64(len(archive)), Limits{}, false)
			return err
		}
	}
	packed := gz(plain)
	run("read", func() error {
		_, err := io.Copy(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{bytes.NewReader(plain)})
		return err
	})
	run("tar", walk(plain))
	run("gunzip", func() error {
		_, err := io.Copy(io.Discard, must(gzip.NewReader(bytes.NewReader(packed))))
		return err
	})
	run("tar.gz", walk(packed))
	run("tar.zst", walk(zst(plain)))
	run("zip", walk(deflated(file{"source.tar", string(plain)})))
}
