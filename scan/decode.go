package scan

import (
	"sort"
	"strings"

	"github.com/zricethezav/gitleaks/v8/detect/codec"

	"cofferdam/workspace"
)

const (
	// maxDecode is how many encodings around a secret are undone, as many as the gitleaks command undoes.
	maxDecode = 5
	// maxSegments bounds the encoded texts whose inside is decoded again: that costs the product of their numbers.
	maxSegments = 5_000
)

// decoded finds the candidates in what text becomes when its encoded parts are decoded, again and again, and the depth
// at which the last of them stand.
func (e *leaksEngine) decoded(path workspace.Path, text string) (all candidates, depth int) {
	for level := 1; level <= maxDecode; level++ {
		next, changed, segments := decodeLines(text)
		if segments == 0 {
			break
		}
		text = next
		c := e.prefilter(path, text, func(w window) bool { return overlaps(changed, w) })
		all.matches += c.matches
		if len(c.rules) > 0 {
			all.rules = append(all.rules, c.rules...)
			depth = level
		}
		if segments > maxSegments {
			break
		}
	}
	return all, depth
}

// decodeLines is text with the encoded parts of its lines decoded once, and the windows of it that have some. No encoded
// part crosses a line end but a row of U+0041, so lines that follow each other are decoded together.
func decodeLines(text string) (next string, changed []window, segments int) {
	var b strings.Builder
	copied := 0
	for at := 0; at < len(text); {
		end := lineEnd(text, at)
		if !mayDecode(text[at:end]) {
			at = end
			continue
		}
		for end < len(text) {
			following := lineEnd(text, end)
			if !mayDecode(text[end:following]) {
				break
			}
			end = following
		}
		part, found := codec.NewDecoder().Decode(text[at:end], nil)
		if len(found) > 0 {
			b.WriteString(text[copied:at])
			changed = append(changed, window{b.Len(), b.Len() + len(part)})
			b.WriteString(part)
			segments += len(found)
			copied = end
		}
		at = end
	}
	if segments == 0 {
		return text, nil, 0
	}
	b.WriteString(text[copied:])
	return b.String(), changed, segments
}

// overlaps reports whether w touches one of list, which is in order.
func overlaps(list []window, w window) bool {
	i := sort.Search(len(list), func(i int) bool { return list[i].end > w.start })
	return i < len(list) && list[i].start < w.end
}

const (
	hexByte    = 1 << iota
	base64Byte // of base64 in either alphabet, or of a word
	likelyByte // base64 has one of these, words often do not
)

var codeClasses = func() (table [256]uint8) {
	for c := range table {
		b := byte(c)
		digit := '0' <= b && b <= '9'
		if digit || 'a' <= b && b <= 'f' || 'A' <= b && b <= 'F' {
			table[c] |= hexByte
		}
		if tokenByte(b) || b == '+' || b == '/' {
			table[c] |= base64Byte
		}
		if digit || b == '+' || b == '/' || b == '-' || b == '_' {
			table[c] |= likelyByte
		}
	}
	return table
}()

// Least lengths of what the decoder looks at.
const (
	minBase64 = 16
	minHex    = 32
)

// mayDecode reports whether text can have a part that the decoder undoes. It answers yes too often, never no.
func mayDecode(text string) bool {
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == '%' && allHex(text, i+1, 2),
			c == '\\' && i+1 < len(text) && lowerTable[text[i+1]] == 'u' && allHex(text, i+2, 4),
			c == 'U' && i+1 < len(text) && text[i+1] == '+' && allHex(text, i+2, 4):
			return true
		case codeClasses[c]&base64Byte == 0:
			i++
			continue
		}
		end := i + 1
		for end < len(text) && codeClasses[text[end]]&base64Byte != 0 {
			end++
		}
		// The U of U+0041 is itself a byte of base64.
		for at := i; at < end; at++ {
			if text[at] == 'U' && at+1 < len(text) && text[at+1] == '+' && allHex(text, at+2, 4) {
				return true
			}
		}
		if end-i >= minBase64 && runMayDecode(text[i:end]) {
			return true
		}
		i = end
	}
	return false
}

func allHex(text string, at, n int) bool {
	if at+n > len(text) {
		return false
	}
	for i := at; i < at+n; i++ {
		if codeClasses[text[i]]&hexByte == 0 {
			return false
		}
	}
	return true
}

// runMayDecode takes a run of base64 bytes apart as the decoder does: where it begins with enough hex digits, those are
// taken as hex and the rest anew.
func runMayDecode(run string) bool {
	for len(run) >= minBase64 {
		hex := 0
		for hex < len(run) && codeClasses[run[hex]]&hexByte != 0 {
			hex++
		}
		if hex < minHex {
			return base64MayDecode(run)
		}
		if hex%2 == 0 && hexMayDecode(run[:hex]) {
			return true
		}
		run = run[hex:]
	}
	return false
}

func hexMayDecode(run string) bool {
	for i := 0; i+1 < len(run); i += 2 {
		if !printable(hexValue(run[i])<<4 | hexValue(run[i+1])) {
			return false
		}
	}
	return true
}

func hexValue(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return lowerTable[c] - 'a' + 10
}

// base64MayDecode decodes run in both alphabets at once until a byte is not printable.
func base64MayDecode(run string) bool {
	likely := false
	for i := range len(run) {
		if codeClasses[run[i]]&likelyByte != 0 {
			likely = true
			break
		}
	}
	if !likely {
		return false
	}
	for i := 0; i+4 <= len(run); i += 4 {
		n := uint32(base64Value(run[i]))<<18 | uint32(base64Value(run[i+1]))<<12 | uint32(base64Value(run[i+2]))<<6 | uint32(base64Value(run[i+3]))
		if !printable(byte(n>>16)) || !printable(byte(n>>8)) || !printable(byte(n)) {
			return false
		}
	}
	return true
}

func base64Value(c byte) byte {
	switch {
	case 'A' <= c && c <= 'Z':
		return c - 'A'
	case 'a' <= c && c <= 'z':
		return c - 'a' + 26
	case '0' <= c && c <= '9':
		return c - '0' + 52
	case c == '+' || c == '-':
		return 62
	}
	return 63
}

func printable(c byte) bool { return 0x08 < c && c < 0x7f }
