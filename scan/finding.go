package scan

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"cofferdam/workspace"
)

// toFindings turns matches in t into findings in the file that t was made of, in order and without repetition.
func toFindings(path workspace.Path, t *text, matches []match) []Finding {
	findings := make([]Finding, 0, len(matches))
	for _, m := range matches {
		start, end := t.offset(m.start), t.offset(m.end)
		findings = append(findings, Finding{
			Rule: m.rule, Description: m.description, Severity: severity(m.rule), Path: path,
			Offset: int64(start), Length: int64(end - start), Decoded: m.decoded,
		})
	}
	slices.SortFunc(findings, compareSpans)
	findings = slices.CompactFunc(findings, func(a, b Finding) bool { return compareSpans(a, b) == 0 })
	position := lineCounter{text: t, line: 1}
	occurrence := map[string]int{}
	for i := range findings {
		f := &findings[i]
		f.Line, f.Column = position.at(int(f.Offset))
		end := position
		f.EndLine, f.EndColumn = end.at(int(f.Offset + f.Length))
		occurrence[f.Rule]++
		f.Fingerprint = fingerprint(f.Rule, path, occurrence[f.Rule])
	}
	return findings
}

// severity is medium for rules that go by a word near a random text, high for those that know a form.
func severity(rule string) string {
	if strings.HasPrefix(rule, "generic-") {
		return "medium"
	}
	return "high"
}

// fingerprint names a finding without its value: a hash of a weak secret would confirm a guess.
func fingerprint(rule string, path workspace.Path, occurrence int) string {
	sum := sha256.Sum256([]byte(rule + "\x00" + string(path) + "\x00" + strconv.Itoa(occurrence)))
	return hex.EncodeToString(sum[:16])
}

// lineCounter turns offsets into lines and columns; offsets must not fall.
type lineCounter struct {
	text  *text
	done  int // offset up to which lines are counted
	line  int
	start int // offset of the line's first byte
}

func (c *lineCounter) at(offset int) (line, column int) {
	unit := 1 // bytes of a line end
	if c.text.code != asIs {
		unit = 2
	}
	raw := c.text.raw
	for i := c.done; i+unit <= offset; i += unit {
		if c.lineEnd(raw[i:]) {
			c.line++
			c.start = i + unit
		}
	}
	c.done = offset
	return c.line, offset - c.start + 1
}

func (c *lineCounter) lineEnd(raw []byte) bool {
	switch c.text.code {
	case utf16LE:
		return raw[0] == '\n' && raw[1] == 0
	case utf16BE:
		return raw[0] == 0 && raw[1] == '\n'
	}
	return raw[0] == '\n'
}
