package placeholder

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
)

// Record is what a session keeps of a redacted text. It holds no value, no part of one and no length of one: of a value,
// it tells how many lines it has, as the redacted text does, and nothing else to those who do not have the session's key.
type Record struct {
	Version  int      `json:"version"`
	Encoding Encoding `json:"encoding"`
	Sum      string   `json:"sum"` // SHA-256 of the redacted text, hexadecimal
	Places   []Place  `json:"places"`
}

// Place is where a token stands in a redacted text.
type Place struct {
	Token   string  `json:"token"`
	MAC     string  `json:"mac"` // HMAC-SHA-256 of the value under the session's key, hexadecimal
	Start   int     `json:"start"`
	End     int     `json:"end"` // bytes of the redacted text as it is, Quote included
	Name    string  `json:"name,omitempty"`
	Context Context `json:"context,omitempty"`
	Quote   byte    `json:"quote,omitempty"`
	Value   int     `json:"value"` // the same for all lines of one value, rising
}

const recordVersion = 1

// ErrRecord is that a record is not that of the text, or was changed.
var ErrRecord = errors.New("record of placeholders does not fit")

func unfit(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrRecord, fmt.Sprintf(format, args...))
}

// Tokens is each token once, in the order of the text.
func (r *Record) Tokens() []string {
	var tokens []string
	seen := map[string]bool{}
	for _, p := range r.Places {
		if !seen[p.Token] {
			seen[p.Token] = true
			tokens = append(tokens, p.Token)
		}
	}
	return tokens
}

func sumOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// mark is a token in a body that is redacted.
type mark struct {
	start, end int // bytes, quotes included
	line       int // from 0
	token      string
	of         int // index of what it stands for: a place of the record, or a value of the project's file
}

// marks reads where the tokens stand in base, whose record r is. It believes nothing.
func (r *Record) marks(base []byte) (body, []mark, []mac, error) {
	if r.Version != recordVersion {
		return body{}, nil, nil, unfit("version %d, known is %d", r.Version, recordVersion)
	}
	if int(r.Encoding) >= len(encodingNames) || r.Sum != sumOf(base) {
		return body{}, nil, nil, unfit("another text")
	}
	b := decode(base, r.Encoding)
	marks, macs := make([]mark, len(r.Places)), make([]mac, len(r.Places))
	at := cursor{b: b}
	done, value := 0, 0
	for i, p := range r.Places {
		m, ok := parseMAC(p.MAC)
		if !ok || !isToken(p.Token) || newToken(ruleOf(p.Token), m) != p.Token {
			return body{}, nil, nil, unfit("token %d", i)
		}
		start, begins := at.to(min(max(p.Start, 0), len(base)))
		end := start + len(p.written())
		if start < done || !begins || end > len(b.text) || at.rawOf(start) != p.Start || at.rawOf(end) != p.End || string(b.text[start:end]) != p.written() {
			return body{}, nil, nil, unfit("place %d", i)
		}
		if p.Value < value || p.Quote != 0 && p.Quote != '"' && p.Quote != '\'' {
			return body{}, nil, nil, unfit("value %d", i)
		}
		marks[i], macs[i] = mark{start: start, end: end, token: p.Token, of: i}, m
		done, value = end, p.Value
	}
	number(b.text, marks)
	return b, marks, macs, nil
}

// written is the token as it stands in the text.
func (p Place) written() string { return written(p.Token, p.Quote) }

func written(token string, quote byte) string {
	if quote == 0 {
		return token
	}
	return string(quote) + token + string(quote)
}

// number fills in the lines of marks, which are in order.
func number(text []byte, marks []mark) {
	line, at := 0, 0
	for i := range marks {
		for ; at < marks[i].start; at++ {
			if text[at] == '\n' {
				line++
			}
		}
		marks[i].line = line
	}
}
