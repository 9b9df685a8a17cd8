package rules

import "fmt"

// keyWords is the words that telling keys end in, without what separates words inside a key.
type keyWords struct {
	groups [1 << 10]uint8 // by tail: which of ends the words that end so are; the first is empty
	ends   [][]keyEnd     // those that decide first in front
	before [32][32]uint32 // by the classes of two bytes, and of one before them as a bit: whether a telling key can end so
}

// keyEnd is a word that keys end in, and what such a key promises.
type keyEnd struct {
	word  string
	whole bool // the key has to be the word
	kind  keyKind
}

// keyKind is what a key promises of its value.
type keyKind uint8

const (
	noKey keyKind = iota
	passwordKey
	secretKey
)

func newKeyWords(passwords, secrets, exact, others []string) keyWords {
	k := keyWords{ends: make([][]keyEnd, 1)}
	k.add(exact, true, secretKey)
	k.add(others, false, noKey)
	k.add(passwords, false, passwordKey)
	k.add(secrets, false, secretKey)
	k.setBefore()
	return k
}

func (k *keyWords) add(words []string, whole bool, kind keyKind) {
	for _, w := range words {
		if len(w) < 2 || !letter(w[len(w)-2]) || !letter(w[len(w)-1]) {
			panic(fmt.Sprintf("BUG: key word %q does not end in two letters", w))
		}
		group := &k.groups[tail(w[len(w)-2], w[len(w)-1])]
		if *group == 0 {
			*group = uint8(len(k.ends))
			k.ends = append(k.ends, nil)
		}
		k.ends[*group] = append(k.ends[*group], keyEnd{w, whole, kind})
	}
}

// tail is two letters without their case, as a number below 1<<10.
func tail(a, b byte) int { return int(a&31)<<5 | int(b&31) }

func letter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// separates reports whether c separates words inside a key.
func separates(c byte) bool { return c == '_' || c == '-' || c == '.' }

// kind classifies a key. What is no letter at its end is no part of its last word: DB_PASSWORD_2.
func (k *keyWords) kind(key []byte) keyKind {
	for len(key) > 0 && !letter(key[len(key)-1]) {
		key = key[:len(key)-1]
	}
	if len(key) < 2 {
		return noKey
	}
	before := len(key) - 2
	for before > 0 && separates(key[before]) {
		before--
	}
	if !letter(key[before]) {
		return noKey
	}
	for _, end := range k.ends[k.groups[tail(key[before], key[len(key)-1])]] {
		if rest, ok := cutWord(key, end.word); ok && (!end.whole || len(rest) == 0) {
			return end.kind
		}
	}
	return noKey
}

// cutWord takes word, which is in lower case, off the end of key, and then what separates it from the rest. It does not
// mind what separates words inside of it.
func cutWord(key []byte, word string) (rest []byte, ok bool) {
	for i := len(word) - 1; i >= 0; i-- {
		key = trimSeparators(key)
		if len(key) == 0 || lowerByte(key[len(key)-1]) != word[i] {
			return nil, false
		}
		key = key[:len(key)-1]
	}
	return trimSeparators(key), true
}

func trimSeparators(key []byte) []byte {
	for len(key) > 0 && separates(key[len(key)-1]) {
		key = key[:len(key)-1]
	}
	return key
}
