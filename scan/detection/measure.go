package detection

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
)

// Result is how well a scanner does, class by class in the order of the set.
type Result struct {
	Secrets []Score
	Others  []Score
}

// Score is how well it does with one class.
type Score struct {
	Class  Class
	Labels int     // how many places are labelled
	Wrong  []Place // secrets that it misses, or what is none and it reports
	Stray  []Place // what it reports beside all labels
}

// Right is how many secrets it finds, or how much of what is none it leaves alone.
func (s Score) Right() int { return s.Labels - len(s.Wrong) }

// Place is a line in the text of an example.
type Place struct {
	Class   string
	Example int // from 1
	Copy    int // from 1
	Path    string
	Line    int // from 1; in a text that is not UTF-8 it counts the bytes that are line feeds
}

// String names the place without quoting it.
func (p Place) String() string {
	return fmt.Sprintf("%s/%d.%d %s:%d", p.Class, p.Example, p.Copy, p.Path, p.Line)
}

// Find is a scanner: where in raw, the whole of the file at path, it sees secrets.
type Find func(path string, raw []byte) ([]Span, error)

// Measure tries find on every text. A secret is found when one span covers nine tenths of it and is at most three times
// as long, so that it could be redacted; what is no secret is reported when any span touches it.
func (s *Set) Measure(find Find) (Result, error) {
	secrets, err := scores(s.Secrets, find, func(label Span, found []Span) bool {
		return slices.ContainsFunc(found, func(f Span) bool { return covers(f, label) })
	})
	if err != nil {
		return Result{}, err
	}
	others, err := scores(s.Others, find, func(label Span, found []Span) bool {
		return !slices.ContainsFunc(found, func(f Span) bool { return touches(f, label) })
	})
	return Result{secrets, others}, err
}

type verdict func(label Span, found []Span) bool

func scores(classes []Class, find Find, right verdict) ([]Score, error) {
	scores := make([]Score, len(classes))
	for i, class := range classes {
		scores[i].Class = class
		for n, example := range class.Examples {
			for k, text := range example.Texts() {
				found, err := find(text.Path, text.Raw)
				if err != nil {
					return nil, fmt.Errorf("%s/%d: %w", class.ID, n+1, err)
				}
				scores[i].add(text, found, right, func(at int) Place {
					return Place{class.ID, n + 1, k + 1, text.Path, 1 + bytes.Count(text.Raw[:at], []byte("\n"))}
				})
			}
		}
	}
	return scores, nil
}

func (s *Score) add(text Text, found []Span, right verdict, place func(at int) Place) {
	labels := text.Labels
	if len(labels) == 0 {
		labels = []Span{{Start: 0, End: len(text.Raw)}}
	}
	s.Labels += len(labels)
	for _, label := range labels {
		if !right(label, found) {
			s.Wrong = append(s.Wrong, place(label.Start))
		}
	}
	for _, f := range beside(found, labels) {
		s.Stray = append(s.Stray, place(f.Start))
	}
}

// beside is the findings that touch no label; those that touch each other count as one.
func beside(found, labels []Span) []Span {
	found = slices.Clone(found)
	slices.SortFunc(found, func(a, b Span) int { return cmp.Or(a.Start-b.Start, a.End-b.End) })
	var strays []Span
	for _, f := range found {
		if slices.ContainsFunc(labels, func(l Span) bool { return touches(f, l) }) {
			continue
		}
		if n := len(strays); n > 0 && touches(strays[n-1], f) {
			strays[n-1].End = max(strays[n-1].End, f.End)
			continue
		}
		strays = append(strays, f)
	}
	return strays
}

func covers(found, secret Span) bool {
	size := secret.End - secret.Start
	common := min(found.End, secret.End) - max(found.Start, secret.Start)
	return 10*common >= 9*size && found.End-found.Start <= 3*size
}

func touches(a, b Span) bool { return a.Start < b.End && b.Start < a.End }
