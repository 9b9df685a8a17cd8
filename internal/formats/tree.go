package formats

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Holds reports whether a key or a scalar of tree has text in it.
func Holds(tree any, text string) bool {
	switch tree := tree.(type) {
	case map[string]any:
		for key, value := range tree {
			if strings.Contains(key, text) || Holds(value, text) {
				return true
			}
		}
		return false
	case []any:
		return slices.ContainsFunc(tree, func(value any) bool { return Holds(value, text) })
	case nil:
		return false
	}
	return strings.Contains(fmt.Sprint(tree), text)
}

// SameShape says where redacted differs from tree otherwise than by a token in the place of a value, and "" where it
// does not. A token stands for any characters; all around it is the same. A number or a state may become a text, if that
// is a token. Token is a regular expression.
func SameShape(tree, redacted any, token *regexp.Regexp) string {
	return sameShape(tree, redacted, token, "")
}

func sameShape(tree, redacted any, token *regexp.Regexp, at string) string {
	switch was := tree.(type) {
	case map[string]any:
		is, ok := redacted.(map[string]any)
		if !ok || !slices.Equal(slices.Sorted(maps.Keys(was)), slices.Sorted(maps.Keys(is))) {
			return at + ": other keys"
		}
		for key := range was {
			if where := sameShape(was[key], is[key], token, at+"."+key); where != "" {
				return where
			}
		}
		return ""
	case []any:
		is, ok := redacted.([]any)
		if !ok || len(was) != len(is) {
			return at + ": another length"
		}
		for i := range was {
			if where := sameShape(was[i], is[i], token, fmt.Sprintf("%s.%d", at, i)); where != "" {
				return where
			}
		}
		return ""
	}
	if tree == redacted {
		return ""
	}
	text, ok := redacted.(string)
	if !ok || !likeRedacted(text, fmt.Sprint(tree), token) {
		return at + ": another value without a token"
	}
	return ""
}

// likeRedacted reports whether text is redacted with something in the place of each token.
func likeRedacted(redacted, text string, token *regexp.Regexp) bool {
	if !token.MatchString(redacted) {
		return false
	}
	pattern := "(?s)^"
	done := 0
	for _, place := range token.FindAllStringIndex(redacted, -1) {
		pattern += regexp.QuoteMeta(redacted[done:place[0]]) + ".+"
		done = place[1]
	}
	return regexp.MustCompile(pattern + regexp.QuoteMeta(redacted[done:]) + "$").MatchString(text)
}
