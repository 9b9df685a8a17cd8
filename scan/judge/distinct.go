package judge

// Span is where a rule found a secret in a text, in bytes.
type Span struct {
	Rule       string
	Guess      bool
	Start, End int
}

// Covered reports for each span whether another one tells more about the same bytes: a guess is covered by a form around
// it and by a wider guess, a part of a key by the key. Of two guesses at the same place the first stays. What is covered
// lies inside what stays, so that nothing is left readable which the one would have hidden.
func (j *Judge) Covered(spans []Span) []bool {
	covered := make([]bool, len(spans))
	for i := range spans {
		for k := range spans {
			if i != k && !covered[k] && j.covers(&spans[k], &spans[i], k < i) {
				covered[i] = true
				break
			}
		}
	}
	return covered
}

// covers reports whether outer leaves nothing to inner. first breaks the tie of two that are alike.
func (j *Judge) covers(outer, inner *Span, first bool) bool {
	if outer.Start > inner.Start || outer.End < inner.End {
		return false
	}
	same := outer.Start == inner.Start && outer.End == inner.End
	outerGuess, innerGuess := j.IsGuess(outer.Rule, outer.Guess), j.IsGuess(inner.Rule, inner.Guess)
	switch {
	case innerGuess && !outerGuess:
		return true
	case innerGuess:
		return !same || first
	case outerGuess || !j.parts.has(inner.Rule):
		return false
	}
	return !same || first || !j.parts.has(outer.Rule)
}
