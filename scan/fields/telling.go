package fields

import (
	"slices"
	"strings"
)

// promise is what a name says of its value.
type promise uint8

const (
	nothing  promise = iota
	machine          // a secret that a machine made: a token, a key
	password         // anything may be one
)

// promised is what the most telling of names promises.
func promised(names []string) promise {
	most := nothing
	for _, name := range names {
		most = max(most, promiseOf(name))
	}
	return most
}

// longestName bounds how much of a name is looked at, from its end.
const longestName = 96

// promiseOf is what name promises.
func promiseOf(name string) promise {
	name = name[max(0, len(name)-longestName):]
	words, v := wordsOf(name), vocabularies()
	if len(words) == 0 || v.isHarmless(words) {
		return nothing
	}
	most := nothing
	for i, word := range words {
		most = max(most, v.promiseOf(word))
		if i > 0 && (word == "key" || word == "keys") && v.keyOwners[words[i-1]] {
			most = max(most, machine)
		}
	}
	if v.isException(words) || v.machineLast[words[len(words)-1]] {
		most = max(most, machine)
	}
	return most
}

// isHarmless reports whether the words of a name say that its value is about a secret, and not one.
func (v *vocabulary) isHarmless(words []string) bool {
	return v.harmlessEnds[words[len(words)-1]] && !v.isException(words) || v.harmlessPairs[lastWords(words, 2)] || v.harmlessStarts[words[0]] || slices.Contains(words, "allow")
}

// isException reports whether words end like the name of a secret although the last of them is harmless.
func (v *vocabulary) isException(words []string) bool {
	return v.exceptions[lastWords(words, 2)] || v.exceptions[lastWords(words, 3)]
}

func lastWords(words []string, n int) string {
	return strings.Join(words[max(0, len(words)-n):], " ")
}

// wordsOf splits a name into words in lower case: at marks and digits, and before capitals as in dbPassword.
func wordsOf(name string) []string {
	var words []string
	start := -1
	for i := 0; i <= len(name); i++ {
		inWord := i < len(name) && letter(name[i])
		if start >= 0 && (!inWord || beginsWord(name, i)) {
			words = append(words, strings.ToLower(name[start:i]))
			start = -1
		}
		if inWord && start < 0 {
			start = i
		}
	}
	return words
}

// beginsWord holds at the P of dbPassword and of DBPassword.
func beginsWord(name string, i int) bool {
	upper := func(j int) bool { return j < len(name) && 'A' <= name[j] && name[j] <= 'Z' }
	lower := func(j int) bool { return j < len(name) && 'a' <= name[j] && name[j] <= 'z' }
	return upper(i) && (lower(i-1) || lower(i+1) && upper(i-1))
}

func (v *vocabulary) promiseOf(word string) promise {
	switch {
	case v.bypasses[word]:
		return nothing
	case v.passwordWords[word] || endsIn(word, v.passwordEnds):
		return password
	case v.machineWords[word] || endsIn(word, v.machineEnds):
		return machine
	}
	return nothing
}

func endsIn(word string, ends []string) bool {
	return slices.ContainsFunc(ends, func(end string) bool { return strings.HasSuffix(word, end) })
}
