package placeholder

import (
	"errors"
	"fmt"
)

// ErrWritten is that the project's own file has a token of the session in it, where a value should stand.
var ErrWritten = errors.New("file has a placeholder in it")

// Locate says which bytes of host, the project's file as it is now, stand where each token's value stood. Base is the
// redacted text that rec is of, and again what a new scan finds in host. A nil rec is that of a text without values.
//
// A span of again whose HMAC is that of a place is its value, wherever it stands. A place whose value is not found has
// been rotated, where a span has its name, or stands on the same line between the same texts, or where that line of host
// has something else between these texts. Else its value is gone.
//
// Errors are ErrRecord, ErrEncoding, ErrWritten, and spans that do not lie in host.
func Locate(base, host []byte, rec *Record, key Key, again []Span) (*Values, error) {
	if key.secret == nil {
		return nil, errNoKey
	}
	if rec == nil {
		code, err := detect(base)
		if err != nil {
			return nil, err
		}
		rec = &Record{Version: recordVersion, Encoding: code, Sum: sumOf(base)}
	}
	b, marks, macs, err := rec.marks(base)
	if err != nil {
		return nil, err
	}
	code, err := like(host, rec.Encoding)
	if err != nil {
		return nil, err
	}
	own := decode(host, code)
	pieces, err := cut(own, len(host), again, key)
	if err != nil {
		return nil, err
	}
	if err := checkWritten(own.text, marks); err != nil {
		return nil, err
	}
	p := newPairing(rec, text{b, marks}, macs, own, pieces, key)
	p.pair()
	return p.values(), nil
}

func checkWritten(host []byte, marks []mark) error {
	if len(marks) == 0 {
		return nil
	}
	for _, o := range setOf(marks).find(host) {
		if o.Known && o.Damage == Whole {
			at := []mark{{start: o.Start}}
			number(host, at)
			return fmt.Errorf("line %d: %s: %w", at[0].line+1, o.Token, ErrWritten)
		}
	}
	return nil
}

// values makes what Locate gives of p, which has been paired.
func (p *pairing) values() *Values {
	v := &values{record: p.record, base: p.base, of: p.of, held: make([]current, len(p.pieces))}
	marks := make([]mark, len(p.pieces))
	known := map[mac]string{}
	for i, m := range p.macs {
		if known[m] == "" {
			known[m] = p.record.Places[i].Token
		}
	}
	for i, piece := range p.pieces {
		marks[i] = mark{token: known[piece.mac], of: i}
		if marks[i].token == "" {
			marks[i].token = newToken(piece.rule, piece.mac)
		}
	}
	for place, i := range p.of {
		if i >= 0 {
			marks[i].token = p.record.Places[place].Token
		}
	}
	redacted := replace(p.host.text, p.pieces, marks)
	v.ours = text{body{redacted, p.host.code, p.host.tail}, marks}
	for i, piece := range p.pieces {
		v.held[i] = current{piece, string(piece.raw(p.host.text)), aroundOf(redacted, marks[i].start, marks[i].end)}
	}
	v.states = p.states()
	v.placeLines, v.pieceLines = p.lines()
	return &Values{func() *values { return v }}
}

func (p *pairing) states() []State {
	states := make([]State, len(p.of))
	for place, i := range p.of {
		status := Unchanged
		switch {
		case i < 0:
			status = Gone
		case p.pieces[i].mac != p.macs[place]:
			status = Rotated
		}
		at := p.record.Places[place]
		states[place] = State{at.Name, at.Token, p.base.marks[place].line + 1, status}
	}
	return states
}
