package allow

import "strings"

// Comment is the mark on a finding's lines that asks to allow it, or empty. gitleaks:allow counts anywhere, as it does to
// gitleaks; cofferdam:allow only as a word of its own, so that no text about it is one.
func Comment(line string) Source {
	switch {
	case holdsWord(line, string(CofferdamComment)):
		return CofferdamComment
	case strings.Contains(line, string(GitleaksComment)):
		return GitleaksComment
	}
	return ""
}

func holdsWord(text, word string) bool {
	for {
		i := strings.Index(text, word)
		if i < 0 {
			return false
		}
		end := i + len(word)
		if (i == 0 || !isWord(text[i-1])) && (end == len(text) || !isWord(text[end])) {
			return true
		}
		text = text[end:]
	}
}

func isWord(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || strings.IndexByte("_-:.", c) >= 0 || c >= 0x80
}
