package rules

import "bytes"

// maxKey bounds what of a key is looked at, in bytes.
const maxKey = 64

// keyFinder finds the telling keys in content that an operator follows, in their order. It does not walk over the words,
// of which few are keys: every operator has a byte that is rare in text, a mark, and the key stands before it.
type keyFinder struct {
	rules   *contentRules
	content []byte
	ahead   int    // where the next chunk begins
	marks   marked // of its marks that can belong to telling keys
	count   int    // of marks
	at      int    // how many of them have been looked at
	seen    int    // end of the last key that was looked at: => has two marks
}

// assignment is a key and what it is given.
type assignment struct {
	start, end int // of the key
	value      int // where the value begins
	kind       keyKind
}

// next is the next key; ok is false after the last.
func (f *keyFinder) next() (a assignment, ok bool) {
	for f.at < f.count || f.advance() {
		end := keyEndBefore(f.content, f.ahead-chunkSize+int(f.marks[f.at]))
		f.at++
		if end <= f.seen {
			continue
		}
		f.seen = end
		if a, ok := f.rules.assignment(f.content, end); ok {
			return a, true
		}
	}
	return assignment{}, false
}

// advance goes on to the next chunk that has marks to look at.
func (f *keyFinder) advance() bool {
	for f.ahead < len(f.content) {
		chunk := f.content[f.ahead:min(f.ahead+chunkSize, len(f.content))]
		f.at, f.count = 0, f.rules.keys.sift(&f.marks, f.marks.gather(chunk), f.content, f.ahead)
		f.ahead += chunkSize
		if f.count > 0 {
			return true
		}
	}
	return false
}

// What can stand between a key and the byte that marks its operator, in bytes: as assignPattern has it.
const (
	maxBeforeOperator = 3 + 3
	maxBeforeTag      = 2 + 80
	maxBeforeValue    = 2 + 80 + 1 + 80 + 2
)

// keyEndBefore is the end of the key to which the mark can belong, or 0.
func keyEndBefore(content []byte, mark int) int {
	end, most := mark, maxBeforeOperator
	switch content[mark] {
	case '=':
		if mark > 0 && (content[mark-1] == '?' || content[mark-1] == '+') {
			end--
		}
	case ':', '>':
	case '<':
		if rest := content[mark:]; !bytes.HasPrefix(rest, []byte("</key>")) && !bytes.HasPrefix(rest, []byte("</name>")) {
			return 0
		}
		most = maxBeforeTag
	case 'v':
		if !bytes.HasPrefix(content[mark:], []byte("value")) {
			return 0
		}
		most = maxBeforeValue
	default:
		return 0
	}
	for first := max(end-most, 0); end > first && leadBytes[content[end-1]]; {
		end--
	}
	if end == 0 || !keyBytes[content[end-1]] || content[end-1] == '_' {
		return 0 // token_ is how programs call what must not clash with token
	}
	return end
}

// assignment is that of the key that ends at end.
func (c *contentRules) assignment(content []byte, end int) (a assignment, ok bool) {
	start := end
	for start > max(end-maxKey, 0) && keyBytes[content[start-1]] {
		start--
	}
	kind := c.keys.kind(content[start:end])
	if kind == noKey || !leadsOn(content[end:]) {
		return a, false
	}
	width := c.operator(content[end:min(end+maxOperator, len(content))])
	return assignment{start, end, end + width, kind}, width >= 0
}

// keyBytes is what keys are made of.
var keyBytes = func() (table [256]bool) {
	for c := range table {
		b := byte(c)
		table[c] = letter(b) || '0' <= b && b <= '9' || separates(b)
	}
	return table
}()

// leadBytes is what can stand between a key and its operator.
var leadBytes = func() (table [256]bool) {
	for _, c := range []byte("\\\"'`])<, \t\n\r\f") {
		table[c] = true
	}
	return table
}()

// leadsOn reports whether what follows a word can be the operator of assignPattern, or what stands before it.
func leadsOn(rest []byte) bool {
	for i := 0; i < len(rest) && i < 8; i++ {
		switch rest[i] {
		case '=', ':', '?', '+', '>', '<', ',':
			return true
		case '\\', '"', '\'', '`', ']', ')':
		case ' ', '\t', '\n', '\r', '\v', '\f':
			// Only the word value can follow a longer gap.
			if i == 7 || i+1 < len(rest) && rest[i+1]|0x20 == 'v' {
				return true
			}
		default:
			return false
		}
	}
	return len(rest) >= 8
}
