package fields

import (
	"cmp"
	"slices"
	"strings"
)

// secretsIn is what of a text is secret whatever its name: passwords in URLs, in connection strings and in headers, values
// of telling names, bodies of private keys.
func secretsIn(text string) []part {
	if len(text) < 4 {
		return nil
	}
	var parts []part
	if hasPrivate(text) {
		parts, _ = privateParts(text)
	}
	if strings.Contains(text, "://") || strings.Contains(text, "jdbc:") {
		parts = append(parts, urlParts(text)...)
	}
	if p, ok := driverPart(text); ok {
		parts = append(parts, p)
	}
	parts = append(parts, headerParts(text)...)
	parts = append(parts, assigned(text)...)
	return apart(resolve(text, parts))
}

// privateParts is the bodies of the private blocks of text.
func privateParts(text string) (parts []part, found bool) {
	for done := 0; ; {
		begin, body, end, next, ok := nextPEM(text, done)
		if !ok {
			return parts, found
		}
		if strings.Contains(text[begin:body], "PRIVATE") {
			parts, found = appendTrimmed(parts, text, body, end), true
		}
		done = next
	}
}

// resolve leaves out what only says where a value is, and takes defaults out of such.
func resolve(text string, parts []part) []part {
	var secret []part
	for _, p := range parts {
		value := text[p.start:p.end]
		if is, literals := reference(value); is {
			for _, l := range shift(literals, p.start) {
				l.name = p.name
				secret = append(secret, l)
			}
			continue
		}
		if p.flag&Percent != 0 || !isWordOfState(value) {
			secret = append(secret, p)
		}
	}
	return secret
}

// apart sorts parts and leaves out those that lie in another one, or join with one into one that is longer.
func apart(parts []part) []part {
	slices.SortStableFunc(parts, func(a, b part) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end), cmp.Compare(b.name, a.name))
	})
	kept := parts[:0]
	for _, p := range parts {
		if p.start >= p.end {
			continue
		}
		if n := len(kept); n > 0 && p.start < kept[n-1].end {
			kept[n-1].end = max(kept[n-1].end, p.end)
			continue
		}
		kept = append(kept, p)
	}
	return kept
}

// driverPart is the password of user:password@tcp(host:3306)/name, as drivers of Go write it, and of user/password@host of
// Oracle's.
func driverPart(text string) (part, bool) {
	if at := strings.LastIndexByte(text, '@'); at > 0 && strings.IndexByte(text, ' ') < 0 {
		rest := text[at+1:]
		colon := strings.IndexByte(text[:at], ':')
		open := strings.IndexByte(rest, '(')
		if colon > 0 && isKey(text[:colon]) && open >= 0 && (open == 0 || isName(rest[:open])) && strings.Contains(rest[open:], ")/") {
			return part{start: colon + 1, end: at}, true
		}
		if oracle, ok := strings.CutPrefix(text[:at], "jdbc:oracle:"); ok {
			if slash := strings.IndexByte(oracle, '/'); slash >= 0 {
				return part{start: len("jdbc:oracle:") + slash + 1, end: at}, true
			}
		}
	}
	return part{}, false
}

// leastCredential is how long what follows the name of a scheme has to be, in bytes.
const leastCredential = 8

// headerParts is what follows "Bearer ", "Basic " and the like.
func headerParts(text string) (parts []part) {
	for i := 0; i+leastCredential < len(text); i++ {
		space := strings.IndexByte(text[i:], ' ')
		if space < 0 {
			break
		}
		i += space
		start := i + 1
		if !endsInScheme(text[:i]) {
			continue
		}
		end := start
		for end < len(text) && (alphanumeric(text[end]) || strings.IndexByte("-._~+/=$", text[end]) >= 0) {
			end++
		}
		if looksMade(text[start:end]) {
			parts = append(parts, part{start: start, end: end})
		}
	}
	return parts
}

// looksMade reports whether a value is not a word of a sentence, as "request" in "bearer request" is.
func looksMade(value string) bool {
	if len(value) < leastCredential {
		return false
	}
	rest := strings.TrimRight(value[1:], ".")
	mixed := strings.ToLower(rest) != rest && strings.ToUpper(rest) != rest
	return strings.ContainsAny(value, "0123456789=") || mixed && len(value) > leastCredential
}

// authSchemes stand in front of a credential in a header.
var authSchemes = []string{"bearer", "basic", "token", "apikey", "bot", "splunk", "negotiate", "digest"}

func endsInScheme(text string) bool {
	for _, scheme := range authSchemes {
		if len(text) >= len(scheme) && strings.EqualFold(text[len(text)-len(scheme):], scheme) {
			before := len(text) - len(scheme) - 1
			return before < 0 || !alphanumeric(text[before])
		}
	}
	return false
}

// schemeLength is how long the name of a scheme is that text begins with, the blank behind it included.
func schemeLength(text string) int {
	i := strings.IndexByte(text, ' ')
	if i > 0 && endsInScheme(text[:i]) && i <= 10 {
		return i + 1
	}
	return 0
}
