package rules

import "strings"

// index finds the patterns for one name that can match it, without trying them all: most are a literal or *.ext.
type index struct {
	literals map[string][]int
	suffixes map[string][]int // of *suffix
	starts   [256]bool        // first bytes of the suffixes
	prefixes [256][]globRef   // by the first byte of the pattern
	chunks   map[uint16][]chunkRef
	pairs    [1 << 10]uint64 // bit set of the keys of chunks
	others   []globRef
}

type globRef struct {
	glob string
	id   int
}

type chunkRef struct {
	chunk string // a literal part of glob
	globRef
}

func newIndex() *index {
	return &index{literals: map[string][]int{}, suffixes: map[string][]int{}, chunks: map[uint16][]chunkRef{}}
}

func (x *index) add(glob string, id int) {
	ref := globRef{glob, id}
	if !hasMeta(glob) {
		x.literals[glob] = append(x.literals[glob], id)
		return
	}
	if suffix := glob[1:]; glob[0] == '*' && suffix != "" && !hasMeta(suffix) {
		x.suffixes[suffix] = append(x.suffixes[suffix], id)
		x.starts[suffix[0]] = true
		return
	}
	if c := glob[0]; !strings.Contains(globMeta, string(c)) {
		x.prefixes[c] = append(x.prefixes[c], ref)
		return
	}
	chunk := longestLiteral(glob)
	if len(chunk) < 2 {
		x.others = append(x.others, ref)
		return
	}
	key := pair(chunk, 0)
	x.chunks[key] = append(x.chunks[key], chunkRef{chunk, ref})
	x.pairs[key>>6] |= 1 << (key & 63)
}

func pair(s string, i int) uint16 { return uint16(s[i])<<8 | uint16(s[i+1]) }

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

// each calls f for every pattern that matches name, some of them twice.
func (x *index) each(name string, f func(id int)) {
	for _, id := range x.literals[name] {
		f(id)
	}
	for i := range len(name) {
		if x.starts[name[i]] {
			for _, id := range x.suffixes[name[i:]] {
				f(id)
			}
		}
		if i+1 < len(name) {
			if key := pair(name, i); x.pairs[key>>6]&(1<<(key&63)) != 0 {
				x.eachChunk(key, name, i, f)
			}
		}
	}
	if name != "" {
		eachGlob(x.prefixes[name[0]], name, f)
	}
	eachGlob(x.others, name, f)
}

func (x *index) eachChunk(key uint16, name string, at int, f func(id int)) {
	for _, c := range x.chunks[key] {
		if strings.HasPrefix(name[at:], c.chunk) && glob(c.glob, name) {
			f(c.id)
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
