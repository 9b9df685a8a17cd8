package placeholder

import (
	"encoding/base32"
	"strings"
)

// Pattern is a regular expression for a token, and for nothing longer.
const Pattern = `COFFERDAM_[A-Z0-9](?:[A-Z0-9_]{0,30}[A-Z0-9])?_[A-Z2-7]{16}`

const (
	prefix   = "COFFERDAM_"
	longRule = 32
	tagSize  = 16 // characters, of five bits each
	tagBytes = tagSize * 5 / 8
	maxToken = len(prefix) + longRule + 1 + tagSize
)

// Rule is the part of a token that tells what it stands for: id in A-Z, 0-9 and single _ between them, at most 32
// characters. It is SECRET where nothing is left.
func Rule(id string) string {
	var b strings.Builder
	for i := 0; i < len(id) && b.Len() < longRule; i++ {
		c := upper(id[i])
		switch {
		case alphanumeric(c):
			b.WriteByte(c)
		case b.Len() > 0 && b.String()[b.Len()-1] != '_':
			b.WriteByte('_')
		}
	}
	if rule := strings.Trim(b.String(), "_"); rule != "" {
		return rule
	}
	return "SECRET"
}

func newToken(rule string, m mac) string {
	return prefix + Rule(rule) + "_" + base32.StdEncoding.EncodeToString(m[:tagBytes])
}

// tagOf is what a token says of the value.
func tagOf(token string) string { return token[len(token)-tagSize:] }

// ruleOf is what a token says of the rule.
func ruleOf(token string) string { return token[len(prefix) : len(token)-tagSize-1] }

// isToken reports whether text is one token.
func isToken(text string) bool {
	if !strings.HasPrefix(text, prefix) || len(text) <= len(prefix)+1+tagSize || len(text) > maxToken {
		return false
	}
	return text[len(text)-tagSize-1] == '_' && isTag(tagOf(text)) && ruleOf(text) == Rule(ruleOf(text))
}

func isTag(text string) bool {
	for i := range len(text) {
		if c := text[i]; !('A' <= c && c <= 'Z' || '2' <= c && c <= '7') {
			return false
		}
	}
	return true
}

func upper(c byte) byte {
	if 'a' <= c && c <= 'z' {
		return c - 'a' + 'A'
	}
	return c
}

func alphanumeric(c byte) bool {
	c = upper(c)
	return 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

// inToken reports whether c may stand in a token.
func inToken(c byte) bool { return 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' }
