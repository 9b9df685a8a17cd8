package fields

import "strings"

const (
	pemBegin = "-----BEGIN "
	pemEnd   = "-----END "
	pemDash  = "-----"
)

// longestPEMLine bounds a line of a body.
const longestPEMLine = 128

// pemState follows the lines of a value that has PEM blocks in it.
type pemState struct {
	inside bool // a block
	secret bool // its body is
}

// line judges one line: the marks of a block are shown, and so is what is public. The zero verdict leaves it to others.
func (p *pemState) line(value string, whole bool) verdict {
	text := strings.TrimSpace(value)
	switch {
	case isPEMMark(text, pemBegin):
		p.inside, p.secret = true, !isPublic(text)
		return verdict{}
	case isPEMMark(text, pemEnd) && p.inside:
		p.inside = false
		return verdict{parts: []part{}}
	case p.inside:
		return verdict{whole: p.secret, parts: []part{}}
	case whole:
		return verdict{whole: true}
	}
	return verdict{}
}

// pemClosed reports whether every line of n that begins a block has one that ends it.
func pemClosed(d *document, n *node) bool {
	open, any := false, false
	for _, line := range n.lines {
		text := strings.TrimSpace(d.cut(line))
		begins, ends := isPEMMark(text, pemBegin), isPEMMark(text, pemEnd)
		if begins && open || ends && !open {
			return false
		}
		open = begins || open && !ends
		any = any || begins
	}
	return any && !open
}

// isPEMMark holds for a line such as -----BEGIN RSA PRIVATE KEY-----.
func isPEMMark(line, mark string) bool {
	label, begins := strings.CutPrefix(line, mark)
	label, ends := strings.CutSuffix(label, pemDash)
	return begins && ends && isPEMLabel(label)
}

// longestLabel bounds that of a PEM block.
const longestLabel = 40

func isPEMLabel(label string) bool {
	return len(label) <= longestLabel && strings.Trim(label, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ") == ""
}

// isPublic holds for the marks of blocks that are made to be given away.
func isPublic(mark string) bool {
	if strings.Contains(mark, "PRIVATE") {
		return false
	}
	for _, word := range []string{"CERTIFICATE", "PUBLIC KEY", "X509 CRL", "PARAMETERS"} {
		if strings.Contains(mark, word) {
			return true
		}
	}
	return false
}

func hasPrivate(value string) bool {
	return strings.Contains(value, "PRIVATE KEY") && strings.Contains(value, pemBegin)
}

// pemParts is what stands between the marks of the private blocks of value, and outside all blocks. It finds nothing
// where there is no whole block.
func pemParts(value string) (parts []part, found bool) {
	done := 0
	for done < len(value) {
		begin, body, end, next, ok := nextPEM(value, done)
		if !ok {
			break
		}
		found = true
		parts = appendTrimmed(parts, value, done, begin)
		if !isPublic(value[begin:body]) {
			parts = appendTrimmed(parts, value, body, end)
		}
		done = next
	}
	return appendTrimmed(parts, value, done, len(value)), found
}

// nextPEM is where the next block begins, where its body does and ends, and where the block ends.
func nextPEM(value string, from int) (begin, body, end, next int, ok bool) {
	i := strings.Index(value[from:], pemBegin)
	if i < 0 {
		return
	}
	begin = from + i
	label, _, closed := strings.Cut(value[begin+len(pemBegin):min(len(value), begin+len(pemBegin)+longestLabel+len(pemDash))], pemDash)
	if !closed || !isPEMLabel(label) {
		return
	}
	body = begin + len(pemBegin) + len(label) + len(pemDash)
	mark := pemEnd + label + pemDash
	i = strings.Index(value[body:], mark)
	if i < 0 {
		return
	}
	return begin, body, body + i, body + i + len(mark), true
}

// appendTrimmed adds value[start:end] without what separates lines, written as such or as \n.
func appendTrimmed(parts []part, value string, start, end int) []part {
	for start < end && (strings.IndexByte(" \t\r\n", value[start]) >= 0) {
		start++
	}
	for start+1 < end && (value[start:start+2] == `\n` || value[start:start+2] == `\r`) {
		start += 2
	}
	for start < end && strings.IndexByte(" \t\r\n", value[end-1]) >= 0 {
		end--
	}
	for start+1 < end && (value[end-2:end] == `\n` || value[end-2:end] == `\r`) {
		end -= 2
	}
	if start < end {
		parts = append(parts, part{start: start, end: end})
	}
	return parts
}
