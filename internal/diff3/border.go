package diff3

import "bytes"

var lineFeed = []byte{'\n'}

// commonFront is the length of the first lines that text has in common with all others.
func commonFront(text []byte, others ...[]byte) int {
	n, whole := len(text), true
	for _, other := range others {
		n = min(n, commonPrefix(text[:n], other))
		whole = whole && len(other) == len(text)
	}
	if whole && n == len(text) {
		return n
	}
	return bytes.LastIndexByte(text[:n], '\n') + 1
}

// commonBack is the length of the last lines that text has in common with all others.
func commonBack(text []byte, others ...[]byte) int {
	n := len(text)
	for _, other := range others {
		n = min(n, commonSuffix(text[len(text)-n:], other))
	}
	begins := beginsLine(text, n)
	for _, other := range others {
		begins = begins && beginsLine(other, n)
	}
	if begins {
		return n
	}
	// After a line feed that all have, a line begins in all.
	if i := bytes.IndexByte(text[len(text)-n:], '\n'); i >= 0 {
		return n - i - 1
	}
	return 0
}

// beginsLine reports whether the last n bytes of text are whole lines.
func beginsLine(text []byte, n int) bool {
	return n == len(text) || text[len(text)-n-1] == '\n'
}

// compared is how many bytes are compared at once.
const compared = 1 << 10

func commonPrefix(a, b []byte) int {
	end := min(len(a), len(b))
	n := 0
	for n+compared <= end && bytes.Equal(a[n:n+compared], b[n:n+compared]) {
		n += compared
	}
	for n < end && a[n] == b[n] {
		n++
	}
	return n
}

func commonSuffix(a, b []byte) int {
	end := min(len(a), len(b))
	a, b = a[len(a)-end:], b[len(b)-end:]
	n := end
	for n >= compared && bytes.Equal(a[n-compared:n], b[n-compared:n]) {
		n -= compared
	}
	for n > 0 && a[n-1] == b[n-1] {
		n--
	}
	return end - n
}
