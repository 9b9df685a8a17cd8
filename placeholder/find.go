package placeholder

import (
	"bytes"
	"slices"
	"strings"
)

// Occurrence is a token in a text, or what is left of one.
type Occurrence struct {
	Start, End int // bytes of the text as it is
	Token      string
	Damage     Damage
	Known      bool // it is of the set; else it is of another session, or of none
}

// Find is all tokens in raw, in order and apart from each other, in time that grows as raw does. It sees a token of the
// set as long as eight characters in a row of its last sixteen are there, in any case, over line ends and other marks
// between them, or encoded. A Set without tokens finds those of other sessions.
func (s *Set) Find(raw []byte) []Occurrence {
	code, err := detect(raw)
	if err != nil || code == Bytes {
		return s.find(raw)
	}
	b := decode(raw, code)
	found := s.find(b.text)
	at := cursor{b: b}
	for i := range found {
		found[i].Start = at.rawOf(found[i].Start)
		found[i].End = at.rawOf(found[i].End)
	}
	return found
}

// Remaining is the tokens of the set that a text still has in it, which has got all its values back: whole ones, in
// another case, and those of which the last sixteen characters are there.
func (s *Set) Remaining(raw []byte) []Occurrence {
	return slices.DeleteFunc(s.Find(raw), func(o Occurrence) bool { return !o.remains(raw) })
}

func (s *Set) remaining(text []byte) []Occurrence {
	return slices.DeleteFunc(s.find(text), func(o Occurrence) bool { return !o.remains(text) })
}

func (o Occurrence) remains(text []byte) bool {
	return o.Known && (o.Damage == Whole || o.Damage == Case || strings.Contains(strings.ToUpper(string(text[o.Start:o.End])), tagOf(o.Token)))
}

// find is Find in a body.
func (s *Set) find(text []byte) []Occurrence {
	f := finder{set: s, text: text}
	if s != nil && len(s.tokens) > 0 {
		f.windows()
	}
	f.prefixes()
	return f.found
}

type finder struct {
	set   *Set
	text  []byte
	found []Occurrence
	done  int // nothing that is found begins before
}

func (f *finder) windows() {
	plain := newWindow(&plainCodes, plainBits, plainWindow)
	hexed := newWindow(&hexCodes, hexBits, hexWindow)
	encoded := newWindow(&base64Codes, base64Bits, base64Window)
	for i := 0; i < len(f.text); i++ {
		if n := f.escape(i); n > 0 {
			i += n - 1
			continue
		}
		c := f.text[i]
		before := f.done
		if plain.add(c) {
			if e, ok := f.set.plain.find(plain.code); ok {
				f.plain(e, i)
			}
		}
		if !f.introduces(i) && hexed.add(c) && f.done == before {
			if e, ok := f.set.hex.find(hexed.code); ok {
				f.encoded(e, hexed, i+1)
			}
		}
		if encoded.add(c) && f.done == before {
			if e, ok := f.set.base64.find(encoded.code); ok {
				f.encoded(e, encoded, i+1)
			}
		}
		if f.done != before {
			plain.reset()
			hexed.reset()
			encoded.reset()
			i = f.done - 1
		}
	}
}

// escape is how long what begins at i is that stands for white space, or that introduces the code of a character.
func (f *finder) escape(i int) int {
	if f.text[i] != '\\' || i+1 == len(f.text) {
		return 0
	}
	switch rest := f.text[i:]; {
	case isWhite(rest):
		return 2
	case bytes.HasPrefix(rest, []byte(`\u00`)):
		return 4
	}
	return 0
}

// isWhite holds for white space that is written with a backslash.
func isWhite(text []byte) bool {
	return isBreak(text) || len(text) >= 2 && text[0] == '\\' && text[1] == 't'
}

// introduces holds for the zero of 0x.
func (f *finder) introduces(i int) bool {
	return f.text[i] == '0' && i+1 < len(f.text) && f.text[i+1]|0x20 == 'x'
}

// plain adds the token that the window which ends with the byte at is of.
func (f *finder) plain(e entry, at int) {
	best := Occurrence{Damage: Encoded}
	for _, id := range f.set.tags[tagOf(f.set.tokens[e.token].text)] {
		t := f.set.tokens[id]
		head := len(t.bare) - tagSize + int(e.end)
		start, fromStart := f.back(at+1, t.bare[:head])
		end, toEnd := f.forth(at+1, t.bare[head:])
		found := Occurrence{start, end, t.text, judge(f.text, start, end, t.text, fromStart && toEnd, fromStart, toEnd), true}
		if found.Damage == Whole {
			f.add(found)
			return
		}
		if best.Token == "" || end-start > best.End-best.Start {
			best = found
		}
	}
	f.add(best)
}

// leastPart is how many characters have to go on behind a gap, lest it be chance that they do.
const leastPart = 4

// back is where bare begins that ends before the byte at, as far as it is there.
func (f *finder) back(at int, bare string) (start int, all bool) {
	start = at
	part, gap := leastPart, 0
	sure := start
	for i := at - 1; bare != ""; i-- {
		if i < f.done || gap > longestGap {
			return sure, false
		}
		c := f.text[i]
		switch {
		case i > f.done && isWhite(f.text[i-1:]):
			i--
			gap, part = gap+2, 0
		case !alphanumeric(c):
			gap++
			part = 0
		case upper(c) == bare[len(bare)-1]:
			start, gap, bare = i, 0, bare[:len(bare)-1]
			if part++; part >= leastPart {
				sure = start
			}
		default:
			return sure, false
		}
	}
	return start, true
}

// forth is where bare ends that begins at the byte at, as far as it is there.
func (f *finder) forth(at int, bare string) (end int, all bool) {
	end = at
	part, gap := leastPart, 0
	sure := end
	for i := at; bare != ""; i++ {
		if i == len(f.text) || gap > longestGap {
			return sure, false
		}
		c := f.text[i]
		switch {
		case isWhite(f.text[i:]):
			i++
			gap, part = gap+2, 0
		case !alphanumeric(c):
			gap++
			part = 0
		case upper(c) == bare[0]:
			end, gap, bare = i+1, 0, bare[1:]
			if part++; part >= leastPart {
				sure = end
			}
		default:
			return sure, false
		}
	}
	return end, true
}

// encoded adds the token whose digits fill the window that ends before end, from the first digit that stands directly
// before them.
func (f *finder) encoded(e entry, w window, end int) {
	start := end
	for digits := 0; start > f.done && (digits < w.size || w.table[f.text[start-1]] < dropped); start-- {
		if w.table[f.text[start-1]] < dropped {
			digits++
		}
	}
	f.add(Occurrence{start, end, f.set.tokens[e.token].text, Encoded, true})
}

// nearby is how far the parts of one broken token may stand apart.
const nearby = 4

func (f *finder) add(o Occurrence) {
	if n := len(f.found); n > 0 && o.Damage != Whole {
		last := &f.found[n-1]
		gap := nearby
		if o.Damage == Encoded && last.Damage == Encoded {
			gap = longestGap
		}
		if last.Damage != Whole && tagOf(last.Token) == tagOf(o.Token) && o.Start-last.End <= gap {
			last.End, f.done = o.End, o.End
			if last.Damage == Truncated {
				last.Damage = Broken
			}
			return
		}
	}
	f.found = append(f.found, o)
	f.done = o.End
}
