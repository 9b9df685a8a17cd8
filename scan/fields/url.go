package fields

import "strings"

// longestSearch bounds how far a mark of a URL is looked for that is not where it should be, in bytes.
const longestSearch = 2048

// urlParts is the passwords of the URLs in text, and users that are tokens. What follows a question mark is left to
// assigned.
func urlParts(text string) (parts []part) {
	blankAt := 0
	for i := 0; ; {
		next := strings.Index(text[i:], "://")
		if next < 0 {
			return parts
		}
		scheme, start := schemeBefore(text, i+next), i+next+3
		i = start
		if scheme == "" {
			continue
		}
		if blankAt < start {
			blankAt = endOfURL(text, start, start-3-len(scheme))
		}
		parts = append(parts, userinfo(text[start:blankAt], scheme, start)...)
	}
}

func schemeBefore(text string, end int) string {
	start := end
	for start > 0 && end-start < 24 && (alphanumeric(text[start-1]) || strings.IndexByte("+.-", text[start-1]) >= 0) {
		start--
	}
	return text[start:end]
}

// endOfURL is where the URL ends whose scheme begins at begin. In a value that is nothing else it ends with the value.
func endOfURL(text string, start, begin int) int {
	marks := " \t\r\n\"'`<>"
	if head := text[:begin]; (head == "" || head == "jdbc:") && !strings.ContainsAny(text, " \t\n") {
		return len(text)
	}
	if end := strings.IndexAny(text[start:], marks); end >= 0 {
		return start + end
	}
	return len(text)
}

// userinfo is what is secret in front of the host of a URL; rest is what follows its "://", offset where that stands.
func userinfo(rest, scheme string, offset int) []part {
	host := strings.IndexAny(rest, "/?#")
	if host < 0 {
		host = len(rest)
	}
	at := strings.LastIndexByte(rest[:host], '@')
	if at < 0 {
		at = misplacedAt(rest, host)
	}
	if at <= 0 {
		return nil
	}
	user, secret, both := strings.Cut(rest[:at], ":")
	var parts []part
	if isWeb(scheme) && looksLikeToken(user, both, secret) {
		parts = append(parts, part{start: offset, end: offset + len(user), flag: Percent})
	}
	if both && secret != "" && !isMarker(secret) {
		parts = append(parts, part{start: offset + len(user) + 1, end: offset + at, flag: Percent})
	}
	return parts
}

// misplacedAt is where userinfo ends that has a slash in it, against the rules: postgres://u:a/b@host. It is -1 for none.
func misplacedAt(rest string, host int) int {
	_, port, ok := strings.Cut(rest[:host], ":")
	if !ok || port == "" || strings.HasPrefix(port, "$") || allDigits(port) || strings.HasSuffix(rest[:host], "]") {
		return -1
	}
	return strings.LastIndexByte(rest[:min(len(rest), longestSearch)], '@')
}

func isWeb(scheme string) bool {
	for _, end := range []string{"http", "https", "wss", "ws"} {
		if scheme == end || strings.HasSuffix(scheme, "+"+end) {
			return true
		}
	}
	return false
}

// isMarker holds for words that stand for a password where the user is the token.
func isMarker(word string) bool {
	return word == "x-oauth-basic" || word == "x-oauth-token" || word == "x"
}

// looksLikeToken reports whether a user of a URL is one. A user alone is, but for the names of accounts.
func looksLikeToken(user string, both bool, password string) bool {
	if both && password != "" && !isMarker(password) {
		return len(user) >= 20 && strings.ContainsAny(user, "0123456789")
	}
	switch strings.ToLower(user) {
	case "git", "hg", "svn", "root", "admin", "user", "anonymous", "":
		return false
	}
	return len(user) >= 8 || both
}
