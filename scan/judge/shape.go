package judge

import "strings"

// Limits of what counts as random.
const (
	randomBits    = 4.25 // bits a byte from which a value with digits among its letters is random
	wordBits      = 4.95 // and one without; one in a hundred names in code is over it
	nameBits      = 4.2  // and up to which letters are a name
	leastBits     = 32   // bits in all that a random one has
	strongBits    = 60   // bits in all that no person makes up for a test
	shortestWord  = 3    // bytes of a password
	shortestToken = 8    // bytes of a value made by a machine
)

// shape says why v does not look like what its key and its file let one expect.
func (j *Judge) shape(v *view) string {
	random, bits := j.random(v.value)
	switch {
	case j.paths.fixture(v.path) && !(random && bits >= strongBits && !j.isMadeUp(v)):
		return "a value of a test or an example"
	case j.isMachine(v):
		return j.machineShape(v, random)
	case len(v.value) < shortestWord:
		return "too short"
	case j.lists.has(v.Rule) && v.class.upper == len(v.value):
		return "a name in a list"
	case random:
		return ""
	case j.lists.has(v.Rule) && !mixed(v):
		return "a name in a list"
	case j.paths.code.match(v.path) && j.isNameInCode(v):
		return "a name in a program"
	case j.paths.document(v.path) && !mixed(v):
		return "a word in a document"
	}
	return ""
}

// isMachine reports whether only a random value counts: the rule is about such values, and the key is not that of a
// password.
func (j *Judge) isMachine(v *view) bool {
	return j.machine.has(v.Rule) && !j.passwords.match(v.key) && !v.plain
}

func (j *Judge) machineShape(v *view, random bool) string {
	switch {
	case len(v.value) < shortestToken:
		return "too short for a token"
	case random:
		return ""
	case j.paths.live.has(v.path) && !isNameLike(v):
		return "" // in files that are made for secrets a weak one counts
	}
	return "words, not a random value"
}

// isMadeUp holds for what tests have though it looks random: identifiers, vectors of cryptography, and letters of one case,
// which a hand types and no machine makes.
func (j *Judge) isMadeUp(v *view) bool {
	return isUUID(v.low) || j.isVector(v) || len(v.value) <= longestTyped && (v.class.lower == len(v.value) || v.class.upper == len(v.value))
}

// longestTyped is how many letters a hand types at random, at most.
const longestTyped = 32

// isVector holds for hexadecimal of 32 bytes and more, as the tests of cryptography are full of, and for less of it under
// a name that they have.
func (j *Judge) isVector(v *view) bool {
	least := 64
	if j.vectors.has(v.key) {
		least = 32
	}
	return len(v.low) >= least && strings.Trim(v.low, "0123456789abcdef") == ""
}

// random reports whether no words are in v, and how many bits it takes to name it.
func (j *Judge) random(value string) (bool, float32) {
	// What ends a base64 text says nothing.
	text := strings.TrimRight(value, "=")
	if text == "" || strings.Count(text, " ")*40 > len(text) {
		return false, 0
	}
	bits := j.model.bits(text)
	if isHex(text) {
		return true, bits
	}
	least := float32(wordBits)
	if strings.ContainsAny(strings.TrimRight(text, "0123456789"), "0123456789") {
		least = randomBits
	}
	return bits >= leastBits && bits/float32(len(text)) >= least, bits
}

// isHex holds for sixteen hexadecimal digits and more, dashes of a UUID among them, that are neither a word nor a number.
func isHex(s string) bool {
	digits, alphas := 0, 0
	for i := range len(s) {
		switch c := s[i]; {
		case '0' <= c && c <= '9':
			digits++
		case hexDigit(c | 0x20):
			alphas++
		case c != '-' || len(s) != 36:
			return false
		}
	}
	return digits >= 2 && alphas >= 2 && digits+alphas >= 16
}

// isNameLike holds for letters with at most what joins words: a person's password has a digit or a mark in it, as a rule.
func isNameLike(v *view) bool {
	return v.class.digit == 0 && v.class.mark == v.class.separators && v.class.foreign == 0
}

// mixed holds for letters with digits or marks among them.
func mixed(v *view) bool {
	letters := v.class.lower + v.class.upper
	return letters > 0 && (v.class.digit > 0 || v.class.mark > v.class.separators) && len(v.value) >= 6
}

// isNameInCode holds for what a program calls something: one word or two, or words of which one names a secret.
func (j *Judge) isNameInCode(v *view) bool {
	if !isNameLike(v) || j.model.bits(v.value) > nameBits*float32(len(v.value)) || v.class.lower > 0 && v.class.upper*3 > len(v.value) {
		return false
	}
	words := 0
	for word := range strings.FieldsFuncSeq(v.low, func(r rune) bool { return r < 'a' || r > 'z' }) {
		if j.words.has(word) || strings.Contains(word, "pass") || strings.Contains(word, "secret") {
			return true
		}
		words++
	}
	return words < 3
}
