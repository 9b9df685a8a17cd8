package diff3

import (
	"bytes"
	"strings"
)

// Marks is how conflicts are marked in a text. The labels stand after the markers; a line break in one is a space.
type Marks struct {
	Ours, Base, Theirs string
	WithBase           bool // the lines of base too, as git's diff3 style has them
}

// noFinalNewline follows the label of a side whose last line has no line feed, and in the marked text has one.
const noFinalNewline = "(no newline at end of file)"

// Marked is the text with the edits of both sides, and both sides of each conflict between markers as git writes them.
// A marker ends as the lines around it do, and has MarkerSize characters.
func (r Result) Marked(m Marks) []byte {
	w := markWriter{text: make([]byte, 0, r.markedSize(m)), size: r.MarkerSize()}
	for i := range r.Regions {
		if region := &r.Regions[i]; region.Kind == Conflict {
			w.conflict(region, m)
		} else {
			w.text = append(w.text, region.resolved(Ours)...)
		}
	}
	return w.text
}

// markedSize is about how long the marked text is.
func (r Result) markedSize(m Marks) int {
	size := 0
	for i := range r.Regions {
		region := &r.Regions[i]
		size += len(region.resolved(Ours))
		if region.Kind == Conflict {
			size += len(region.Base.Text) + len(region.Theirs.Text) + len(m.Ours) + len(m.Base) + len(m.Theirs) + 4*(leastMarker+3)
		}
	}
	return size
}

type markWriter struct {
	text []byte
	size int
	end  string // of a marker's line
}

func (w *markWriter) conflict(r *Region, m Marks) {
	w.end = "\n"
	if w.carried(r) {
		w.end = "\r\n"
	}
	w.piece('<', m.Ours, r.Ours)
	if m.WithBase {
		w.piece('|', m.Base, r.Base)
	}
	w.marker('=', "")
	w.lines(r.Theirs)
	w.marker('>', label(m.Theirs, r.Theirs))
}

// carried reports whether the lines of both sides, or, where no line ends in them, the line before, end in CR LF.
func (w *markWriter) carried(r *Region) bool {
	all, carried := 0, 0
	for _, text := range [][]byte{r.Ours.Text, r.Theirs.Text} {
		all += bytes.Count(text, lineFeed)
		carried += bytes.Count(text, carriageReturn)
	}
	if all == 0 {
		return bytes.HasSuffix(w.text, carriageReturn)
	}
	return carried == all
}

func (w *markWriter) piece(mark byte, name string, p Piece) {
	w.marker(mark, label(name, p))
	w.lines(p)
}

func (w *markWriter) marker(mark byte, label string) {
	w.text = append(w.text, bytes.Repeat([]byte{mark}, w.size)...)
	if label != "" {
		w.text = append(append(w.text, ' '), label...)
	}
	w.text = append(w.text, w.end...)
}

func (w *markWriter) lines(p Piece) {
	w.text = append(w.text, p.Text...)
	if unterminated(p.Text) {
		w.text = append(w.text, w.end...)
	}
}

var lineBreaks = strings.NewReplacer("\n", " ", "\r", " ")

func label(name string, p Piece) string {
	if unterminated(p.Text) {
		name += " " + noFinalNewline
	}
	return strings.TrimSpace(lineBreaks.Replace(name))
}
