package rules

import "strings"

// index finds the patterns for one name that can match it, without trying them all: most are a literal or *.ext. Nearly
// every name is rejected by a bit in a table before anything of it is hashed or compared.
type index struct {
	literals map[string][]int
	sketches bitSet // of the literals
	suffixes suffixes
	starts   map[uint16][]globRef // by the first three bytes of the pattern
	prefixes bitSet               // of those
	chunks   map[uint16][]chunkRef
	threes   bitSet // of the keys of chunks
	others   []globRef
	globs    bool // whether any pattern is not a literal
}

type globRef struct {
	glob string
	id   int
}

type chunkRef struct {
	chunk string // a literal part of glob
	globRef
}

// bitSet is a set of numbers below 1<<15.
type bitSet [1 << 9]uint64

func (s *bitSet) add(n uint16)      { s[n>>6&511] |= 1 << (n & 63) }
func (s *bitSet) has(n uint16) bool { return s[n>>6&511]&(1<<(n&63)) != 0 }

func newIndex() *index {
	return &index{literals: map[string][]int{}, starts: map[uint16][]globRef{}, chunks: map[uint16][]chunkRef{}}
}

func (x *index) add(glob string, id int) {
	ref := globRef{glob, id}
	if !hasMeta(glob) {
		x.literals[glob] = append(x.literals[glob], id)
		x.sketches.add(sketch(glob))
		return
	}
	x.globs = true
	if suffix := glob[1:]; glob[0] == '*' && suffix != "" && !hasMeta(suffix) {
		x.suffixes.add(suffix, id)
		return
	}
	if len(glob) > 2 && !hasMeta(glob[:3]) {
		key := three(glob[0], glob[1], glob[2])
		x.starts[key] = append(x.starts[key], ref)
		x.prefixes.add(key)
		return
	}
	chunk := longestLiteral(glob)
	if len(chunk) < 3 {
		x.others = append(x.others, ref)
		return
	}
	key := three(chunk[0], chunk[1], chunk[2])
	x.chunks[key] = append(x.chunks[key], chunkRef{chunk, ref})
	x.threes.add(key)
}

// sketch is a number below 1<<15 that few names have in common. A name is not empty.
func sketch(name string) uint16 {
	n := uint32(len(name))
	h := uint32(name[0]) | uint32(name[n/2])<<8 | uint32(name[n-1])<<16 | n<<24
	return uint16(h * 0x9e3779b1 >> 17)
}

// three is three bytes as a number below 1<<15: letters as they are, without their case.
func three(a, b, c byte) uint16 { return uint16(a&31)<<10 | uint16(b&31)<<5 | uint16(c&31) }

// longestLiteral is the longest part of a glob between wildcards; a set counts as one.
func longestLiteral(glob string) string {
	best, start := "", 0
	for i := 0; i <= len(glob); i++ {
		if i < len(glob) && !strings.Contains(globMeta, glob[i:i+1]) {
			continue
		}
		if i-start > len(best) {
			best = glob[start:i]
		}
		if i < len(glob) && glob[i] == '[' {
			i += strings.IndexByte(glob[i:], ']')
		}
		start = i + 1
	}
	return best
}

// mayMatch reports whether a pattern can match name. Where all are literals, few names can.
func (x *index) mayMatch(name string) bool {
	return name != "" && (x.globs || x.sketches.has(sketch(name)))
}

// each calls f for every pattern that matches name, some of them twice.
func (x *index) each(name string, f func(id int)) {
	if !x.mayMatch(name) {
		return
	}
	if x.sketches.has(sketch(name)) {
		for _, id := range x.literals[name] {
			f(id)
		}
	}
	if !x.globs {
		return
	}
	x.suffixes.each(name, f)
	if len(name) > 2 {
		if key := three(name[0], name[1], name[2]); x.prefixes.has(key) {
			eachGlob(x.starts[key], name, f)
		}
	}
	x.eachChunk(name, f)
	eachGlob(x.others, name, f)
}

func (x *index) eachChunk(name string, f func(id int)) {
	key := uint16(0) // of the last three bytes
	for i := range len(name) {
		key = (key<<5 | uint16(name[i]&31)) & (1<<15 - 1)
		if i < 2 || !x.threes.has(key) {
			continue
		}
		for _, c := range x.chunks[key] {
			if strings.HasPrefix(name[i-2:], c.chunk) && glob(c.glob, name) {
				f(c.id)
			}
		}
	}
}

func eachGlob(refs []globRef, name string, f func(id int)) {
	for _, ref := range refs {
		if glob(ref.glob, name) {
			f(ref.id)
		}
	}
}
