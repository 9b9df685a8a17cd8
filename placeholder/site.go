package placeholder

import (
	"slices"
	"sort"
)

// restore notes what goes in the place of a token: of the given place of the record, or of none where it was not there.
func (r *restorer) restore(h *hunk, o Occurrence, place int) {
	e := Event{Kind: Restored, Token: o.Token}
	site := r.site(o)
	if place < 0 {
		e.Kind = Moved
		if r.counts[tagOf(o.Token)] > 0 {
			e.Kind = Copied
		}
		place = r.choose(o, site, &e)
	}
	e.Name = r.nameOf(place)
	switch {
	case e.Kind == Ambiguous:
		r.bring(h, o)
	case r.current(place) == nil:
		e.Kind = Valueless
	case r.reshaped[place]:
		e.Kind = Reshaped
		r.bring(h, o)
	default:
		r.write(h, o, place, site, &e)
	}
	e.Rotated = r.states[place].Status == Rotated
	r.pend(h, e, o.Start)
}

// site is the value in the command's file that o stands in, as its format's reader sees it; the zero Span where that is
// not known.
func (r *restorer) site(o Occurrence) Span {
	i := sort.Search(len(r.places), func(i int) bool { return r.places[i].End >= o.End })
	if i < len(r.places) && r.places[i].Start <= o.Start {
		return r.places[i]
	}
	return Span{}
}

// choose is the place of the record whose value a token gets that is new where it stands: that of the same name, else one
// that is written in the same way. Where that makes a difference to the value, e is Ambiguous.
func (r *restorer) choose(o Occurrence, site Span, e *Event) int {
	c := r.choice(o.Token)
	if place, ok := c.named[site.Name]; ok && site.Name != "" {
		return place
	}
	if len(c.values) > 1 {
		e.Kind = Ambiguous
		return c.first
	}
	if place, ok := c.context[site.Context]; ok && site.Context != 0 {
		return place
	}
	if place, ok := c.around[aroundOf(r.theirs.text, o.Start, o.End)]; ok && site.Context == 0 {
		return place
	}
	return c.first
}

func (r *restorer) choice(token string) *choice {
	tag := tagOf(token)
	if r.choices[tag] == nil {
		r.choices[tag] = r.newChoice(r.tags[tag])
	}
	return r.choices[tag]
}

// bring notes that h has what is left of a token, and so every value that it might stand for. Where h is held back, what
// took them away elsewhere is no loss that somebody meant.
func (r *restorer) bring(h *hunk, o Occurrence) {
	if len(r.tags[tagOf(o.Token)]) == 0 {
		return
	}
	for value := range r.choice(o.Token).values {
		h.delta[value]++
	}
}

// choice is the places of one token, by what may tell which of them is meant.
type choice struct {
	first   int
	values  map[mac]bool
	named   map[string]int
	context map[Context]int
	around  map[around]int
}

func (r *restorer) newChoice(places []int) *choice {
	c := &choice{first: places[0], values: map[mac]bool{}, named: map[string]int{}, context: map[Context]int{}, around: map[around]int{}}
	for _, place := range slices.Backward(places) {
		held := r.current(place)
		if held == nil {
			continue
		}
		c.values[held.mac], c.first = true, place
		c.named[r.record.Places[place].Name] = place
		c.context[held.context], c.around[held.around] = place, place
	}
	return c
}

// write adds the edit that puts the value of a place where o stands.
func (r *restorer) write(h *hunk, o Occurrence, place int, site Span, e *Event) {
	c := r.current(place)
	h.delta[c.mac]++
	start, end := o.Start, o.End
	text := r.theirs.text
	with, ok := c.written, true
	line, column := r.lines.of(start)
	quoted := c.quote != 0 && start > 0 && end < len(text) && text[start-1] == c.quote && text[end] == c.quote
	if quoted && !h.covers(line, column-1) {
		column, end = column-1, end+2
	} else {
		with, ok = r.rewrite(c, aroundOf(text, start, end), site.Context)
	}
	if !ok {
		e.Kind = Lossy
	}
	h.edits = append(h.edits, edit{line, column, column + end - start, with, c.mac})
}

// covers reports whether an edit has taken the byte at column.
func (h *hunk) covers(line, column int) bool {
	n := len(h.edits)
	return n > 0 && h.edits[n-1].line == line && h.edits[n-1].end > column
}

// rewrite is how c is written in a context, and whether that surely means the same. Where it is not known what its context
// is or was, what stands around it tells.
func (r *restorer) rewrite(c *current, look around, to Context) (string, bool) {
	switch {
	case to != 0 && c.context == to:
		return c.written, true
	case to != 0 && c.context != 0 && r.Escape != nil:
		if written, ok := r.Escape(c.context, to, c.written); ok && isOneLine(written) {
			return written, true
		}
		return c.written, false
	}
	return c.written, c.quote == 0 && look == c.around || isPlain(c.written)
}

func isOneLine(text string) bool {
	for i := range len(text) {
		if text[i] == '\n' || text[i] == '\r' {
			return false
		}
	}
	return true
}
