package scan

// finder finds many literals in one pass, ASCII letters in either case.
type finder struct {
	table [1 << 16]uint8 // by two bytes in lower case: an index into lists, 0 for none
	lists [][]literal
}

type literal struct {
	text string // lower case, two bytes or more
	id   int
}

// maxLists is what a table entry can tell apart.
const maxLists = 256

func newFinder(words []string) *finder {
	f := &finder{lists: make([][]literal, 1)}
	for id, word := range words {
		key := uint16(word[0])<<8 | uint16(word[1])
		at := f.table[key]
		if at == 0 {
			if len(f.lists) == maxLists {
				panic("BUG: more pairs of first bytes than a table entry can tell apart")
			}
			at = uint8(len(f.lists))
			f.table[key] = at
			f.lists = append(f.lists, nil)
		}
		f.lists[at] = append(f.lists[at], literal{word, id})
	}
	return f
}

// each calls found for every occurrence of every word, in the order of their places.
func (f *finder) each(text string, found func(id, at int)) {
	if len(text) == 0 {
		return
	}
	pair := uint16(lowerTable[text[0]])
	for i := 1; i < len(text); i++ {
		pair = pair<<8 | uint16(lowerTable[text[i]])
		if at := f.table[pair]; at != 0 {
			for _, l := range f.lists[at] {
				if hasPrefixFold(text[i-1:], l.text) {
					found(l.id, i-1)
				}
			}
		}
	}
}

func hasPrefixFold(text, lower string) bool {
	if len(text) < len(lower) {
		return false
	}
	for i := 2; i < len(lower); i++ {
		if lowerTable[text[i]] != lower[i] {
			return false
		}
	}
	return true
}

var lowerTable = func() (table [256]byte) {
	for c := range table {
		table[c] = byte(c)
		if 'A' <= c && c <= 'Z' {
			table[c] += 'a' - 'A'
		}
	}
	return table
}()
