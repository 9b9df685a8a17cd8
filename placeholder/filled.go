package placeholder

import (
	"cmp"
	"maps"
	"slices"
	"sort"

	"cofferdam/internal/diff3"
	"cofferdam/internal/linediff"
)

// outcome puts the values into merged.
func (r *restorer) outcome(merged diff3.Result) (*Outcome, error) {
	ours, base := r.oursEdits(), r.baseEdits()
	hunks := map[int]*hunk{}
	for _, h := range r.hunks {
		hunks[h.region] = h
	}
	o := &outcome{set: r.set, out: r.encoding(), mixed: r.base.code != r.ours.code || r.base.code != r.theirs.code}
	for i, region := range merged.Regions {
		h := hunks[i]
		region.Ours = withValues(region.Ours, ours)
		switch {
		case region.Kind == diff3.Stable, region.Kind == diff3.TheirsOnly:
			region.Base.Text = region.Ours.Text
		default:
			region.Base = withValues(region.Base, base)
		}
		switch {
		case h == nil && region.Kind == diff3.OursOnly:
			region.Theirs.Text = region.Base.Text
		case h == nil:
			region.Theirs.Text = region.Ours.Text
		case h.held:
			o.held++
			region.Kind = diff3.OursOnly
			region.Theirs.Text = region.Base.Text
		default:
			region.Theirs = withValues(region.Theirs, h.edits)
		}
		o.merged.Regions = append(o.merged.Regions, region)
	}
	for side := range o.lost {
		o.lost[side] = r.lost(o.merged, diff3.Side(side), ours, hunks)
	}
	for _, p := range r.pending {
		p.Held = p.hunk.held
		o.events = append(o.events, p.Event)
	}
	slices.SortStableFunc(o.events, func(a, b Event) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return &Outcome{func() *outcome { return o }}, nil
}

// encoding is that of the side that changed it.
func (r *restorer) encoding() body {
	out := body{code: r.ours.code, tail: r.ours.tail}
	if r.theirs.code != r.base.code {
		out.code = r.theirs.code
	}
	if string(r.theirs.tail) != string(r.base.tail) || out.code != r.ours.code {
		out.tail = r.theirs.tail
	}
	return out
}

func (r *restorer) oursEdits() []edit {
	at := newLines(r.ours.text)
	edits := make([]edit, len(r.ours.marks))
	for i, m := range r.ours.marks {
		column := m.start - at.starts[m.line]
		edits[i] = edit{m.line, column, column + m.end - m.start, r.held[m.of].written, r.held[m.of].mac}
	}
	return edits
}

func (r *restorer) baseEdits() []edit {
	edits := make([]edit, len(r.base.marks))
	for i, m := range r.base.marks {
		column := m.start - r.baseLines.starts[m.line]
		edits[i] = edit{line: m.line, start: column, end: column + m.end - m.start}
		if piece := r.of[i]; piece >= 0 {
			edits[i].with = r.held[piece].written
		}
	}
	return edits
}

// lost is the name of a value of the project's file that is nowhere in the text that a side of the conflicts gives, and
// that nobody gave up; empty for none.
func (r *restorer) lost(merged diff3.Result, side diff3.Side, ours []edit, hunks map[int]*hunk) string {
	kept := maps.Clone(r.accepted)
	for i, region := range merged.Regions {
		edits := editsIn(ours, region.Ours.Lines)
		if h := hunks[i]; h != nil && !h.held && (!h.conflict || side == diff3.Theirs) {
			edits = h.edits
		}
		for _, e := range edits {
			kept[e.value] = true
		}
	}
	for i, e := range ours {
		if !kept[e.value] {
			c := r.held[r.ours.marks[i].of]
			return cmp.Or(c.name, ruleOf(r.ours.marks[i].token))
		}
	}
	return ""
}

func editsIn(edits []edit, lines linediff.Range) []edit {
	first := sort.Search(len(edits), func(i int) bool { return edits[i].line >= lines.Start })
	end := sort.Search(len(edits), func(i int) bool { return edits[i].line >= lines.End })
	return edits[first:end]
}

// withValues makes the edits that fall on the lines of p.
func withValues(p diff3.Piece, edits []edit) diff3.Piece {
	edits = editsIn(edits, p.Lines)
	if len(edits) == 0 {
		return p
	}
	at := newLines(p.Text)
	var out []byte
	done := 0
	for _, e := range edits {
		start := at.starts[e.line-p.Lines.Start]
		out = append(append(out, p.Text[done:start+e.start]...), e.with...)
		done = start + e.end
	}
	p.Text = append(out, p.Text[done:]...)
	return p
}
