package placeholder

import (
	"errors"
	"fmt"
	"unicode/utf8"

	"cofferdam/internal/diff3"
	"cofferdam/internal/linediff"
)

// ErrRemaining is that a text would land with a token in it.
var ErrRemaining = errors.New("placeholder left")

// ErrLost is that conflicts cannot be resolved in favour of one side without the loss of a value that nobody accepted.
var ErrLost = errors.New("value would be lost")

// Outcome is a merged text with values in it. It prints as [redacted].
type Outcome struct{ in func() *outcome }

type outcome struct {
	merged diff3.Result // with values
	out    body         // how it is encoded
	mixed  bool         // what is merged was in different encodings
	set    *Set
	events []Event
	held   int
	lost   [2]string // the name of a value that is lost in favour of a side
}

// Conflict is where the command and the project changed the same lines.
type Conflict struct{ Base, Ours, Theirs linediff.Range }

// Events is what became of the tokens, by lines.
func (o *Outcome) Events() []Event { return o.in().events }

// Held is how many hunks are held back.
func (o *Outcome) Held() int { return o.in().held }

// Conflicts is where both sides changed the same lines, hunks that are held back apart.
func (o *Outcome) Conflicts() []Conflict {
	var all []Conflict
	for r := range o.in().merged.Conflicts() {
		all = append(all, Conflict{r.Base.Lines, r.Ours.Lines, r.Theirs.Lines})
	}
	return all
}

// Text is the project's file with the command's edits, in its encoding; where they conflict, the lines of side. Errors are
// ErrRemaining, ErrLost and ErrEncoding.
func (o *Outcome) Text(side diff3.Side) ([]byte, error) {
	if name := o.in().lost[side]; name != "" {
		return nil, fmt.Errorf("%s: %w", name, ErrLost)
	}
	return o.in().finish(o.in().merged.Resolved(side))
}

// Marked is the same with both sides of each conflict between markers.
func (o *Outcome) Marked(m diff3.Marks) ([]byte, error) {
	return o.in().finish(o.in().merged.Marked(m))
}

// Format prints [redacted] for every verb.
func (o Outcome) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(hidden)) }

// MarshalText is [redacted].
func (o Outcome) MarshalText() ([]byte, error) { return []byte(hidden), nil }

func (o *outcome) finish(text []byte) ([]byte, error) {
	for _, found := range o.set.remaining(text) {
		at := []mark{{start: found.Start}}
		number(text, at)
		return nil, fmt.Errorf("line %d: %s: %w", at[0].line+1, found.Token, ErrRemaining)
	}
	if o.mixed && o.out.code == Bytes && !utf8.Valid(text) {
		return nil, fmt.Errorf("half of a character: %w", ErrEncoding)
	}
	return o.out.encode(text)
}
