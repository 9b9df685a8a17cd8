package placeholder

import (
	"errors"
	"fmt"

	"cofferdam/internal/diff3"
)

// Options say what Restore may do. The zero Options accept nothing that has to be asked for.
type Options struct {
	// Set has the tokens of all records of the session; nil is those of this record.
	Set *Set
	// Places are the values in the command's file, as its format's reader finds them: where a token stands in one, its
	// Context and Name are those of the token's new place. Without them, the characters around a token tell.
	Places []Span
	// Escape writes in the context to what is written as raw in the context from. It is not ok where that cannot be done,
	// or loses anything. Nil can write nothing.
	Escape func(from, to Context, raw string) (written string, ok bool)
	// Accept says yes to an event that asks; nil says no. It is asked once for each.
	Accept func(Event) bool
	Merge  diff3.Options
}

func (o Options) accepts(e Event) bool { return o.Accept != nil && o.Accept(e) }

var errForeignSet = errors.New("BUG: the set of tokens is not that of the record's session")

// Restore merges the command's edits into the project's file, and puts in the values that stand there now. Theirs is the
// command's version of the view's text, v what Locate found. Hunks that hold anything which must not land, or which was
// not accepted, are held back: the project's lines stay. So are hunks that would lose a value because another one is.
//
// For every edit outside the tokens, where the project's file did not change: the text is that file with the edit.
func Restore(theirs []byte, v *Values, o Options) (*Outcome, error) {
	r, err := newRestorer(theirs, v.in(), o)
	if err != nil {
		return nil, err
	}
	merged := diff3.Merge(r.base.text, r.ours.text, r.theirs.text, o.Merge)
	for i := range merged.Regions {
		if k := merged.Regions[i].Kind; k == diff3.TheirsOnly || k == diff3.Conflict {
			r.hunk(&merged.Regions[i], i)
		}
	}
	r.holdBack()
	return r.outcome(merged)
}

// restorer makes an Outcome.
type restorer struct {
	*values
	Options
	set       *Set
	theirs    body
	lines     lines // of theirs
	baseLines lines
	places    []Span           // in theirs, in order
	found     []Occurrence     // in theirs
	foundAt   []int            // their lines
	tags      map[string][]int // the places of the record by what their tokens say of the value
	counts    map[string]int   // by the same, how many more there are in theirs than in the view
	before    map[string]int   // what the view has that is no whole token of the set, by its text
	reshaped  []bool           // places whose value has another number of lines
	choices   map[string]*choice
	accepted  map[mac]bool // values that may be lost
	hunks     []*hunk
	pending   []pending
}

func newRestorer(theirs []byte, v *values, o Options) (*restorer, error) {
	code, err := like(theirs, v.record.Encoding)
	if err != nil {
		return nil, err
	}
	r := &restorer{values: v, Options: o, set: o.Set, theirs: decode(theirs, code)}
	if r.set == nil {
		r.set = NewSet(v.record)
	}
	for _, s := range o.Places {
		if err := s.check(len(theirs)); err != nil {
			return nil, fmt.Errorf("places in the command's file: %w", err)
		}
	}
	r.places, _ = inBody(r.theirs, len(theirs), o.Places)
	r.lines, r.baseLines = newLines(r.theirs.text), newLines(v.base.text)
	r.found = r.set.find(r.theirs.text)
	r.foundAt = make([]int, len(r.found))
	for i, found := range r.found {
		r.foundAt[i], _ = r.lines.of(found.Start)
	}
	return r, r.count()
}

// count looks through the tokens of both texts.
func (r *restorer) count() error {
	r.tags, r.counts, r.before = map[string][]int{}, map[string]int{}, map[string]int{}
	r.choices, r.accepted = map[string]*choice{}, map[mac]bool{}
	for place, m := range r.base.marks {
		if len(r.set.tags[tagOf(m.token)]) == 0 {
			return errForeignSet
		}
		r.tags[tagOf(m.token)] = append(r.tags[tagOf(m.token)], place)
		r.counts[tagOf(m.token)]--
	}
	for _, o := range r.found {
		if o.Known && o.Damage == Whole {
			r.counts[tagOf(o.Token)]++
		}
	}
	for _, o := range r.set.find(r.base.text) {
		if !o.Known || o.Damage != Whole {
			r.before[string(r.base.text[o.Start:o.End])]++
		}
	}
	r.reshaped = make([]bool, len(r.of))
	for place, i := range r.of {
		r.reshaped[place] = i >= 0 && r.placeLines[place] != r.pieceLines[i]
	}
	return nil
}

// at is e with its place in the command's file.
func (r *restorer) at(e Event, start int) Event {
	line, column := r.lines.of(start)
	e.Line, e.Column = line+1, column+1
	return e
}
