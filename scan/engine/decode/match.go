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
// Percent, escapes and code points are rare, so the next one is looked up ahead, by the byte that gives it away. Runs of
// hex and base64 are searched for only up to there, because the end of a match is where a run begins anew.
type matcher struct {
	text  string
	at    int // what is before has been dealt with
	mark  mark
	marks blocks // of the bytes that give marks away, and
	runs  blocks // of digits, as far as was looked

	before, ahead match // around the one in question; of no kind if there is none
}

func newMatcher(text string) matcher {
	m := matcher{text: text, mark: mark{at: -1}}
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
		case m.mark.kind == noMark:
			return match{}
		}
		return m.take()
	}
}

// limit is where the next match begins that is no run.
func (m *matcher) limit() int {
	if m.mark.at < m.at {
		m.mark = m.nextMark()
	}
	return m.mark.at
}

// take is the match that begins at the limit.
func (m *matcher) take() match {
	found := match{span{m.mark.at, 0}, unicode}
	switch m.mark.kind {
	case percentMark:
		found.kind, found.end = percent, percentEnd(m.text, found.start)
	case escapeMark:
		found.end = escapesEnd(m.text, found.start)
	default:
		found.end = codePointsEnd(m.text, found.start)
	}
	m.at = found.end
	return found
}
