package scan

// Bounds of the parts of leaks.GenericPattern, in bytes of ASCII text.
const (
	genericBefore   = 50          // in front of the word
	genericGap      = 20 + 3      // between the word and the operator
	genericOperator = 4 + 5       // the operator, and quotes before the value
	genericValue    = 10          // the value at least
	genericBehind   = 2 + 1       // the terminator, and one byte so that $ is not met at a window's edge
	genericWord     = 1 << 4      // no word is longer
	genericSlack    = genericWord // room for the word itself on the left
)

const (
	gapByte   = 1 << iota // of what may stand between the word and the operator
	opByte                // begins an operator
	joinByte              // of an operator, or between it and the value
	valueByte             // of a value
)

var genericClasses = func() (table [256]uint8) {
	set := func(bit uint8, bytes string) {
		for i := range len(bytes) {
			table[bytes[i]] |= bit
		}
	}
	word := "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
	set(gapByte, word+" \t\n\v\f\r.-'\"")
	set(opByte, "=>:|?,")
	set(joinByte, "=>:|?,`'\" \t\n\v\f\r")
	set(valueByte, word+".=-+/")
	return table
}()

// genericScan is the state of one text: how far the value at hand is known to go.
type genericScan struct{ valueEnd int }

// anchor is the window of a word at text[at:end], or false where no match can come of it: it is followed too late by an
// operator, or the operator by too short a value.
func (g *genericScan) anchor(text string, at, end int) (window, bool) {
	op := end
	for op < len(text) && op-end <= genericGap && genericClasses[text[op]]&gapByte != 0 {
		op++
	}
	if op == len(text) || op-end > genericGap || genericClasses[text[op]]&opByte == 0 {
		return window{}, false
	}
	value := g.value(text, op+1)
	if value < 0 {
		return window{}, false
	}
	g.valueEnd = max(g.valueEnd, value)
	for g.valueEnd < len(text) && genericClasses[text[g.valueEnd]]&valueByte != 0 {
		g.valueEnd++
	}
	return window{max(at-genericBefore-genericSlack, 0), min(g.valueEnd+genericBehind, len(text))}, true
}

// value is the end of the least value that can follow an operator which begins before at, or -1. The bytes of an
// operator and of a value overlap in =, so every place where the value could begin is tried.
func (g *genericScan) value(text string, at int) int {
	for start := at; start < len(text) && start < at+genericOperator; start++ {
		n := start
		for n < len(text) && n < start+genericValue && genericClasses[text[n]]&valueByte != 0 {
			n++
		}
		if n == start+genericValue {
			return n
		}
		if genericClasses[text[start]]&joinByte == 0 {
			return -1
		}
	}
	return -1
}
