package placeholder

import "fmt"

// Values is what stands in the project's file for the tokens of a record. It prints as [redacted].
//
// What has values is behind a function, here and in Outcome: package fmt prints what pointers point to, where a verb does
// not fit them.
type Values struct{ in func() *values }

type values struct {
	record *Record
	base   text // of the view
	ours   text // the project's file in the same tokens
	held   []current
	of     []int // for each place of the record: index in held, -1 where its value is gone
	states []State

	placeLines, pieceLines []int // of the whole value that a place, or an entry of held, is a line of
}

// text is a body with tokens in it.
type text struct {
	body
	marks []mark
}

// current is a value as it stands in the project's file.
type current struct {
	piece
	written string // the bytes there
	around  around
}

// Status is what became of a value since the view was staged.
type Status uint8

// The states.
const (
	Unchanged Status = iota
	Rotated          // another value stands in its place
	Gone             // nothing does
)

var statusNames = [...]string{"unchanged", "rotated", "gone"}

func (s Status) String() string { return statusNames[s] }

// MarshalText is what String gives.
func (s Status) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// State is the status of one place of a record.
type State struct {
	Name   string
	Token  string
	Line   int // from 1, in the view
	Status Status
}

// States is the places of the record, in order.
func (v *Values) States() []State { return v.in().states }

// Redacted is the project's file in the tokens of the view. What is new in it has tokens of its own. It is the view's text
// where nobody changed the file, and where values were rotated but for the number of their lines.
func (v *Values) Redacted() ([]byte, error) { return v.in().ours.encode(v.in().ours.text) }

// Format prints [redacted] for every verb.
func (v Values) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(hidden)) }

// MarshalText is [redacted].
func (v Values) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// around is what stands beside a value and tells how it has to be written: quotes, and what means something in a URL or a
// markup.
type around struct{ before, after [2]byte }

func aroundOf(text []byte, start, end int) around {
	var a around
	if start > 0 {
		a.before[0] = telling(text[start-1])
	}
	if start > 1 && a.before[0] != 0 {
		a.before[1] = telling(text[start-2])
	}
	if end < len(text) {
		a.after[0] = telling(text[end])
	}
	if end+1 < len(text) && a.after[0] == '\\' {
		a.after[1] = telling(text[end+1])
	}
	return a
}

func telling(c byte) byte {
	switch c {
	case '"', '\'', '`', '\\', '@', '<', '>', '&', '%', '{', '}', '$':
		return c
	}
	return 0
}

// isPlain holds for a value that is written the same way everywhere, and is text everywhere.
func isPlain(value string) bool {
	letters := 0
	for i := range len(value) {
		c := value[i]
		if !alphanumeric(c) && c != '_' && c != '-' && c != '.' {
			return false
		}
		if u := upper(c); 'A' <= u && u <= 'Z' {
			letters++
		}
	}
	return letters > 1 && len(value) > 5 && alphanumeric(value[0])
}
