package fields

import (
	"slices"
	"strings"
)

// isWordOfState holds for true, no, null and the like.
func isWordOfState(value string) bool {
	return vocabularies().states[strings.ToLower(strings.TrimSpace(value))]
}

// isPlain reports whether value is surely no secret in a file where every value may be one, under names that promise so
// much. When in doubt it is not.
func isPlain(names []string, value string) bool {
	value = strings.TrimSpace(value)
	if value == "" || isWordOfState(value) {
		return true
	}
	if promised(names) != nothing {
		return false
	}
	return isSmall(value) || isLocal(value) || vocabularies().plain[strings.ToLower(value)] || isStage(names) && isWord(value)
}

// isSmall holds for counts, ports, durations and sizes.
func isSmall(value string) bool {
	number := strings.TrimRight(strings.TrimPrefix(value, "-"), "smhdkKMGBbi")
	whole, fraction, point := strings.Cut(number, ".")
	return len(value) <= 8 && len(whole) <= 5 && allDigits(whole) && (!point || allDigits(fraction) && len(fraction) <= 3)
}

// isVersionRange holds for the versions of a package that another one takes: 1.2.3, ^7.1.2, ~1.0, >=3.0.0 <5 || ^6.0.0-rc.1.
func isVersionRange(value string) bool {
	if value == "" || strings.IndexByte("^~>=<", value[0]) < 0 && strings.Count(value, ".") != 2 || len(value) > 64 {
		return false
	}
	for word := range strings.FieldsSeq(value) {
		version := strings.TrimLeft(word, "^~>=<")
		if word == "||" || word == "-" {
			continue
		}
		number, _, _ := strings.Cut(version, "-")
		for part := range strings.SplitSeq(number, ".") {
			if part != "x" && part != "*" && (!allDigits(part) || len(part) > 5) {
				return false
			}
		}
	}
	return true
}

// isLocal holds for this machine, and for the URL of something on it that has no userinfo and no query.
func isLocal(value string) bool {
	if scheme, rest, ok := strings.Cut(value, "://"); ok {
		if !allLetters(scheme) || strings.ContainsAny(rest, "@?#=;& ") {
			return false
		}
		value, rest, _ = strings.Cut(rest, "/")
		for word := range strings.SplitSeq(rest, "/") {
			if word != "" && !isWord(word) && !isSmall(word) {
				return false
			}
		}
	}
	host, port, hasPort := value, "", false
	if i := strings.LastIndexByte(value, ':'); i > 0 && value != "::1" {
		host, port, hasPort = value[:i], value[i+1:], true
	}
	switch strings.ToLower(host) {
	case "localhost", "127.0.0.1", "0.0.0.0", "::1", "[::1]", "host.docker.internal":
		return !hasPort || allDigits(port) && len(port) <= 5
	}
	return false
}

func allLetters(s string) bool {
	return s != "" && strings.Trim(strings.ToLower(s), "abcdefghijklmnopqrstuvwxyz+") == ""
}

// isWord holds for a short word of letters, joined by - or _.
func isWord(s string) bool {
	return len(s) <= 24 && letter(s[0]) && strings.Trim(strings.ToLower(s), "abcdefghijklmnopqrstuvwxyz_-") == ""
}

// isStage holds for names that say in which surroundings a program runs and how it reports.
func isStage(names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return vocabularies().stages[strings.Join(wordsOf(name), " ")] })
}
