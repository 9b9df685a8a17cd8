package rules

import (
	"bytes"
	"strings"
)

// maxKey and maxValue bound what of a key and of a value is looked at.
const (
	maxKey   = 64
	maxValue = 4096
)

// keyWords is the words that telling keys end in, without what separates words inside a key.
type keyWords struct {
	last  [256]bool            // last bytes of all of them
	words map[[2]byte][]keyEnd // by their last two bytes, those that decide first in front
}

// keyEnd is a word that keys end in, and what such a key promises.
type keyEnd struct {
	word  string
	whole bool // the key has to be the word
	kind  keyKind
}

func newKeyWords(passwords, secrets, exact, others []string) keyWords {
	k := keyWords{words: map[[2]byte][]keyEnd{}}
	k.add(exact, true, secretKey)
	k.add(others, false, noKey)
	k.add(passwords, false, passwordKey)
	k.add(secrets, false, secretKey)
	return k
}

func (k *keyWords) add(words []string, whole bool, kind keyKind) {
	for _, w := range words {
		last := [2]byte{w[len(w)-2], w[len(w)-1]}
		k.words[last] = append(k.words[last], keyEnd{w, whole, kind})
		k.last[last[1]] = k.last[last[1]] || kind != noKey
	}
}

// keyKind is what a key promises of its value.
type keyKind uint8

const (
	noKey keyKind = iota
	passwordKey
	secretKey
)

// kind classifies a key.
func (k *keyWords) kind(key []byte) keyKind {
	for len(key) > 0 && !letter(key[len(key)-1]) {
		key = key[:len(key)-1]
	}
	if len(key) < 2 || !k.last[lowerByte(key[len(key)-1])] {
		return noKey
	}
	var room [maxKey]byte
	key = bare(room[:0], key)
	if len(key) < 2 {
		return noKey
	}
	for _, end := range k.words[[2]byte{key[len(key)-2], key[len(key)-1]}] {
		if rest, ok := bytes.CutSuffix(key, []byte(end.word)); ok && (!end.whole || len(rest) == 0) {
			return end.kind
		}
	}
	return noKey
}

func letter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// bare appends key to b in lower case, without what separates words inside it.
func bare(b, key []byte) []byte {
	for _, c := range key {
		if c != '_' && c != '-' && c != '.' {
			b = append(b, lowerByte(c))
		}
	}
	return b
}

// keyBytes is what keys are made of.
var keyBytes = func() (table [256]bool) {
	for c := range table {
		b := byte(c)
		table[c] = 'a' <= b|0x20 && b|0x20 <= 'z' || '0' <= b && b <= '9' || b == '_' || b == '-' || b == '.'
	}
	return table
}()

// findAssignment finds a key that tells of a credential with a literal value, and returns the key. Under a rule for code nothing counts in a program; under one that redacts, the file is made for
// credentials, and a value need not look like one.
func (c *contentRules) findAssignment(content []byte, rule PathRule) (key string, ok bool) {
	program, known := false, false
	for i := 0; i < len(content); i++ {
		if !keyBytes[content[i]] {
			continue
		}
		start := i
		for i < len(content) && keyBytes[content[i]] {
			i++
		}
		start = max(start, i-maxKey)
		if last := lowerByte(content[i-1]); !c.keys.last[last] && last > '9' || !leadsOn(content[i:]) {
			continue
		}
		kind := c.keys.kind(content[start:i])
		if kind == noKey {
			continue
		}
		if rule.Action == Redact {
			kind = passwordKey
		}
		end := c.operator(content[i:min(i+maxOperator, len(content))])
		if end < 0 {
			continue
		}
		if !known {
			program, known = c.isProgram(content), true
			if program && rule.Code {
				return "", false
			}
		}
		key := string(content[start:i])
		v, quoted := value(content[i+end:])
		if !quoted && inFlow(content[:start]) {
			v = firstOfFlow(v)
		}
		if c.counts(kind, key, v, quoted, program) {
			return key, true
		}
	}
	return "", false
}

// inFlow reports whether a line that begins as before ends is inside the braces of YAML's flow style.
func inFlow(before []byte) bool {
	line := before[bytes.LastIndexByte(before, '\n')+1:]
	return bytes.IndexByte(line, '{') >= 0
}

