package scan

import (
	"bytes"
	"errors"
	"slices"
	"strconv"

	"cofferdam/workspace"
)

// maxFindings bounds the findings in one file. Who has more than that is not helped by the rest.
const maxFindings = 10_000

var errTooMany = errors.New("over the limit of " + strconv.Itoa(maxFindings) + " findings; the rest is not listed")

// newFinding is a finding without its lines and columns, which place fills in.
func newFinding(path workspace.Path, member string, m *match, offset, length int64) Finding {
	return Finding{
		Rule: m.rule, Description: m.description, Severity: m.severity, Why: m.why, Path: path, Member: member, Offset: offset, Length: length,
		Decoded: m.decoded, Tags: m.tags, Entropy: m.entropy, Fingerprint: m.fingerprint, comment: m.comment,
	}
}

// place puts the findings from first on, which are all in p, in order and without repetition, and says where they are.
func (p *piece) place(findings []Finding, first int) []Finding {
	own := findings[first:]
	slices.SortFunc(own, compareSpans)
	own = slices.CompactFunc(own, func(a, b Finding) bool { return compareSpans(a, b) == 0 })
	position := p.lines
	for i := range own {
		f := &own[i]
		start := int(f.Offset - p.at)
		f.Line, f.Column = position.at(p, start)
		end := position
		f.EndLine, f.EndColumn = end.at(p, min(start+int(f.Length), len(p.raw)))
	}
	return findings[:first+len(own)]
}

// lineCounter turns offsets into lines and columns; offsets must not fall.
type lineCounter struct {
	code  encoding
	done  int   // offset in the piece up to which lines are counted
	line  int   // there
	start int64 // offset in the file of the first byte of that line
}

// at is the line and the column of p.raw[offset].
func (c *lineCounter) at(p *piece, offset int) (line, column int) {
	c.count(p, offset)
	return c.line, int(p.at + int64(offset) - c.start + 1)
}

// count goes on to p.raw[offset].
func (c *lineCounter) count(p *piece, offset int) {
	raw := p.raw[:offset]
	if c.code.unit() == 1 && c.done < offset {
		ends := []byte{c.code.lineFeed()}
		if n := bytes.Count(raw[c.done:], ends); n > 0 {
			c.line += n
			c.start = p.at + int64(bytes.LastIndex(raw, ends)) + 1
		}
		c.done = offset
		return
	}
	for next := c.code.nextLine(raw, c.done); next >= 0; next = c.code.nextLine(raw, c.done) {
		c.done = next
		c.line++
		c.start = p.at + int64(next)
	}
}
