package placeholder

import "fmt"

// Kind is what became of a token in the command's file.
type Kind uint8

// The kinds. Those up to Copied are nothing to ask about; those up to Unknown land where they are accepted; the others
// never do.
const (
	Restored Kind = iota // it stands where it stood, in a hunk with other edits
	Moved                // it stands elsewhere in the file, and its value went there
	Copied               // it stands in one more place of the file, and its value went there, too

	Lossy    // its new place is written in another way, in which the value might not mean the same
	Deleted  // it is gone, and the value with it
	Replaced // something else stands in its place
	Unknown  // it is of no known session

	Damaged   // it is not whole: see Damage
	Stray     // it is of a value that the file did not hold
	Valueless // the project's file has no value for it any more
	Ambiguous // the project's file has more than one value for it, and its new place does not tell which
	Reshaped  // its value has another number of lines by now, and it was moved
	Bound     // nothing is wrong, but the value would be lost, since the hunk that has it now is held back
)

var kindNames = [...]string{
	"restored", "moved", "copied", "lossy", "deleted", "replaced", "unknown", "damaged", "stray", "valueless", "ambiguous", "reshaped", "bound",
}

func (k Kind) String() string { return kindNames[k] }

// MarshalText is what String gives.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// Asks reports whether an event of this kind has to be accepted, and can be.
func (k Kind) Asks() bool { return Lossy <= k && k <= Unknown }

// Never reports whether an event of this kind always holds its hunk back.
func (k Kind) Never() bool { return k > Unknown }

// Event is what became of one token. It holds no value.
type Event struct {
	Kind   Kind   `json:"kind"`
	Name   string `json:"name"` // of the secret, or the rule that found it where it has none
	Token  string `json:"token,omitempty"`
	Damage Damage `json:"damage,omitempty"`
	Line   int    `json:"line"`   // from 1, in the command's file; in the view where the token is gone from there
	Column int    `json:"column"` // from 1, in bytes of UTF-8
	Held   bool   `json:"held"`   // the hunk is held back
	// Rotated is that the value is another one than when the view was made.
	Rotated bool `json:"rotated,omitempty"`
}

// String is a line for people.
func (e Event) String() string {
	held := ""
	if e.Held {
		held = ", held back"
	}
	return fmt.Sprintf("%d:%d: %s of %s%s", e.Line, e.Column, e.Kind, e.Name, held)
}

// Strays is an event for each token in a text that never gets values: a file that held none, a name, a message.
func (s *Set) Strays(raw []byte) []Event {
	var events []Event
	found := s.Find(raw)
	if len(found) == 0 {
		return nil
	}
	at := newLines(raw)
	for _, o := range found {
		e := s.event(o)
		if e.Kind == Restored {
			e.Kind = Stray
		}
		line, column := at.of(o.Start)
		e.Line, e.Column, e.Held = line+1, column+1, true
		events = append(events, e)
	}
	return events
}

// event is what there is to say of o without its place: Restored for a whole token of the set.
func (s *Set) event(o Occurrence) Event {
	e := Event{Kind: Restored, Token: o.Token, Damage: o.Damage, Name: s.name(o.Token)}
	switch {
	case !o.Known:
		e.Kind = Unknown
	case o.Damage != Whole:
		e.Kind = Damaged
	}
	return e
}

// name is what the value of a token is known by.
func (s *Set) name(token string) string {
	if s != nil {
		for _, id := range s.tags[tagOf(token)] {
			if t := s.tokens[id]; t.text == token && t.name != "" {
				return t.name
			}
		}
	}
	return ruleOf(token)
}
