package judge

// model says how many bits it takes to name the bytes of a value to somebody who expects words: three to four a byte for
// words of code and prose, five to seven for random ones. Letters go by pairs; the other costs are set by hand so that
// names of several words, with the digits that names have, stay under randomBits.
type model struct {
	pairs [letters][letters]float32 // bits
}

const letters = 26

// Costs in bits.
const (
	firstLetter  = 4   // of a word
	capital      = 5.5 // inside a word, after a lower-case letter
	firstDigit   = 5
	nextDigit    = 3.32
	afterDigit   = 5.5
	separator    = 2
	mark         = 5.5
	anyOtherByte = 4.5
)

func newModel(rows []string) (m model) {
	for a, row := range rows {
		for b := range len(row) {
			m.pairs[a][b] = float32(digit36(row[b])) / 2
		}
	}
	return m
}

func digit36(c byte) int {
	if c <= '9' {
		return int(c - '0')
	}
	return int(c-'a') + 10
}

type kind uint8

const (
	other kind = iota
	lowerCase
	upperCase
	decimal
	between // separates words
)

var kinds = func() (table [256]kind) {
	for c := range table {
		switch {
		case 'a' <= c && c <= 'z':
			table[c] = lowerCase
		case 'A' <= c && c <= 'Z':
			table[c] = upperCase
		case '0' <= c && c <= '9':
			table[c] = decimal
		}
	}
	for _, c := range []byte("-_./: ") {
		table[c] = between
	}
	return table
}()

// bits is the sum over s.
func (m *model) bits(s string) float32 {
	sum, last := float32(0), between
	for i := range len(s) {
		k := kinds[s[i]]
		sum += m.step(s, i, last, k)
		last = k
	}
	return sum
}

func (m *model) step(s string, i int, last, k kind) float32 {
	switch k {
	case lowerCase, upperCase:
		switch {
		case last == decimal:
			return afterDigit
		case last == lowerCase && k == upperCase:
			return capital
		case last == lowerCase || last == upperCase:
			return m.pairs[s[i-1]&31-1][s[i]&31-1]
		}
		return firstLetter
	case decimal:
		if last == decimal {
			return nextDigit
		}
		return firstDigit
	case between:
		return separator
	}
	if s[i] >= 0x80 {
		return anyOtherByte
	}
	return mark
}
