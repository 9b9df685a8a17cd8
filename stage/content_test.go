package stage

import (
	"bytes"
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"cofferdam/internal/need"
)

// Every way of copying gives the same bytes, with holes at every place, and no more than was asked for.
func TestDuplicator(t *testing.T) {
	dir := t.TempDir()
	r := rand.New(rand.NewPCG(1, 1))
	for range 40 {
		size := r.Int64N(1 << 20)
		src, err := os.Create(filepath.Join(dir, "src"))
		if err != nil {
			t.Fatal(err)
		}
		if err := src.Truncate(size); err != nil {
			t.Fatal(err)
		}
		for range r.IntN(4) {
			block := bytes.Repeat([]byte{byte(1 + r.IntN(255))}, r.IntN(100_000))
			at := r.Int64N(size + 1)
			if _, err := src.WriteAt(block[:min(int64(len(block)), size-at)], at); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(src.Name())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := src.WriteAt([]byte("grown"), size); err != nil {
			t.Fatal(err)
		}
		plain, noReflink, best := &duplicator{}, &duplicator{}, &duplicator{}
		plain.noReflink.Store(true)
		plain.noKernelCopy.Store(true)
		noReflink.noReflink.Store(true)
		for _, d := range []*duplicator{plain, noReflink, best} {
			checkDuplicate(t, d, src, want)
		}
		src.Close()
	}
}

func checkDuplicate(t *testing.T, d *duplicator, src *os.File, want []byte) {
	t.Helper()
	dst, err := os.Create(filepath.Join(filepath.Dir(src.Name()), "dst"))
	if err != nil {
		t.Fatal(err)
	}
	defer dst.Close()
	if err := d.copy(context.Background(), dst, src, int64(len(want))); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(dst.Name())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Fatalf("the copy of %d bytes has %d, or others", len(want), len(got))
	}
}

// A full disk is an error of the place that is written to, not of the file that is read.
func TestDuplicatorOnFullDisk(t *testing.T) {
	src, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	if _, err := src.Write(make([]byte, 1<<20)); err != nil {
		t.Fatal(err)
	}
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	need.Nil(t, "dev-full", err)
	defer full.Close()
	err = (&duplicator{}).copyRange(context.Background(), full, src, 0, 1<<20)
	if _, ofSource := err.(sourceError); err == nil || ofSource {
		t.Errorf("copy to a full disk = %v, want %v", err, unix.ENOSPC)
	}
}
