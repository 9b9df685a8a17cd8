package rules

import "strings"

const globMeta = "*?["

func hasMeta(pattern string) bool { return strings.ContainsAny(pattern, globMeta) }

// lower folds ASCII letters alone: bytes of other encodings and of no encoding stay as they are.
func lower(s string) string {
	i := 0
	for ; len(s)-i >= 8; i += 8 {
		if hasUpper(s[i : i+8]) {
			return lowerFrom(s, i)
		}
	}
	for ; i < len(s); i++ {
		if c := s[i]; 'A' <= c && c <= 'Z' {
			return lowerFrom(s, i)
		}
	}
	return s
}

// hasUpper reports whether one of eight bytes is an upper-case letter. The compiler reads them as one number.
func hasUpper(s string) bool {
	const (
		each = 0x0101010101010101 // a number in each byte, times this
		high = 0x80 * each        // the bits that answer; the sums below do not carry beyond them
	)
	_ = s[7]
	eight := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
	ascii := eight & (0x7f * each)
	from := ascii + (0x80-'A')*each
	past := ascii + (0x80-'Z'-1)*each
	return from&^past&^eight&high != 0
}

func lowerFrom(s string, i int) string {
	b := []byte(s)
	for ; i < len(b); i++ {
		b[i] = lowerByte(b[i])
	}
	return string(b)
}

func lowerByte(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// glob reports whether the whole of name matches pattern: * any bytes, ? one byte, [a-z] and [!a-z] a byte of a set. It
// remembers only the last *, so its time is bounded by the product of the lengths.
func glob(pattern, name string) bool {
	p, n := 0, 0
	star, mark := -1, 0
	for n < len(name) {
		if p < len(pattern) {
			if pattern[p] == '*' {
				star, mark = p, n
				p++
				continue
			}
			if width, ok := matchByte(pattern[p:], name[n]); ok {
				p += width
				n++
				continue
			}
		}
		if star < 0 {
			return false
		}
		mark++
		p, n = star+1, mark
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// matchByte matches c against the first element of pattern and says how long that element is.
func matchByte(pattern string, c byte) (width int, ok bool) {
	switch pattern[0] {
	case '?':
		return 1, true
	case '[':
		if end := strings.IndexByte(pattern[1:], ']'); end > 0 {
			return end + 2, inSet(pattern[1:end+1], c)
		}
	}
	return 1, pattern[0] == c
}

func inSet(set string, c byte) bool {
	negated := set[0] == '!' || set[0] == '^'
	if negated {
		set = set[1:]
	}
	for len(set) > 0 {
		if len(set) > 2 && set[1] == '-' {
			if set[0] <= c && c <= set[2] {
				return !negated
			}
			set = set[3:]
			continue
		}
		if set[0] == c {
			return !negated
		}
		set = set[1:]
	}
	return negated
}
