package fields

import "strings"

// reference reports whether text only says where a value is to be had, such as ${DB_PASSWORD} or op://vault/item. What it
// has of a value after all, a default, is in literals.
func reference(text string) (is bool, literals []part) {
	trimmed := strings.TrimSpace(text)
	if trimmed == "" || names(trimmed) {
		return true, nil
	}
	return interpolated(text, 0)
}

// schemes begin the address of a secret in a store.
var schemes = []string{
	"op://", "vault:", "vault://", "aws-sm://", "aws-ssm://", "aws-secretsmanager:", "gcp-sm://", "gcpsm://", "sm://", "azure-kv://", "akv://", "ssm:", "ssm://", "ref+", "secretref:", "keyvault:",
	"arn:aws:secretsmanager:", "arn:aws:ssm:", "env:", "env.", "process.env.", "keyring:", "keychain:", "bao:", "doppler:", "infisical:", "berglas://", "sm:", "secrets.", "kv://", "projects/", "file:/",
	"file://", "/run/secrets/", "/var/run/secrets/", "hashivault:", "credstash:", "valuefrom:", "@Microsoft.KeyVault(",
}

// names reports whether text is an address, or a ciphertext that nobody can read without another key.
func names(text string) bool {
	switch {
	case strings.HasPrefix(text, "ENC[") && strings.HasSuffix(text, "]"), strings.HasPrefix(text, "ENC(") && strings.HasSuffix(text, ")"):
		return len(text) > len("ENC[]")
	case strings.HasPrefix(text, "{cipher}"), strings.HasPrefix(text, "$ANSIBLE_VAULT;"), strings.HasPrefix(text, "vault:v1:"), strings.HasPrefix(text, "encrypted:"):
		return true
	case strings.HasPrefix(text, "<") && strings.HasSuffix(text, ">") && isPhrase(text[1:len(text)-1]):
		return true
	case isVariable(text):
		return true
	}
	for _, scheme := range schemes {
		if len(text) > len(scheme) && strings.EqualFold(text[:len(scheme)], scheme) {
			return isAddress(text)
		}
	}
	return false
}

// isPhrase holds for words, as in <your token here>.
func isPhrase(text string) bool {
	return text != "" && strings.Trim(strings.ToLower(text), "abcdefghijklmnopqrstuvwxyz _-.") == ""
}

// isAddress holds for what addresses are made of.
func isAddress(text string) bool {
	for i := range len(text) {
		if c := text[i]; !alphanumeric(c) && strings.IndexByte("_-./:#?=&@+()[]{},$ ", c) < 0 {
			return false
		}
	}
	return true
}

// isVariable holds for $NAME, %NAME% and __NAME__.
func isVariable(text string) bool {
	switch {
	case strings.HasPrefix(text, "$"):
		return isUpperName(text[1:]) && (strings.IndexByte(text, '_') > 0 || promiseOf(text[1:]) != nothing)
	case len(text) > 4 && strings.HasPrefix(text, "__") && strings.HasSuffix(text, "__"):
		return isUpperName(text[2 : len(text)-2])
	case len(text) > 2 && text[0] == '%' && text[len(text)-1] == '%':
		return isUpperName(text[1 : len(text)-1])
	case strings.HasPrefix(text, "%(") && strings.HasSuffix(text, ")s"):
		return isName(text[2 : len(text)-2])
	}
	return false
}

// isUpperName holds for the name of an environment variable, as people write it.
func isUpperName(s string) bool {
	return len(s) >= 3 && isName(s) && strings.ToUpper(s) == s && strings.IndexByte(s, '_') != 0
}

func isName(s string) bool {
	for i := range len(s) {
		if !alphanumeric(s[i]) && s[i] != '_' {
			return false
		}
	}
	return s != "" && !digit(s[0])
}

// deepest bounds defaults in defaults.
const deepest = 8

// interpolated reports whether text is made of expressions that something replaces later, and of marks between them.
func interpolated(text string, depth int) (is bool, literals []part) {
	found := false
	for i := 0; i < len(text); {
		n, inside := expression(text[i:], depth)
		if n < 0 {
			return false, nil
		}
		if n == 0 {
			if alphanumeric(text[i]) || text[i] >= 0x80 {
				return false, nil
			}
			i++
			continue
		}
		found = true
		for _, p := range inside {
			p.start, p.end = p.start+i, p.end+i
			literals = append(literals, p)
		}
		i += n
	}
	return found, literals
}

