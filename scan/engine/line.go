package engine

import "cofferdam/scan/engine/decode"

// Bounds of the bytes that are looked at for the lines of matches, in texts, and in bytes that every text may spend. A
// line may be as long as the text, and each of very many matches in it may see another end of it.
const (
	lineBudget = 64
	freeLines  = 16 << 20
)

// lineTry is what the expression of a check said of a line. The next match is likely to be in the same one.
type lineTry struct {
	check *check
	line  string
	holds bool
}

// lineHolds says whether the expression of a check matches the line of a candidate.
func (s *search) lineHolds(c *check, m *candidate) bool {
	if s.lineBytes > freeLines+lineBudget*len(s.text) {
		s.truncated = true
		return false
	}
	line := s.line(m)
	for i := range s.lineTries {
		// Equal lines at one address compare at once.
		if try := &s.lineTries[i]; try.check == c && try.line == line {
			return try.holds
		}
	}
	s.lineBytes += len(line)
	try := lineTry{check: c, line: line, holds: matches(c.regex, line)}
	for i := range s.lineTries {
		if s.lineTries[i].check == c {
			s.lineTries[i] = try
			return try.holds
		}
	}
	s.lineTries = append(s.lineTries, try)
	return try.holds
}

// line is what gitleaks takes for the line of a candidate: decoded where it is in something decoded.
func (s *search) line(m *candidate) string {
	if m.segments != nil {
		line := decode.Line(m.segments, s.current)
		s.lineBytes += len(line)
		if line != "" {
			return line
		}
	}
	return s.lineIndex().place(m.span()).Line
}
