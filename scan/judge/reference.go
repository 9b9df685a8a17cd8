package judge

import "strings"

// reference says what v refers to, where it is not the secret but says where that is.
func (j *Judge) reference(v *view) string {
	switch {
	case v.value == "":
		return "nothing"
	case j.begin.match(v.low):
		return "a reference"
	case isTag(v.value):
		return "a tag or an alias"
	case hasVerb(v.value) && !j.looksRandom(v.value):
		return "a format"
	case isCode(v.value) && !j.looksRandom(v.value), j.isNames(v):
		return "code"
	case isPath(v.value) && !j.looksRandom(v.value):
		return "a path"
	case isSealed(v.value):
		return "ciphertext"
	case isMeasure(v.low):
		return "a number"
	}
	return ""
}

// isTag holds for !tag, *alias and &anchor of YAML.
func isTag(v string) bool {
	return len(v) > 1 && strings.IndexByte("!*&", v[0]) >= 0 && strings.Trim(lower(v[1:]), "abcdefghijklmnopqrstuvwxyz_:") == ""
}

// hasVerb holds for a format with a verb for text. A percent sign before two hexadecimal digits is that of a URL.
func hasVerb(v string) bool {
	for i := strings.IndexByte(v, '%'); i >= 0 && i+1 < len(v); {
		if c := v[i+1]; c == 's' || c == 'v' || c == 'q' || c == '+' && i+2 < len(v) && v[i+2] == 'v' || c == 'd' && i+2 == len(v) || c == '(' {
			return true
		}
		next := strings.IndexByte(v[i+1:], '%')
		if next < 0 {
			break
		}
		i += 1 + next
	}
	return strings.Contains(v, "{}") || strings.Contains(v, "{0}") || strings.Contains(v, "\\(")
}

// isCode holds for a call, a chain of names, a type, a join of strings.
func isCode(v string) bool {
	if strings.Contains(v, "->") || strings.Contains(v, "::") || strings.Contains(v, "=>") || strings.HasSuffix(v, "[]") {
		return true
	}
	if open := strings.IndexByte(v, '('); open > 0 && isName(strings.TrimLeft(v[:open], "!*&$@")) && (strings.IndexByte(v[open:], ')') > 0 || open == len(v)-1 || strings.IndexByte(v[:open], '.') > 0) {
		return true
	}
	if strings.HasPrefix(v, "\"+") || strings.HasPrefix(v, "'+") || strings.HasPrefix(v, "\" +") || strings.HasPrefix(v, "`+") || strings.HasPrefix(v, "+") && (strings.HasSuffix(v, "+") || strings.HasSuffix(v, ", ") || strings.HasSuffix(v, ",")) {
		return true
	}
	if open := strings.IndexByte(v, '['); open > 0 && isName(v[:open]) && (strings.HasSuffix(v, "]") || strings.Contains(v, "].")) {
		return true
	}
	return false
}

func (j *Judge) looksRandom(v string) bool {
	random, _ := j.random(v)
	return random
}

// isNames holds for names joined by dots: config.auth.token, example.org. As a password it takes one that names a secret
// or a domain, since people join words by dots, too.
func (j *Judge) isNames(v *view) bool {
	if strings.IndexByte(v.value, '.') <= 0 || strings.HasSuffix(v.value, ".") || j.looksRandom(v.value) {
		return false
	}
	telling := j.isMachine(v)
	for name := range strings.SplitSeq(v.low, ".") {
		if name = strings.Trim(name, "-_?"); !isWord(name) {
			return false
		}
		telling = telling || j.words.has(name) || strings.Contains(name, "pass") || strings.Contains(name, "secret")
	}
	return telling
}

// isWord holds for letters, joined by - or _, with digits at the end at most.
func isWord(s string) bool {
	s = strings.TrimRight(s, "0123456789")
	if s == "" {
		return false
	}
	for i := range len(s) {
		if k := kinds[s[i]]; k != lowerCase && k != upperCase && s[i] != '_' && s[i] != '-' {
			return false
		}
	}
	return true
}

// isPath holds for a path in a file system, relative ones included where their parts are words.
func isPath(v string) bool {
	switch {
	case strings.HasPrefix(v, "./"), strings.HasPrefix(v, "../"), strings.HasPrefix(v, "~/"), strings.HasPrefix(v, `.\`):
		return true
	case len(v) > 3 && v[1] == ':' && (v[2] == '\\' || v[2] == '/'):
		return true
	}
	rest := strings.TrimPrefix(v, "/")
	if !strings.Contains(rest, "/") && rest == v || strings.Contains(v, "//") || strings.HasSuffix(v, "=") {
		return false
	}
	for part := range strings.SplitSeq(strings.Trim(v, "/"), "/") {
		for name := range strings.SplitSeq(part, ".") {
			if name != "" && !isWord(strings.Trim(name, "-_{}*$@+:")) && !isMeasure(name) {
				return false
			}
		}
	}
	return true
}

// sealedLength is that of a Bitnami SealedSecret's least value: the length of an RSA key in two bytes, the key, the rest.
const sealedLength = 600

// isSealed holds for what is encrypted already.
func isSealed(v string) bool {
	return strings.HasPrefix(v, "Ag") && len(v) >= sealedLength || strings.HasPrefix(v, "age1") || strings.HasPrefix(v, "vault:v1:") ||
		strings.HasPrefix(v, "AQICAH") && len(v) > 100 || strings.HasPrefix(v, "-----BEGIN AGE ENCRYPTED")
}

// isMeasure holds for true, 30s, 1.2.3, 5m, 1e9 and the like; not for the digits of a PIN.
func isMeasure(low string) bool {
	switch low {
	case "true", "false", "null", "none", "nil", "undefined", "nan", "yes", "no", "on", "off":
		return true
	}
	rest := strings.TrimLeft(strings.TrimLeft(low, "v+-"), "0123456789")
	if rest == low || rest == "" {
		return strings.HasPrefix(low, "v") && rest == "" || len(low) < 4 && rest == ""
	}
	if len(low) > 24 {
		return false
	}
	unit := strings.TrimLeft(rest, ".0123456789:-t")
	switch unit {
	case "", "s", "m", "h", "d", "ms", "us", "ns", "px", "em", "rem", "%", "k", "kb", "mb", "gb", "ki", "mi", "gi", "ti", "min", "sec", "days", "hours", "z":
		return strings.Trim(rest, "-") != "" && !strings.HasSuffix(rest, "-")
	}
	return false
}