// brackets are those around expressions of shells, templates and frameworks.
var brackets = []struct{ open, close string }{{"<%", "%>"}, {"{{", "}}"}, {"${{", "}}"}, {"#{", "}"}, {"@{", "}"}, {"((", "))"}}

// expression is how long the expression is that text begins with, 0 for none, -1 for one that has no end, and the values
// in it.
func expression(text string, depth int) (n int, literals []part) {
	if depth > deepest || len(text) < 4 || strings.IndexByte("<{$#@(", text[0]) < 0 {
		return 0, nil
	}
	for _, b := range brackets {
		if strings.HasPrefix(text, b.open) {
			end := strings.Index(text, b.close)
			if end < 0 {
				return -1, nil
			}
			return end + len(b.close), quotedIn(text[:end])
		}
	}
	if strings.HasPrefix(text, "$(") {
		return command(text)
	}
	if !strings.HasPrefix(text, "${") {
		return 0, nil
	}
	end := closing(text)
	if end < 0 {
		return -1, nil
	}
	name := 2
	for name < end && (alphanumeric(text[name]) || strings.IndexByte("_.-!", text[name]) >= 0 && !defaultAt(text, name)) {
		name++
	}
	if vocabularies().sources[strings.ToLower(text[2:name])] {
		return end + 1, quotedIn(text[:end])
	}
	start := name
	for start < end && strings.IndexByte(":-=+", text[start]) >= 0 {
		start++
	}
	if start == end || start < len(text) && text[start] == '?' || start == name {
		return end + 1, nil
	}
	return end + 1, shift(defaults(text[start:end], depth+1), start)
}

// defaultAt holds at the minus of ${NAME-default}. Names of environment variables have none in them; others, as in
// ${app.db-name}, may, but then no underscore.
func defaultAt(text string, i int) bool {
	name := text[2:i]
	return text[i] == '-' && isName(name) && (strings.ToUpper(name) == name || strings.IndexByte(name, '_') >= 0)
}

// closing is the index of the brace that closes the one at 1, or -1.
func closing(text string) int {
	depth := 0
	for i := range len(text) {
		switch text[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// defaults is what of a default is a value.
func defaults(text string, depth int) []part {
	if is, literals := interpolated(text, depth); is {
		return literals
	}
	if names(strings.TrimSpace(text)) || isWordOfState(text) || strings.TrimSpace(text) == "" {
		return nil
	}
	return []part{{end: len(text)}}
}

func shift(parts []part, by int) []part {
	for i := range parts {
		parts[i].start += by
		parts[i].end += by
	}
	return parts
}

// command is a command whose output the shell puts there. One that only prints is no reference.
func command(text string) (n int, literals []part) {
	end := strings.IndexByte(text, ')')
	if end < 0 {
		return -1, nil
	}
	for _, printer := range []string{"echo", "printf", "base64"} {
		if strings.Contains(text[:end], printer) {
			return -1, nil
		}
	}
	return end + 1, nil
}

// quotedIn is the literals of an expression in a template, but for those that name something: ENV["X"], fetch('X').
func quotedIn(expression string) (literals []part) {
	for _, lookup := range []string{"lookup(", "lookup (", "required ", "fromJson"} {
		if strings.Contains(expression, lookup) {
			return nil
		}
	}
	for i := 0; i < len(expression); i++ {
		q := expression[i]
		if q != '"' && q != '\'' {
			continue
		}
		end := strings.IndexByte(expression[i+1:], q)
		if end < 0 {
			return literals
		}
		before := strings.TrimRight(expression[:i], " \t")
		if names := strings.HasSuffix(before, "[") || strings.HasSuffix(before, "("); !names && end > 0 {
			within := SourceDouble
			if q == '\'' {
				within = SourceSingle
			}
			literals = append(literals, part{start: i + 1, end: i + 1 + end, within: within})
		}
		i += 1 + end
	}
	return literals
}
