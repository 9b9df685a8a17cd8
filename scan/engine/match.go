package engine

import (
	"cmp"
	"slices"
	"strings"

	"cofferdam/rules/secret"
	"cofferdam/scan/engine/decode"
)

// Match is a place in a text that a rule takes for a secret. It holds parts of the text.
type Match struct {
	Rule *secret.Rule

	// The match and the secret in it, in bytes. Where something was decoded these are all that it was decoded from, and
	// else text[Start:End] is MatchText and text[SecretStart:SecretEnd] is Secret. All are zero for a rule about paths.
	Start, End             int
	SecretStart, SecretEnd int

	Secret    string // decoded; empty where the rule's group is empty
	MatchText string // decoded, without line feeds around it
	Entropy   float32
	Decoded   []string // encodings that were undone, such as base64
	Depth     int      // how many times
	Required  []Match  // what a composite rule found near by, at most maxRequired

	rule   *rule
	at, to int   // where gitleaks says that the match is: line feeds before it count
	start  Place // of composite rules and what they require: where they begin, without a line
	lines  *lines
	tags   []string // of the decoding, as gitleaks names them
}

// Place is where gitleaks says that the match is.
func (m *Match) Place() Place {
	if m.lines == nil {
		return Place{}
	}
	return m.lines.place(m.at, m.to)
}

// Tags are those of the rule and of the decoding, as gitleaks names them.
func (m *Match) Tags() []string {
	return slices.Concat(m.Rule.Tags, m.tags)
}

// candidate is what an expression matched, on its way to a Match.
type candidate struct {
	start, end int    // in the text of the pass
	text       string // without line feeds around it
	trimmed    int    // where text is in the text of the pass
	from, to   int    // the secret in text
	secret     string
	segments   []decode.Segment // that it touches; nil before decoding
	entropy    float32
}

func newCandidate(text string, start, end int) candidate {
	whole := text[start:end]
	left := strings.TrimLeft(whole, "\n")
	c := candidate{start: start, end: end, trimmed: end - len(left)}
	c.text = strings.TrimRight(left, "\n")
	return c
}

func (c *candidate) locate(r *rule, n *notes) {
	c.from, c.to = r.secret(c.text, n)
	c.secret = c.text[c.from:c.to]
}

// span is where gitleaks says that the candidate is in the text as it was before decoding.
func (c *candidate) span() (start, end int) {
	if c.segments == nil {
		return c.start, c.start + len(c.text)
	}
	return decode.Original(c.segments, c.start, c.end)
}

// match is the candidate as a Match in a text of size bytes, found in a pass.
func (c *candidate) match(r *rule, size, pass int) Match {
	m := Match{Rule: r.Rule, rule: r, Secret: c.secret, MatchText: c.text, Depth: pass}
	m.at, m.to = c.span()
	if c.segments == nil {
		m.Start, m.End = c.trimmed, c.trimmed+len(c.text)
		m.SecretStart, m.SecretEnd = c.trimmed+c.from, c.trimmed+c.to
		return m
	}
	m.Start, m.End = clamp(m.at, m.to, size)
	m.SecretStart, m.SecretEnd = m.Start, m.End
	start, end := c.trimmed+c.from, c.trimmed+c.to
	if touched := decode.Overlapping(c.segments, start, end); len(touched) > 0 {
		start, end = decode.Original(touched, start, end)
		m.SecretStart, m.SecretEnd = clamp(start, end, size)
	}
	m.tags = decode.Tags(c.segments)
	for _, tag := range m.tags {
		if name, ok := strings.CutPrefix(tag, "decoded:"); ok {
			m.Decoded = append(m.Decoded, name)
		}
	}
	return m
}

// clamp keeps a span inside a text of size bytes.
func clamp(start, end, size int) (int, int) {
	end = max(0, min(end, size))
	return max(0, min(start, end)), end
}

func compareMatches(a, b Match) int {
	return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End), cmp.Compare(a.rule.place, b.rule.place), cmp.Compare(a.Depth, b.Depth))
}
