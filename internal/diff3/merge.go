// Package diff3 merges the edits that two sides made to one text. It is pure: it reads no files and knows no paths.
//
// Two edits meet when they share a line of base. One that only inserts meets, too, an edit at either end of which it
// stands, unless that one replaces lines by as many others. Edits that meet, and those that these meet in turn, are one
// region; every other edit is taken as it is. So edits of neighbouring lines merge, and so does a line added beside one
// that was changed, both of which git calls conflicts. Two insertions at one place conflict, as nothing says which goes
// first. A region that both sides changed alike is no conflict.
//
// Which lines an edit touches is for linediff to say. Where lines repeat there can be several answers, as in any merge
// by lines: of two like blocks, one of them new, an edit of the old one may reach either.
//
// Where base, ours and theirs end all their lines alike, each in its own way, the way to end a line is merged as one
// value before the lines are: a side that converted the whole text meets no edit of the other, and the result is
// converted. Line endings that are mixed within a text are bytes like any other.
//
// Its work is bounded as that of linediff is: time grows with the input and no faster, and on input made to be hard
// the edits get coarser, so that more of them meet.
package diff3

import (
	"bytes"

	"cofferdam/internal/linediff"
)

// Options say how much Merge may do.
type Options struct {
	// MaxLines is how many lines the three texts may have together to be compared line by line; 0 means 4,194,304.
	// Larger ones are one region between their common first and last lines. A line takes up to about 100 bytes.
	MaxLines int
}

const defaultMaxLines = 1 << 22

// Merge finds what ours and theirs changed in base. The result keeps the three texts, which must not change any more.
//
// For every b, o, t, where M is the merged text and none conflicts: M(b, b, t) = t, M(b, o, b) = o, M(b, o, o) = o, and
// M(b, o, t) = M(b, t, o). The regions lie one after the other and cover each text: a caller can print the conflicts
// by their places, and no line is lost.
func Merge(base, ours, theirs []byte, o Options) Result {
	base, ours, theirs = mergeEndings(base, ours, theirs)
	limit := o.MaxLines
	if limit == 0 {
		limit = defaultMaxLines
	}
	if lineCount(base)+lineCount(ours)+lineCount(theirs) > limit {
		var r regions
		r.addChanged(Region{Base: wholePiece(base), Ours: wholePiece(ours), Theirs: wholePiece(theirs)})
		return Result{r.list}
	}
	return Result{mergeLines(linediff.NewText(base), linediff.NewText(ours), linediff.NewText(theirs))}
}

func mergeLines(base, ours, theirs linediff.Text) []Region {
	m := merger{
		base:   base,
		ours:   side{text: ours, edits: linediff.Diff(base, ours)},
		theirs: side{text: theirs, edits: linediff.Diff(base, theirs)},
	}
	m.regions.list = make([]Region, 0, 2*(len(m.ours.edits)+len(m.theirs.edits))+1)
	for !m.ours.done() || !m.theirs.done() {
		met := m.nextMeeting()
		m.unchanged(met.Start)
		m.changed(met.End)
	}
	m.unchanged(base.Len())
	return m.regions.list
}

// merger walks down the three texts. All lines above the places it is at are in regions.
type merger struct {
	base         linediff.Text
	at           int
	ours, theirs side
	regions      regions
}

// side is one of the two texts, and where the merger is in it.
type side struct {
	text  linediff.Text
	at    int
	edits []linediff.Edit
	taken int // edits before this one
	shift int // lines that those have added
}

func (s *side) done() bool { return s.taken == len(s.edits) }

func (s *side) take() linediff.Range {
	e := s.edits[s.taken]
	s.taken++
	s.shift += e.New.Len() - e.Old.Len()
	return e.Old
}

// startsBefore reports whether the next edit of s is above that of other. An insertion is above the line it stands at.
func (s *side) startsBefore(other *side) bool {
	if s.done() || other.done() {
		return other.done()
	}
	a, b := s.edits[s.taken].Old, other.edits[other.taken].Old
	return a.Start < b.Start || a.Start == b.Start && a.Len() == 0
}

// meetsLast reports whether the next edit of s meets the last one taken from other. It meets none before that: between
// two edits of one side is a common line, and what is taken starts above what is not.
func (s *side) meetsLast(other *side) bool {
	if s.done() || other.taken == 0 {
		return false
	}
	next, last := s.edits[s.taken], other.edits[other.taken-1]
	if next.Old.Start != last.Old.End {
		return next.Old.Start < last.Old.End
	}
	inserts := next.Old.Len() == 0 || last.Old.Len() == 0
	return inserts && !s.lineForLine(next) && !other.lineForLine(last)
}

// lineForLine reports whether e replaces lines by as many. A last line without line feed takes no line after it, so
// an edit that ends with one does not count.
func (s *side) lineForLine(e linediff.Edit) bool {
	return e.Old.Len() == e.New.Len() && !unterminated(s.text.Lines(e.New))
}

// nextMeeting takes the next edit and all that it meets, and returns the lines of base that they span.
func (m *merger) nextMeeting() linediff.Range {
	var span linediff.Range
	if m.ours.startsBefore(&m.theirs) {
		span = m.ours.take()
	} else {
		span = m.theirs.take()
	}
	for {
		switch {
		case m.ours.meetsLast(&m.theirs):
			span.End = max(span.End, m.ours.take().End)
		case m.theirs.meetsLast(&m.ours):
			span.End = max(span.End, m.theirs.take().End)
		default:
			return span
		}
	}
}

// unchanged makes a region of the lines down to end of base, which no edit touches.
func (m *merger) unchanged(end int) {
	n := end - m.at
	m.regions.add(Region{
		Kind:   Stable,
		Base:   m.nextOfBase(end),
		Ours:   m.ours.next(m.ours.at + n),
		Theirs: m.theirs.next(m.theirs.at + n),
	})
}

// changed makes regions of the lines down to end of base, whose edits have been taken.
func (m *merger) changed(end int) {
	m.regions.addChanged(Region{
		Base:   m.nextOfBase(end),
		Ours:   m.ours.next(end + m.ours.shift),
		Theirs: m.theirs.next(end + m.theirs.shift),
	})
}

func (m *merger) nextOfBase(end int) Piece {
	lines := linediff.Range{Start: m.at, End: end}
	m.at = end
	return Piece{lines, m.base.Lines(lines)}
}

func (s *side) next(end int) Piece {
	lines := linediff.Range{Start: s.at, End: end}
	s.at = end
	return Piece{lines, s.text.Lines(lines)}
}

func lineCount(text []byte) int {
	n := bytes.Count(text, lineFeed)
	if unterminated(text) {
		n++
	}
	return n
}

// unterminated reports whether the last line of text has no line feed.
func unterminated(text []byte) bool { return len(text) > 0 && text[len(text)-1] != '\n' }