// firstOfFlow is a flow-style value without what follows it. Braces that the value opens itself are left to it.
func firstOfFlow(v string) string {
	if end := strings.IndexAny(v, ",}]{[("); end >= 0 && strings.IndexByte(",}]", v[end]) >= 0 {
		return strings.TrimSpace(v[:end])
	}
	return v
}

// leadsOn reports whether what follows a word can be the operator of assignPattern, or what stands before it.
func leadsOn(rest []byte) bool {
	for i := 0; i < len(rest) && i < 8; i++ {
		switch rest[i] {
		case '=', ':', '?', '+', '>', '<', ',':
			return true
		case '\\', '"', '\'', '`', ']', ')':
		case ' ', '\t', '\n', '\r', '\v', '\f':
			// Only the word value can follow a longer gap.
			if i == 7 || i+1 < len(rest) && rest[i+1]|0x20 == 'v' {
				return true
			}
		default:
			return false
		}
	}
	return len(rest) >= 8
}

// value reads the value that text begins with.
func value(text []byte) (v string, quoted bool) {
	text = text[:min(len(text), maxValue)]
	text = bytes.TrimLeft(text, "\\")
	if len(text) == 0 {
		return "", false
	}
	if q := text[0]; q == '"' || q == '\'' || q == '`' {
		text = bytes.TrimLeft(text, string(q))
		if end := bytes.IndexByte(text, q); end >= 0 {
			text = text[:end]
		}
		line, _, _ := bytes.Cut(text, []byte("\n"))
		return strings.TrimSuffix(string(line), "\\"), true
	}
	line, rest, _ := bytes.Cut(text, []byte("\n"))
	if block := strings.TrimSpace(string(line)); block == "|" || block == "|-" || block == ">" || block == ">-" {
		line, _, _ = bytes.Cut(rest, []byte("\n"))
	}
	v = strings.TrimSpace(string(line))
	for _, end := range []string{" #", " //", "\t#", "</", "\\n"} {
		v, _, _ = strings.Cut(v, end)
	}
	return strings.TrimRight(v, ",; \t\r\"'"), false
}

// counts reports whether v, the value of key, is a credential rather than a placeholder, a variable or prose.
func (c *contentRules) counts(kind keyKind, key, v string, quoted, program bool) bool {
	if len(v) < 3 || c.placeholder(v) || lower(v) == lower(key) || isReference(v) {
		return false
	}
	if quoted && (strings.Count(v, " ") >= 2 || strings.ContainsAny(v, "\x00") || strings.Contains(v, "%s") || strings.Contains(v, "%v")) {
		return false
	}
	if !quoted && (program || strings.ContainsAny(v, " \t(){}[]<>|,")) {
		return false
	}
	hasDigit, hasUpper, hasLower, hasMark, foreign := classes(v)
	if foreign && !hasDigit {
		return false // a translation of the word
	}
	if kind == passwordKey {
		return true
	}
	switch {
	case len(v) < 8 || strings.Contains(v, " "):
		return false
	case hasDigit:
		return true
	case strings.ToUpper(key) == key:
		return true // written as the name of an environment variable
	}
	return hasMark || hasUpper && hasLower && len(v) >= 20
}

// isReference holds for a path, an address, or words joined by dots: they say where something is.
func isReference(v string) bool {
	if (v[0] == '/' || v[0] == '.' || v[0] == '~') && lower(v) == v {
		return true
	}
	if strings.Contains(v, "://") {
		return true // one with a password in it has a form of its own
	}
	return strings.Contains(v, ".") && strings.Trim(lower(v), "abcdefghijklmnopqrstuvwxyz._-") == ""
}

func classes(v string) (digit, upper, low, mark, foreign bool) {
	for i := range len(v) {
		switch b := v[i]; {
		case '0' <= b && b <= '9':
			digit = true
		case 'A' <= b && b <= 'Z':
			upper = true
		case 'a' <= b && b <= 'z':
			low = true
		case b >= 0x80:
			foreign = true
		case strings.IndexByte("!@#%^&+=", b) >= 0:
			mark = true
		}
	}
	return
}
