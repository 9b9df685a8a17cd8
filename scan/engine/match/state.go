package match

import "regexp/syntax"

// maxItems is how many places in programs a state may have before whoever runs gives up.
const maxItems = 1500

// kind is what an assertion can know of the byte before a place.
type kind uint8

const (
	other kind = iota
	word
	newline
	begin // of the text
	kinds = iota
)

func kindOf(b byte) kind { return kindTable[b] }

var kindTable = func() (table [256]kind) {
	for b := range table {
		if b < 0x80 && syntax.IsWordChar(rune(b)) {
			table[b] = word
		}
	}
	table['\n'] = newline
	return table
}()

// kindBefore is the kind of the byte before at.
func kindBefore(text string, at int) kind {
	if at == 0 {
		return begin
	}
	return kindOf(text[at-1])
}

// alike is the ASCII bytes of each kind.
var alike = func() (masks [3]byteMask) {
	for b := range byte(0x80) {
		masks[kindOf(b)].add(b)
	}
	return masks
}()

const endOfText = -1

// assertions is what holds between a byte of kind k and the next one.
func assertions(k kind, next int) syntax.EmptyOp {
	var before, after rune = '.', '.'
	switch k {
	case begin:
		before = -1
	case newline:
		before = '\n'
	case word:
		before = 'a'
	}
	switch {
	case next == endOfText:
		after = -1
	case next < 0x80:
		after = rune(next)
	}
	return syntax.EmptyOpContext(before, after)
}
