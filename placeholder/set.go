package placeholder

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
)

// Set is tokens of a session. Nobody changes it.
type Set struct {
	tokens []token // by text
	tags   map[string][]int32
	plain  index // eight characters of a tag, in any case
	hex    index // eight bytes of a tag as hexadecimal digits
	base64 index // ten digits that six or more characters of a tag give at any place of base64
}

type token struct {
	text, name string
	bare       string // its letters and digits
}

// NewSet is the tokens of all records.
func NewSet(records ...*Record) *Set {
	named := map[string]string{}
	for _, r := range records {
		for _, p := range r.Places {
			if isToken(p.Token) && named[p.Token] == "" {
				named[p.Token] = p.Name
			}
		}
	}
	return newSet(named)
}

// newSet makes a set of names by their tokens.
func newSet(named map[string]string) *Set {
	s := &Set{tags: make(map[string][]int32, len(named))}
	for text, name := range named {
		s.tokens = append(s.tokens, token{text: text, name: name, bare: strings.ReplaceAll(text, "_", "")})
	}
	slices.SortFunc(s.tokens, func(a, b token) int { return strings.Compare(a.text, b.text) })
	for i, t := range s.tokens {
		tag := tagOf(t.text)
		s.tags[tag] = append(s.tags[tag], int32(i))
	}
	s.build()
	return s
}

func (s *Set) build() {
	s.plain = newIndex(len(s.tags) * (tagSize - plainWindow + 1))
	s.hex, s.base64 = newIndex(len(s.tags)*4), newIndex(len(s.tags)*6)
	for tag, ids := range s.tags {
		for at := 0; at+plainWindow <= tagSize; at++ {
			s.plain.add(codes(&plainCodes, plainBits, tag[at:at+plainWindow]), entry{ids[0], int32(at + plainWindow)})
		}
		for _, form := range []string{tag, strings.ToLower(tag)} {
			digits := hex.EncodeToString([]byte(form))
			for _, at := range []int{0, len(digits) - hexWindow} {
				s.hex.add(codes(&hexCodes, hexBits, digits[at:at+hexWindow]), entry{token: ids[0]})
			}
		}
		for shift := range 3 {
			digits := base64Core(tag, shift)
			for _, at := range []int{0, len(digits) - base64Window} {
				s.base64.add(codes(&base64Codes, base64Bits, digits[at:at+base64Window]), entry{token: ids[0]})
			}
		}
	}
}

// base64Core is the digits that tag alone decides where it stands shift bytes behind a group of three.
func base64Core(tag string, shift int) string {
	digits := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("\x00", shift) + tag))
	return digits[(8*shift+5)/6 : 8*(shift+len(tag))/6]
}

// Len is the number of tokens.
func (s *Set) Len() int { return len(s.tokens) }

// Taken reports whether raw has a whole token of the set in it, in its own encoding or in UTF-16. A project that has can
// not be staged with this key.
func (s *Set) Taken(raw []byte) bool {
	narrow := bytes.Contains(raw, []byte(prefix))
	wide := bytes.Contains(raw, widePrefix)
	if !narrow && !wide {
		return false
	}
	for _, found := range s.find(raw) {
		if found.Known && (found.Damage == Whole || wide && found.Damage == Split) {
			return true
		}
	}
	return false
}

// widePrefix is what the prefix is in UTF-16 of both kinds, without a zero at either end.
var widePrefix = []byte(strings.Join(strings.Split(prefix, ""), "\x00"))

// entry is what a window of characters is of.
type entry struct {
	token int32
	end   int32 // where the window ends in the tag
}

// index finds entries by the code of a window. Few windows get past the bits.
type index struct {
	bits    []uint64
	shift   uint
	entries map[uint64]entry
}

func newIndex(size int) index {
	shift := uint(64 - 12)
	for 1<<(64-shift) < 16*size && shift > 64-26 {
		shift--
	}
	return index{bits: make([]uint64, 1<<(64-shift-6)), shift: shift, entries: make(map[uint64]entry, size)}
}

func (x *index) slot(code uint64) uint64 { return code * 0x9E3779B97F4A7C15 >> x.shift }

func (x *index) add(code uint64, e entry) {
	slot := x.slot(code)
	x.bits[slot>>6] |= 1 << (slot & 63)
	if _, taken := x.entries[code]; !taken {
		x.entries[code] = e
	}
}

func (x *index) find(code uint64) (entry, bool) {
	slot := x.slot(code)
	if x.bits[slot>>6]>>(slot&63)&1 == 0 {
		return entry{}, false
	}
	e, ok := x.entries[code]
	return e, ok
}
