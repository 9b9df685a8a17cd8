package decode

import "math/bits"

// run is the next match of hex, or of base64 that decodes, that begins before limit. Without one it leaves at at limit,
// or behind it where a run goes over the code point there.
func (m *matcher) run(limit int) match {
	if limit-m.at < minBase64 && m.mark.kind != codePointMark {
		m.at = limit // a percent or a backslash ends a run
		return match{}
	}
	var digits streak
	var before, of16 uint64
	last := -1
	end := limit + minBase64 - 1
	for at := m.at; at < end; at += 64 * len(m.runs) {
		some := m.runs[:min(len(m.runs), (end-at+63)/64)]
		m.runs.fill(m.text, at, len(some))
		for n, block := range some {
			before = of16
			digits, of16 = digits.on(block)
			// One for each run, in the block where it gets so long.
			for first := of16 &^ (of16<<1 | before>>63); first != 0; first &= first - 1 {
				start := at + 64*n + bits.TrailingZeros64(first) - (minBase64 - 1)
				if start >= limit {
					break
				}
				if found := judge(m.text, start); found.kind != 0 {
					return found
				}
				last = start
			}
		}
	}
	m.at = limit
	if last >= 0 && m.mark.kind == codePointMark {
		m.at = max(limit, runEnd(m.text, last))
	}
	return match{}
}

// runEnd is where the digits end that go on from at.
func runEnd(text string, at int) int {
	for {
		if other := ^block(text, at); other != 0 {
			return at + bits.TrailingZeros64(other)
		}
		at += 64
	}
}

// judge is what the run that begins at start begins with. Hex comes before base64, and ends where its digits do.
func judge(text string, start int) match {
	if isHex(text[start : start+4]) {
		if n := hexPrefix(text[start:]); n >= minHex {
			return match{span{start, start + n}, hex}
		}
	}
	// Most runs are words and paths, and their first digits give bytes that do not print.
	if bytes, _ := quantum(text[start:]); !printable3(bytes) {
		return match{}
	}
	end := runEnd(text, start+minBase64)
	pads := 0
	for pads < 2 && end+pads < len(text) && text[end+pads] == '=' {
		pads++
	}
	if base64Decodes(text[start:end], pads) {
		return match{span{start, end + pads}, base64}
	}
	return match{}
}
