package placeholder

import (
	"bytes"
	"slices"
	"strings"
)

var (
	pemDash  = []byte("-----")
	pemWords = [][]byte{[]byte("BEGIN "), []byte("END ")}
	// pemEnds are the last words of labels, by RFC 7468 and OpenPGP. Another word might be a value.
	pemEnds = []string{"KEY", "CERTIFICATE", "REQUEST", "PARAMETERS", "BLOCK", "MESSAGE", "CRL", "PKCS7", "CMS"}
)

// longestLabel bounds what stands between BEGIN and the dashes.
const longestLabel = 40

// appendWithoutMarks adds what stands in p, which is on one line, before, between and behind the marks of PEM blocks.
func appendWithoutMarks(parts []part, text []byte, p part) []part {
	marked := false
	for at := p.start; at < p.end; {
		i := bytes.Index(text[at:p.end], pemDash)
		if i < 0 {
			break
		}
		n := pemMark(text[at+i : p.end])
		if n == 0 {
			at += i + 1
			continue
		}
		parts = appendPart(parts, text, trimBreaks(text, part{p.start, at + i}))
		p.start = at + i + n
		at, marked = p.start, true
	}
	if marked {
		p = trimBreaks(text, p)
	}
	return appendPart(parts, text, p)
}

// pemMark is how long the mark is that text begins with; 0 for none.
func pemMark(text []byte) int {
	n := len(pemDash)
	word := slices.IndexFunc(pemWords, func(w []byte) bool { return bytes.HasPrefix(text[n:], w) })
	if word < 0 {
		return 0
	}
	n += len(pemWords[word])
	label := bytes.Index(text[n:min(len(text), n+longestLabel+len(pemDash))], pemDash)
	if label < 0 || !isLabel(string(text[n:n+label])) {
		return 0
	}
	return n + label + len(pemDash)
}

func isLabel(label string) bool {
	for i := range len(label) {
		if c := label[i]; c != ' ' && (!inToken(c) || c == '_') {
			return false
		}
	}
	last := label[strings.LastIndexByte(label, ' ')+1:]
	return slices.Contains(pemEnds, last)
}

// trimBreaks takes white space off p, and line ends that are written as \n.
func trimBreaks(text []byte, p part) part {
	for {
		before := p
		p = p.trim(text, " \t\v\f")
		inside := text[p.start:p.end]
		if isBreak(inside) {
			p.start += 2
		} else if n := len(inside); n >= 2 && isBreak(inside[n-2:]) {
			p.end -= 2
		}
		if p == before {
			return p
		}
	}
}

// isBreak holds for a line end that is written with a backslash.
func isBreak(text []byte) bool {
	return len(text) >= 2 && text[0] == '\\' && (text[1] == 'n' || text[1] == 'r')
}
