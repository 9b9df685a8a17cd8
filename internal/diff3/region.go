package diff3

import (
	"bytes"
	"fmt"

	"cofferdam/internal/linediff"
)

// Kind says who changed a region.
type Kind uint8

const (
	Stable     Kind = iota // nobody
	OursOnly               // theirs is as base
	TheirsOnly             // ours is as base
	Same                   // both did, alike
	Conflict               // both did, differently
)

var kindNames = [...]string{"stable", "ours", "theirs", "same", "conflict"}

func (k Kind) String() string { return kindNames[k] }

// Piece is some lines of one text, in one piece. The text of no lines is empty; their place still counts.
type Piece struct {
	Lines linediff.Range // counted from 0
	Text  []byte         `json:"-"`
}

// Format prints the place of the lines, counted from 1 as editors do, whatever the verb: "7", "7-9", or "after 6" for
// no lines. It never prints the text, which may hold secrets.
func (p Piece) Format(f fmt.State, _ rune) {
	switch first, last := p.Lines.Start+1, p.Lines.End; {
	case p.Lines.Len() == 0:
		fmt.Fprintf(f, "after %d", last)
	case first == last:
		fmt.Fprint(f, first)
	default:
		fmt.Fprintf(f, "%d-%d", first, last)
	}
}

func wholePiece(text []byte) Piece { return Piece{linediff.Range{End: lineCount(text)}, text} }

// cutFront takes the first n bytes, which are whole lines, off p.
func (p *Piece) cutFront(n int) Piece {
	line := p.Lines.Start + lineCount(p.Text[:n])
	front := Piece{linediff.Range{Start: p.Lines.Start, End: line}, p.Text[:n]}
	p.Lines.Start, p.Text = line, p.Text[n:]
	return front
}

func (p *Piece) cutBack(n int) Piece {
	from := len(p.Text) - n
	line := p.Lines.End - lineCount(p.Text[from:])
	back := Piece{linediff.Range{Start: line, End: p.Lines.End}, p.Text[from:]}
	p.Lines.End, p.Text = line, p.Text[:from]
	return back
}

// extend adds the lines of after, which follow those of p in one and the same text.
func (p *Piece) extend(after Piece) {
	p.Lines.End = after.Lines.End
	p.Text = p.Text[:len(p.Text)+len(after.Text)]
}

// Region is lines that correspond to each other in the three texts.
type Region struct {
	Kind               Kind
	Base, Ours, Theirs Piece
}

func (r *Region) empty() bool {
	return r.Base.Lines.Len() == 0 && r.Ours.Lines.Len() == 0 && r.Theirs.Lines.Len() == 0
}

// kind finds out who changed r.
func (r *Region) kind() Kind {
	ours, theirs := !bytes.Equal(r.Ours.Text, r.Base.Text), !bytes.Equal(r.Theirs.Text, r.Base.Text)
	switch {
	case !ours && !theirs:
		return Stable
	case !theirs:
		return OursOnly
	case !ours:
		return TheirsOnly
	case bytes.Equal(r.Ours.Text, r.Theirs.Text):
		return Same
	}
	return Conflict
}

// cutFront takes n bytes off both sides of r and inBase bytes off its base.
func (r *Region) cutFront(kind Kind, inBase, n int) Region {
	return Region{kind, r.Base.cutFront(inBase), r.Ours.cutFront(n), r.Theirs.cutFront(n)}
}

func (r *Region) cutBack(kind Kind, inBase, n int) Region {
	return Region{kind, r.Base.cutBack(inBase), r.Ours.cutBack(n), r.Theirs.cutBack(n)}
}

// regions is regions one after the other.
type regions struct{ list []Region }

// add adds r, unless it is empty. Stable regions become one.
func (s *regions) add(r Region) {
	if r.empty() {
		return
	}
	if n := len(s.list); n > 0 && r.Kind == Stable && s.list[n-1].Kind == Stable {
		last := &s.list[n-1]
		last.Base.extend(r.Base)
		last.Ours.extend(r.Ours)
		last.Theirs.extend(r.Theirs)
		return
	}
	s.list = append(s.list, r)
}

// addChanged adds r after taking the common lines off its ends: those of all three texts are stable, and those that
// only the sides of a conflict have in common are no conflict, and have no place in base.
func (s *regions) addChanged(r Region) {
	n := commonFront(r.Ours.Text, r.Theirs.Text, r.Base.Text)
	s.add(r.cutFront(Stable, n, n))
	n = commonBack(r.Ours.Text, r.Theirs.Text, r.Base.Text)
	after := r.cutBack(Stable, n, n)
	if r.Kind = r.kind(); r.Kind == Conflict {
		s.addConflict(r)
	} else {
		s.add(r)
	}
	s.add(after)
}

func (s *regions) addConflict(r Region) {
	n := commonFront(r.Ours.Text, r.Theirs.Text)
	s.add(r.cutFront(Same, 0, n))
	n = commonBack(r.Ours.Text, r.Theirs.Text)
	after := r.cutBack(Same, 0, n)
	s.add(r)
	s.add(after)
}
