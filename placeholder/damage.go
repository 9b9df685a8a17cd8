package placeholder

import "bytes"

// Damage is what was done to a token.
type Damage uint8

// The damages. A token of no known session is never anything but whole: nobody knows what it was.
const (
	Whole     Damage = iota
	Truncated        // its beginning or its end is missing
	Case             // letters are of another case
	Broken           // characters are missing, changed or put between
	Split            // it goes over white space, a line end or quotes
	Encoded          // in base64, in hexadecimal or in percent escapes
)

var damageNames = [...]string{"whole", "truncated", "in another case", "broken", "split", "encoded"}

func (d Damage) String() string { return damageNames[d] }

// MarshalText is what String gives.
func (d Damage) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// judge tells what of token stands at text[start:end]. All of its letters and digits do where whole is set.
func judge(text []byte, start, end int, token string, all, fromStart, toEnd bool) Damage {
	found := text[start:end]
	switch {
	case string(found) == token:
		return Whole
	case all && len(found) == len(token) && bytes.EqualFold(found, []byte(token)):
		return Case
	case bytes.ContainsAny(found, " \t\r\n\"'`+\\\x00"):
		return Split
	case all:
		return Broken
	}
	cutBefore := start == 0 || !inWord(text[start-1])
	cutAfter := end == len(text) || !inWord(text[end])
	if (fromStart || cutBefore) && (toEnd || cutAfter) {
		return Truncated
	}
	return Broken
}

func inWord(c byte) bool { return alphanumeric(c) || c == '_' }
