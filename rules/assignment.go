package rules

import (
	"bytes"
	"strings"
)

// findAssignment finds a key that tells of a credential with a literal value, and returns the key. Under a rule for code
// nothing counts in a program; under one that redacts, the file is made for credentials, and a value need not look like
// one.
func (c *contentRules) findAssignment(content []byte, rule PathRule) (key string, ok bool) {
	if rule.Code && c.isProgram(firstLines(content)) {
		return "", false
	}
	program, known := false, false
	finder := keyFinder{rules: c, content: content}
	line := flowLine{content: content}
	for a, ok := finder.next(); ok; a, ok = finder.next() {
		if rule.Action == Redact {
			a.kind = passwordKey
		}
		v, quoted := value(content[a.value:])
		if !quoted && line.opensBefore(a.start) {
			v = firstOfFlow(v)
		}
		if !mayCount(v, quoted) {
			continue
		}
		key := string(content[a.start:a.end])
		if !c.counts(a.kind, key, string(v)) || rule.Action != Redact && isVerdict(key, string(v)) {
			continue
		}
		// Few keys come this far, so that most programs need not be told from other text.
		if !known && (rule.Code || !quoted) {
			program, known = c.isProgram(content), true
		}
		switch {
		case !program:
			return key, true
		case rule.Code:
			return "", false
		case quoted:
			return key, true // a bare word is a variable
		}
	}
	return "", false
}

// firstLines is the first lines of content. Nearly every program shows in them that it is one.
func firstLines(content []byte) []byte {
	const most = 2048
	if len(content) <= most {
		return content
	}
	return content[:1+bytes.LastIndexByte(content[:most], '\n')]
}

// mayCount reports whether a value can be a credential, by what is quick to see.
func mayCount(v []byte, quoted bool) bool {
	switch {
	case len(v) < 3:
		return false
	case quoted:
		return bytes.Count(v, []byte(" ")) < 2 && bytes.IndexByte(v, 0) < 0 && !bytes.Contains(v, []byte("%s")) && !bytes.Contains(v, []byte("%v"))
	}
	return !bytes.ContainsAny(v, " \t(){}[]<>|,")
}

// counts reports whether v, the value of key, is a credential rather than a placeholder, a variable or prose. It is asked
// of what may count.
func (c *contentRules) counts(kind keyKind, key, v string) bool {
	if c.placeholder(v) || lower(v) == lower(key) || isReference(v) {
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

// isVerdict holds for a line of Go's tests, such as PASS: TestName, as logs are full of.
func isVerdict(key, v string) bool {
	return (key == "PASS" || key == "pass") && len(v) > 4 && strings.HasPrefix(v, "Test") && 'A' <= v[4] && v[4] <= 'Z'
}
