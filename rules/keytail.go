package rules

// Classes of bytes, as far as what stands before a mark is concerned. Letters are 1 to 26, without their case.
const (
	classOther = 0
	classKey   = 27 // a digit, or what separates words inside a key
	classLead  = 28 // what can stand between a key and its mark
)

var byteClasses = func() (table [256]uint8) {
	for c := range table {
		switch b := byte(c); {
		case letter(b):
			table[c] = b & 31
		case keyBytes[c]:
			table[c] = classKey
		case leadBytes[c] || b == '?' || b == '+':
			table[c] = classLead
		}
	}
	return table
}()

// leads is 1 for what can stand between a key and its mark.
var leads = func() (table [256]uint8) {
	for c, class := range byteClasses {
		if class == classLead {
			table[c] = 1
		}
	}
	return table
}()

// sift keeps those of the first count places, in the chunk of content that begins at from, that can belong to telling keys,
// and says how many it keeps.
func (k *keyWords) sift(p *marked, count int, content []byte, from int) (kept int) {
	for _, place := range p[:count] {
		p[kept] = place
		if mark := from + int(place); mark < 4 {
			kept++
		} else {
			kept += k.tells((*[4]byte)(content[mark-4:]))
		}
	}
	return kept
}

// tells is 1 if a mark behind four bytes can belong to a telling key, else 0. It looks at three of them, before one that
// may lead to the mark. That settles nearly all marks; of the others it lets through too many.
func (k *keyWords) tells(four *[4]byte) int {
	first := 1 - leads[four[3]]&1
	x, y, z := byteClasses[four[first]], byteClasses[four[first+1]], byteClasses[four[first+2]]
	return int(k.before[y&31][z&31] >> (x & 31) & 1)
}

// setBefore fills before from ends, whose words end in two letters: a bit for each class that the third byte from the end
// can have.
func (k *keyWords) setBefore() {
	const any = 1<<32 - 1
	for class := range 32 {
		k.before[class][classLead] = any // a longer lead
	}
	for class := 1; class <= classKey; class++ {
		k.before[class][classKey] = any // the word ends before a number
	}
	for _, ends := range k.ends {
		for _, end := range ends {
			w := end.word
			last, second := byteClasses[w[len(w)-1]], byteClasses[w[len(w)-2]]
			k.before[classKey][last] = any
			k.before[second][last] |= 1 << classKey
			if len(w) == 2 {
				k.before[second][last] = any
			} else {
				k.before[second][last] |= 1 << byteClasses[w[len(w)-3]]
			}
		}
	}
}
