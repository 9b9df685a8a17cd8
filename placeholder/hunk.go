package placeholder

import (
	"bytes"
	"cmp"
	"slices"
	"sort"
	"strings"

	"cofferdam/internal/diff3"
	"cofferdam/internal/linediff"
)

// hunk is an edit of the command.
type hunk struct {
	region   int
	theirs   linediff.Range
	conflict bool // with one of the project's
	held     bool
	edits    []edit      // in its text
	delta    map[mac]int // by the value, how many more tokens for it are there than in the lines before
	lost     []int       // marks of base that have no counterpart
}

// edit puts a value into a line.
type edit struct {
	line, start, end int // columns
	with             string
	value            mac // which one it is
}

// pending is an event of a hunk.
type pending struct {
	Event
	hunk *hunk
}

// hunk looks at what the command did to the tokens in one region.
func (r *restorer) hunk(region *diff3.Region, index int) {
	h := &hunk{region: index, theirs: region.Theirs.Lines, conflict: region.Kind == diff3.Conflict, delta: map[mac]int{}}
	r.hunks = append(r.hunks, h)
	marks := marksIn(r.base.marks, region.Base.Lines)
	first, end := sort.SearchInts(r.foundAt, region.Theirs.Lines.Start), sort.SearchInts(r.foundAt, region.Theirs.Lines.End)
	var whole []Occurrence
	for _, o := range r.found[first:end] {
		if e := r.set.event(o); e.Kind != Restored {
			r.flaw(h, e, o)
		} else if len(r.tags[tagOf(o.Token)]) == 0 {
			e.Kind = Stray
			r.pend(h, e, o.Start)
		} else {
			whole = append(whole, o)
		}
	}
	places, lost := alignTokens(marks, whole)
	for i, o := range whole {
		r.restore(h, o, places[i])
	}
	for _, m := range marks {
		if c := r.current(m.of); c != nil {
			h.delta[c.mac]--
		}
	}
	h.lost = lost
}

// current is what stands for a place in the project's file, nil where nothing does.
func (r *restorer) current(place int) *current {
	if r.of[place] < 0 {
		return nil
	}
	return &r.held[r.of[place]]
}

func marksIn(marks []mark, lines linediff.Range) []mark {
	first := sort.Search(len(marks), func(i int) bool { return marks[i].line >= lines.Start })
	end := sort.Search(len(marks), func(i int) bool { return marks[i].line >= lines.End })
	return marks[first:end]
}

// pend notes an event, and holds the hunk back where that is due or not accepted.
func (r *restorer) pend(h *hunk, e Event, start int) {
	e = r.at(e, start)
	if e.Kind.Never() || e.Kind.Asks() && !r.accepts(e) {
		h.held = true
	}
	r.pending = append(r.pending, pending{e, h})
}

// flaw notes what is no whole token of the session. The view may have had it before, in which case nobody did anything.
func (r *restorer) flaw(h *hunk, e Event, o Occurrence) {
	text := string(r.theirs.text[o.Start:o.End])
	if r.before[text] > 0 {
		r.before[text]--
		return
	}
	r.pend(h, e, o.Start)
	if e.Kind == Damaged {
		r.bring(h, o)
	}
}

// alignTokens finds for each occurrence the mark that it is, -1 for none, and the marks that are none of them.
func alignTokens(marks []mark, found []Occurrence) (places, lost []int) {
	places = make([]int, len(found))
	var old, now strings.Builder
	for _, m := range marks {
		old.WriteString(tagOf(m.token) + "\n")
	}
	for i, o := range found {
		places[i] = -1
		now.WriteString(tagOf(o.Token) + "\n")
	}
	i, j := 0, 0
	edits := linediff.Diff(linediff.NewText([]byte(old.String())), linediff.NewText([]byte(now.String())))
	for _, e := range append(edits, linediff.Edit{Old: linediff.Range{Start: len(marks), End: len(marks)}}) {
		for ; i < e.Old.Start; i, j = i+1, j+1 {
			places[j] = marks[i].of
		}
		for ; i < e.Old.End; i++ {
			lost = append(lost, marks[i].of)
		}
		j = max(j, e.New.End)
	}
	return places, lost
}

// loss is the event of a token that a hunk took away: something else stands there, where a line of the hunk begins as its
// line did.
func (r *restorer) loss(h *hunk, place int, sorted [][]byte) Event {
	m := r.base.marks[place]
	line := r.baseLines.part(m.line)
	e := Event{Kind: Deleted, Name: r.nameOf(place), Token: m.token, Line: m.line + 1, Column: m.start - line.start + 1}
	before := bytes.TrimLeft(r.base.text[line.start:m.start], " \t")
	i := sort.Search(len(sorted), func(i int) bool { return bytes.Compare(sorted[i], before) >= 0 })
	if len(bytes.TrimSpace(before)) > 0 && i < len(sorted) && bytes.HasPrefix(sorted[i], before) {
		e.Kind = Replaced
	}
	return e
}

// sortedLines is the lines of theirs without indentation.
func (r *restorer) sortedLines(lines linediff.Range) [][]byte {
	sorted := make([][]byte, 0, lines.Len())
	for i := lines.Start; i < lines.End; i++ {
		p := r.lines.part(i)
		sorted = append(sorted, bytes.TrimLeft(r.theirs.text[p.start:p.end], " \t"))
	}
	slices.SortFunc(sorted, bytes.Compare)
	return sorted
}

// nameOf is what the value of a place is known by.
func (r *restorer) nameOf(place int) string {
	at := r.record.Places[place]
	return cmp.Or(at.Name, ruleOf(at.Token))
}
