package fields

import "strings"

// byName is the policy of files in which names tell what is secret.
func byName(n *node, text string) verdict {
	if v, done := common(n, text); done {
		return v
	}
	what := promised(n.names)
	if what == machine && (allDigits(text) && len(text) <= 5 || n.listedIn("auth")) {
		return verdict{} // a count, a list of ways to prove who one is
	}
	if n.kind == number {
		return verdict{whole: what != nothing}
	}
	if what == nothing {
		return verdict{parts: assignment(text, secretsIn)}
	}
	if is, literals := reference(text); is {
		return verdict{parts: literals}
	}
	if isVersionRange(text) {
		return verdict{} // of a package whose name ends so: minipass, js-tokens
	}
	if what == password {
		return verdict{whole: !isWordOfState(text)} // whatever it looks like
	}
	return credential(n, text)
}

// credential is the verdict about a value that is a secret unless it is a URL or a connection string, which has one in it.
func credential(n *node, text string) verdict {
	if isWordOfState(text) || isAuthKind(text) || isPermission(text) {
		return verdict{}
	}
	if len(n.lines) > 1 {
		return verdict{whole: true}
	}
	if length := schemeLength(text); length > 0 && length < len(text) {
		if is, literals := reference(text[length:]); is {
			return verdict{parts: shift(literals, length)}
		}
		return verdict{parts: []part{{start: length, end: len(text)}}}
	}
	if parts, ok := databaseParts(text); ok {
		return verdict{parts: parts}
	}
	if isLocal(text) && strings.Contains(text, "://") {
		return verdict{}
	}
	return verdict{whole: true}
}

// isAuthKind holds for words that say how somebody proves who they are.
func isAuthKind(text string) bool {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "basic", "digest", "bearer", "oauth2", "ntlm", "kerberos", "required", "optional", "inherit":
		return true
	}
	return false
}

// isPermission holds for what a token may do: the permissions of a workflow have its name.
func isPermission(text string) bool {
	return text == "read" || text == "write" || text == "read-all" || text == "write-all"
}

// strict is the policy of files made for secrets: a value is one unless it surely is none.
func strict(n *node, text string) verdict {
	if n.kind == comment {
		return verdict{parts: secretsIn(text)}
	}
	if v, done := common(n, text); done {
		return v
	}
	if is, literals := reference(text); is {
		return verdict{parts: literals}
	}
	if isPlain(n.names, text) {
		return verdict{}
	}
	if promised(n.names) == password {
		return verdict{whole: true}
	}
	return credential(n, text)
}

// everything is the policy of what holds nothing but secrets.
func everything(n *node, text string) verdict {
	if v, done := common(n, text); done && (n.kind != state || isNull(text)) {
		return v
	}
	if is, literals := reference(text); is {
		return verdict{parts: literals}
	}
	return verdict{whole: true}
}

func isNull(text string) bool { return text == "~" || strings.EqualFold(text, "null") }

// common is the verdict about what every policy sees the same way.
func common(n *node, text string) (v verdict, done bool) {
	switch {
	case n.kind == comment:
		return verdict{parts: secretsIn(text)}, true
	case n.kind == state || strings.Trim(text, " \t\r\n'\"") == "":
		return verdict{}, true
	case isReferenceTag(n.tag):
		return verdict{}, true
	}
	return verdict{}, false
}

// isReferenceTag holds for tags of YAML under which there is no value but where to find it, or a ciphertext.
func isReferenceTag(tag string) bool {
	switch strings.ToLower(tag) {
	case "!vault", "!ref", "!sub", "!getatt", "!secret", "!env", "!env_var", "!envvar", "!importvalue", "!reference", "!include", "!var", "!cell", "!encrypted", "!encrypted/pkcs1-oaep", "!file":
		return true
	}
	return false
}

// assignment takes a value such as NAME=value, of a list of environment variables, apart first.
func assignment(text string, judge func(string) []part) []part {
	name, value, ok := strings.Cut(text, "=")
	if !ok || !isName(name) || promiseOf(name) == nothing || strings.Trim(value, "=") == "" {
		return judge(text)
	}
	n := &node{names: []string{name}, lines: make([]span, 1)}
	v := byName(n, value)
	if v.whole {
		v.parts = []part{{end: len(value), name: name}}
	}
	return shift(v.parts, len(name)+1)
}

// databaseParts is the secrets of a value that is the address of a database or a connection string and nothing else.
func databaseParts(text string) ([]part, bool) {
	text = strings.TrimRight(text, " ")
	scheme, rest, ok := strings.Cut(strings.TrimPrefix(text, "jdbc:"), "://")
	if ok && !strings.ContainsAny(rest, " \t\n") {
		scheme, _, _ = strings.Cut(scheme, "+")
		if strings.HasPrefix(text, "mongodb+srv") {
			scheme = "mongodb"
		}
		return secretsIn(text), vocabularies().databases[strings.ToLower(scheme)]
	}
	if p, ok := driverPart(text); ok {
		return apart([]part{p}), true
	}
	if strings.Count(text, "=") >= 2 && strings.Count(text, ";") >= 1 {
		if parts := secretsIn(text); len(parts) > 0 && parts[0].start > 0 {
			return parts, true
		}
	}
	return nil, false
}
