package decode

import "strings"

// kind is an encoding, or a set of them.
type kind uint8

// The encodings by rank, the highest first. Their order is that of kindNames.
const (
	percent kind = 1 << iota
	unicode
	hex
	base64
)

var kindNames = []string{"percent", "unicode", "hex", "base64"}

// match is a part of a text that has the form of an encoding.
type match struct {
	span
	kind kind
}

// yields reports whether m has to wait for o, a neighbour of it.
func (m match) yields(o match) bool { return m.overlaps(o.span) && o.kind < m.kind }

// decodes reports whether write has something to write. Base64 was looked at when it was found.
func (m match) decodes(text string) bool {
	switch m.kind {
	case percent:
		return percentDecodes(text[m.start:m.end])
	case hex:
		return hexDecodes(text[m.start:m.end])
	}
	return true
}

func (m match) write(b *strings.Builder, text string) {
	encoded := text[m.start:m.end]
	switch m.kind {
	case percent:
		writePercent(b, encoded)
	case unicode:
		writeUnicode(b, encoded)
	case hex:
		writeHex(b, encoded)
	case base64:
		writeBase64(b, encoded)
	}
}

// matcher finds the matches of a text from left to right: the one that begins first, and all of it.
//
// Percent, escapes and code points are rare, so each is looked up ahead, by the byte that gives it away. Runs of hex and
// base64 are searched for only up to the next of these, because the end of a match is where a run begins anew.
type matcher struct {
	text      string
	at        int // what is before has been dealt with
	percent   int // next match of each, at or after at; len(text) for none
	escape    int
	codePoint int

	blocks blocks // of digits, as far as the run at hand has looked

	before, ahead match // around the one in question; of no kind if there is none
}

func newMatcher(text string) matcher {
	m := matcher{text: text, percent: -1, escape: -1, codePoint: -1}
	m.ahead = m.find()
	return m
}

// next is the next match that is decoded in this pass.
func (m *matcher) next() (match, bool) {
	for m.ahead.kind != 0 {
		this := m.ahead
		m.ahead = m.find()
		waits := m.before.kind != 0 && this.yields(m.before) || m.ahead.kind != 0 && this.yields(m.ahead)
		m.before = this
		if !waits && this.decodes(m.text) {
			return this, true
		}
	}
	return match{}, false
}

// find is the next match, whatever its neighbours, and whether or not it decodes. Only base64 that does not decode is
// left out: it ranks lowest, so nothing waits for it.
func (m *matcher) find() match {
	for {
		limit := m.limit()
		if found := m.run(limit); found.kind != 0 {
			m.at = found.end
			return found
		}
		switch {
		case m.at > limit: // a run went over a code point
			continue
		case limit == len(m.text):
			return match{}
		case limit == m.percent:
			return m.take(percent, percentEnd(m.text, limit))
		case limit == m.escape:
			return m.take(unicode, escapesEnd(m.text, limit))
		}
		return m.take(unicode, codePointsEnd(m.text, limit))
	}
}

// limit is where the next match begins that is no run.
func (m *matcher) limit() int {
	if m.percent < m.at {
		m.percent = nextPercent(m.text, m.at)
	}
	if m.escape < m.at {
		m.escape = nextEscape(m.text, m.at)
	}
	if m.codePoint < m.at {
		m.codePoint = nextCodePoint(m.text, m.at)
	}
	return min(m.percent, m.escape, m.codePoint)
}

// take is the match that begins at the limit.
func (m *matcher) take(k kind, end int) match {
	start := min(m.percent, m.escape, m.codePoint)
	m.at = end
	return match{span{start, end}, k}
}
