package cache

import (
	"bytes"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// For every result: parse(append(r)) equals r, and no other bytes but those of a result parse.
func FuzzResult(f *testing.F) {
	for n := range 8 {
		f.Add(appendResult(nil, result(n)))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r, ok := parseResult(b)
		if !ok {
			if !cmp.Equal(r, Result{}) {
				t.Errorf("parseResult of what is no result = %v", r)
			}
			return
		}
		again, ok := parseResult(appendResult(nil, r))
		if !ok || !equal(again, r) {
			t.Errorf("parse(append(r)) = %v, %v; want %v", again, ok, r)
		}
	})
}

// equal is equality with NaN like itself.
func equal(a, b Result) bool { return bytes.Equal(appendResult(nil, a), appendResult(nil, b)) }

// A few bytes cannot ask for much memory.
func TestParseIsBounded(t *testing.T) {
	huge := bytes.Repeat([]byte{0xff}, 8)
	for name, b := range map[string][]byte{
		"text":     append([]byte{hasDetail}, append(huge, 0x7f)...),
		"problems": append([]byte{hasDetail, 0}, append(huge, 0x7f)...),
		"findings": append([]byte{hasDetail, 0, 0, 0xff, 0xff, 0x3e}, make([]byte, maxResult-6)...),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, ok := parseResult(b)
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; ok || used > 128<<20 {
			t.Errorf("%s: ok %v, %d MB", name, ok, used>>20)
		}
	}
}

func TestNothingFollowsAResult(t *testing.T) {
	for n := range 8 {
		b := appendResult(nil, result(n))
		if _, ok := parseResult(append(b, 0)); ok {
			t.Errorf("result %d with a byte after it was parsed", n)
		}
	}
}

func TestLongBlobIsNotRead(t *testing.T) {
	for length, want := range map[int]bool{maxResult: true, maxResult + 1: false} {
		s := store{records: appendRecord(nil, Key{}, Content{}, readAt, 0, length), blobs: make([]byte, 2*maxResult)}
		if _, ok := s.blob(0); ok != want {
			t.Errorf("a blob of %d bytes: %v, want %v", length, ok, want)
		}
	}
}
