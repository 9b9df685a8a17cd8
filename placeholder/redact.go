package placeholder

import (
	"encoding/hex"
	"errors"
	"fmt"
)

// ErrTaken is that a text has one of the tokens in it already. With another key it has not.
var ErrTaken = errors.New("text has a placeholder of this session in it")

// Redacted is a text with tokens in the place of values.
type Redacted struct {
	Text   []byte
	Record Record
	Pieces []Range // the bytes of the text before that each place of the record stands for
}

// Range is bytes of a text.
type Range struct{ Start, End int }

// Redact puts a token in the place of each span of raw, in the text's own encoding: UTF-8 or any bytes, UTF-16. Spans
// come in any order and may touch; those that overlap are one. A span of several lines becomes a token a line: line
// ends, indentation, white pieces and the first and last lines of PEM blocks stay, and so does all that is in no span.
// Spans that begin or end inside a character or a byte order mark are taken to its border.
//
// Errors are spans that do not lie in raw, ErrEncoding and ErrTaken.
//
// For every raw and spans: Locate in raw with the same spans, and Restore of the redacted text, give raw.
func Redact(raw []byte, spans []Span, key Key) (*Redacted, error) {
	if key.secret == nil {
		return nil, errNoKey
	}
	code, err := detect(raw)
	if err != nil {
		return nil, err
	}
	b := decode(raw, code)
	pieces, err := cut(b, len(raw), spans, key)
	if err != nil {
		return nil, err
	}
	tokens := map[mac]string{}
	marks := make([]mark, len(pieces))
	for i, p := range pieces {
		if tokens[p.mac] == "" {
			tokens[p.mac] = newToken(p.rule, p.mac)
		}
		marks[i] = mark{token: tokens[p.mac], of: i}
	}
	text := replace(b.text, pieces, marks)
	if err := checkTaken(b.text, text, marks); err != nil {
		return nil, err
	}
	redacted, err := b.encode(text)
	if err != nil {
		return nil, fmt.Errorf("BUG: redacted text: %w", err)
	}
	return &Redacted{redacted, newRecord(redacted, body{text, code, b.tail}, pieces, marks), rangesOf(b, pieces)}, nil
}

func rangesOf(b body, pieces []piece) []Range {
	ranges := make([]Range, len(pieces))
	at := cursor{b: b}
	for i, p := range pieces {
		ranges[i] = Range{at.rawOf(p.start), at.rawOf(p.end)}
	}
	return ranges
}

// replace writes tokens over pieces, and notes in marks where they then stand.
func replace(text []byte, pieces []piece, marks []mark) []byte {
	out := make([]byte, 0, len(text)+len(pieces)*maxToken/2)
	done := 0
	for i, p := range pieces {
		out = append(out, text[done:p.start]...)
		marks[i].start = len(out)
		out = append(out, written(marks[i].token, p.quote)...)
		marks[i].end = len(out)
		done = p.end
	}
	out = append(out, text[done:]...)
	number(out, marks)
	return out
}

func newRecord(redacted []byte, b body, pieces []piece, marks []mark) Record {
	r := Record{Version: recordVersion, Encoding: b.code, Sum: sumOf(redacted), Places: make([]Place, len(pieces))}
	at := cursor{b: b}
	for i, p := range pieces {
		r.Places[i] = Place{
			Token: marks[i].token, MAC: hex.EncodeToString(p.mac[:]), Start: at.rawOf(marks[i].start), End: at.rawOf(marks[i].end),
			Name: p.name, Context: p.context, Quote: p.quote, Value: p.group,
		}
	}
	return r
}

// checkTaken holds that the tokens stand in text where marks are and nowhere else, and not in before at all.
func checkTaken(before, text []byte, marks []mark) error {
	set := setOf(marks)
	for _, o := range set.find(before) {
		if o.Known && o.Damage == Whole {
			return ErrTaken
		}
	}
	next := 0
	for _, o := range set.find(text) {
		if !o.Known || o.Damage != Whole {
			continue
		}
		if next == len(marks) || o.Start < marks[next].start || o.End > marks[next].end || o.Token != marks[next].token {
			return ErrTaken
		}
		next++
	}
	if next != len(marks) {
		return ErrTaken
	}
	return nil
}

func setOf(marks []mark) *Set {
	named := map[string]string{}
	for _, m := range marks {
		named[m.token] = ""
	}
	return newSet(named)
}
