package placeholder

import (
	"cmp"
	"slices"
)

// pairing finds the piece of the project's file that stands for each place of a record.
type pairing struct {
	record *Record
	base   text
	macs   []mac // of the places
	host   body
	pieces []piece // of host, in order
	key    Key

	of    []int // for each place: a piece, or -1
	taken []bool
}

func newPairing(rec *Record, base text, macs []mac, host body, pieces []piece, key Key) *pairing {
	p := &pairing{record: rec, base: base, macs: macs, host: host, pieces: pieces, key: key}
	p.of, p.taken = make([]int, len(macs)), make([]bool, len(pieces))
	for i := range p.of {
		p.of[i] = -1
	}
	return p
}

// pair goes from the surest sign to the weakest. A value that is there is never taken for a rotated one.
func (p *pairing) pair() {
	p.byNames(true)
	aligned := p.align()
	p.byLines(aligned, true)
	p.byValues()
	p.byNames(false)
	p.byLines(aligned, false)
	p.byBeginnings(aligned)
	p.byContext(aligned)
}

// take pairs a place with a piece, if both are free, and, where same is set, of the same value.
func (p *pairing) take(place, piece int, same bool) {
	if p.of[place] >= 0 || p.taken[piece] || same && p.macs[place] != p.pieces[piece].mac {
		return
	}
	p.of[place], p.taken[piece] = piece, true
}

// named is a value by its name, and by how many before it have the same: its lines, its parts.
type named struct {
	name string
	nth  int
}

func (p *pairing) byNames(same bool) {
	counts, pieces := map[string]int{}, map[named]int{}
	for i, piece := range p.pieces {
		if piece.name != "" {
			pieces[named{piece.name, counts[piece.name]}] = i
			counts[piece.name]++
		}
	}
	clear(counts)
	for place, at := range p.record.Places {
		if at.Name == "" {
			continue
		}
		if piece, ok := pieces[named{at.Name, counts[at.Name]}]; ok {
			p.take(place, piece, same)
		}
		counts[at.Name]++
	}
}

// byValues pairs what is left of each value in the order of the texts.
func (p *pairing) byValues() {
	free := map[mac][]int{}
	for i, piece := range p.pieces {
		if !p.taken[i] {
			free[piece.mac] = append(free[piece.mac], i)
		}
	}
	for place, m := range p.macs {
		if pieces := free[m]; p.of[place] < 0 && len(pieces) > 0 {
			p.take(place, pieces[0], true)
			free[m] = pieces[1:]
		}
	}
}

// lines is how many lines the value of each place has, and of each piece: those of one name, or of one span.
func (p *pairing) lines() (places, pieces []int) {
	type value struct {
		name  string
		group int
	}
	of := func(name string, group int) value {
		if name != "" {
			group = 0
		}
		return value{name, group}
	}
	inRecord, inHost := map[value]int{}, map[value]int{}
	for _, at := range p.record.Places {
		inRecord[of(at.Name, at.Value)]++
	}
	for _, piece := range p.pieces {
		inHost[of(piece.name, piece.group)]++
	}
	for _, at := range p.record.Places {
		places = append(places, inRecord[of(at.Name, at.Value)])
	}
	for _, piece := range p.pieces {
		pieces = append(pieces, inHost[of(piece.name, piece.group)])
	}
	return places, pieces
}

// insert adds pieces that were found by their context, and keeps all in order.
func (p *pairing) insert(found []foundPiece) {
	if len(found) == 0 {
		return
	}
	all := make([]foundPiece, 0, len(p.pieces)+len(found))
	for i, piece := range p.pieces {
		all = append(all, foundPiece{piece, -1 - i})
	}
	all = append(all, found...)
	slices.SortStableFunc(all, func(a, b foundPiece) int { return cmp.Compare(a.start, b.start) })
	moved := make([]int, len(p.pieces))
	p.pieces, p.taken = make([]piece, len(all)), make([]bool, len(all))
	fresh := map[int]int{}
	for i, f := range all {
		p.pieces[i] = f.piece
		if f.place < 0 {
			moved[-1-f.place] = i
		} else {
			fresh[f.place] = i
		}
	}
	for place, piece := range p.of {
		if piece >= 0 {
			p.of[place] = moved[piece]
		}
		if piece, ok := fresh[place]; ok {
			p.of[place] = piece
		}
		if p.of[place] >= 0 {
			p.taken[p.of[place]] = true
		}
	}
}

// foundPiece is a piece and its place in the record, or the complement of its old index.
type foundPiece struct {
	piece
	place int
}
