package redact

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// needle is bytes to look for.
type needle struct {
	text     string
	value    int    // index of the value that they stand for
	encoding string // "raw", or how they are encoded
	run      *run   // what to take with them; nil for nothing
}

const (
	window  = 4
	minText = minTelling // of a needle, in bytes
	stride  = minText - window + 1
	sparse  = 16 // bits of the filter for each window that is in it
)

// needles finds many texts at once. Every stride bytes of a text it looks at a window of four: wherever a needle stands, one
// of its first windows is looked at. So of five windows of a text four are never read.
type needles struct {
	all     []needle
	seen    map[string]bool
	windows map[uint32][]anchor
	bits    []uint64
	shift   uint32 // of a hash, to a bit
}

// anchor is a window of a needle.
type anchor struct {
	needle *needle
	at     int // of the window in the needle
}

func (s *needles) add(n encoded, value int) {
	if len(n.text) < minText || s.seen[n.text] {
		return
	}
	if s.seen == nil {
		s.seen = map[string]bool{}
	}
	s.seen[n.text] = true
	s.all = append(s.all, needle{n.text, value, n.name, n.run})
}

func (s *needles) finish() {
	size := max(bits.Len(uint(len(s.all)*stride*sparse)), 16)
	s.windows, s.bits, s.seen, s.shift = make(map[uint32][]anchor, len(s.all)*stride), make([]uint64, 1<<size/64), nil, uint32(32-size)
	for i := range s.all {
		n := &s.all[i]
		for at := range stride {
			w := binary.LittleEndian.Uint32([]byte(n.text[at : at+window]))
			s.windows[w] = append(s.windows[w], anchor{n, at})
			h := s.hash(w)
			s.bits[h/64] |= 1 << (h % 64)
		}
	}
}

// hash takes few instructions and spreads windows over the filter.
func (s *needles) hash(w uint32) uint32 { return w * 2654435761 >> s.shift }

// each calls f for every needle in text, until it says no.
func (s *needles) each(text []byte, f func(start int, n *needle) bool) {
	for i := 0; i+window <= len(text); i += stride {
		w := binary.LittleEndian.Uint32(text[i:])
		if h := s.hash(w); s.bits[h/64]&(1<<(h%64)) == 0 {
			continue
		}
		for _, a := range s.windows[w] {
			start := i - a.at
			if start < 0 || start+len(a.needle.text) > len(text) || string(text[start:start+len(a.needle.text)]) != a.needle.text {
				continue
			}
			if !f(start, a.needle) {
				return
			}
		}
	}
}

// run is the characters that an encoding is written in.
type run struct{ in [256]bool }

func newRun(characters string) *run {
	r := &run{}
	for i := range len(characters) {
		r.in[characters[i]] = true
	}
	return r
}

// maxRun bounds how far a run is followed to either side, in bytes.
const maxRun = 64 << 10

// around is text[start:end] with all characters of the run on both sides, and the padding behind it.
func (r *run) around(text []byte, start, end int) (int, int) {
	for first := max(start-maxRun, 0); start > first && r.in[text[start-1]]; {
		start--
	}
	for last := min(end+maxRun, len(text)); end < last && r.in[text[end]]; {
		end++
	}
	for padding := min(end+2, len(text)); end < padding && bytes.IndexByte([]byte("="), text[end]) >= 0; {
		end++
	}
	return start, end
}
