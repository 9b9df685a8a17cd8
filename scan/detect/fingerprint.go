package detect

import (
	"strings"

	"cofferdam/scan/allow"
	"cofferdam/scan/engine"
)

// near is how far apart two matches can be and one still stand on what counts as the other's line.
const near = 4 * allow.Window

// fingerprint names the match at i by its content. What was found beside it must not shine through, be it as it is
// written or decoded.
func fingerprint(text string, all []*engine.Match, i int) string {
	m := all[i]
	others := []string{text[m.SecretStart:m.SecretEnd]}
	add := func(o *engine.Match) { others = append(others, o.Secret, text[o.SecretStart:o.SecretEnd]) }
	for j := i - 1; j >= 0 && m.SecretStart-all[j].SecretEnd < near && i-j < maxNeighbours; j-- {
		add(all[j])
	}
	for j := i + 1; j < len(all) && all[j].SecretStart-m.SecretEnd < near && j-i < maxNeighbours; j++ {
		add(all[j])
	}
	return allow.Fingerprint(m.Rule.ID, m.Secret, lineAround(text, m.SecretStart, m.SecretEnd), others...)
}

// maxNeighbours bounds the work on a line that is nothing but matches.
const maxNeighbours = 32

// lineAround is the line of text[start:end], as far as it matters to a fingerprint.
func lineAround(text string, start, end int) string {
	from := max(start-near, 0)
	from += strings.LastIndexByte(text[from:start], '\n') + 1
	to := min(end+near, len(text))
	if i := strings.IndexByte(text[end:to], '\n'); i >= 0 {
		to = end + i
	}
	return text[from:to]
}
