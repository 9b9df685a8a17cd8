package redact

import (
	"strings"
	"unicode/utf8"
)

const (
	minTelling = 8 // bytes
	maxTelling = 4096
	longWord   = 24 // letters that no word has
)

// Telling reports whether value is so much of its own that to meet it elsewhere says something. Names, hosts, addresses,
// versions and regions, of which settings are full, are not: they stand in many places that are no secret.
func Telling(value string) bool {
	if len(value) < minTelling || len(value) > maxTelling || strings.ContainsAny(value, "\r\n") || !utf8.ValidString(value) {
		return false
	}
	for word := range strings.FieldsFuncSeq(value, separates) {
		if !ordinary(word) {
			return distinct(value) >= 5
		}
	}
	return false
}

func separates(r rune) bool { return strings.ContainsRune("-_./:@?=&,; ", r) }

// ordinary holds for a word, a number, and a word with a short number behind it.
func ordinary(word string) bool {
	letters := 0
	for letters < len(word) && isLetter(word[letters]) {
		letters++
	}
	digits := len(word)
	for digits > letters && '0' <= word[digits-1] && word[digits-1] <= '9' {
		digits--
	}
	if digits != letters || letters > longWord {
		return false // Another character stands in it, or letters behind digits.
	}
	numbers := len(word) - digits
	return numbers <= 3 && isWord(word[:letters]) || letters == 0 && numbers <= 12
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// isWord holds for letters of one case, but for the first of a part: camelCase and UserName, not xQrTzB.
func isWord(letters string) bool {
	if strings.ToUpper(letters) == letters {
		return true
	}
	capitals := 0
	for i := range len(letters) {
		if letters[i] <= 'Z' {
			capitals++
		}
	}
	return 4*capitals <= len(letters) || capitals <= 1
}

func distinct(value string) int {
	seen := map[rune]bool{}
	for _, r := range value {
		seen[r] = true
	}
	return len(seen)
}
