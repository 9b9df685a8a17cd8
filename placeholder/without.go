package placeholder

import "bytes"

// Without is text without the whole tokens in it, of whatever session. It is text itself where there are none.
func Without(text []byte) []byte {
	at := bytes.Index(text, []byte(prefix))
	if at < 0 {
		return text
	}
	out := make([]byte, 0, len(text))
	done := 0
	for at >= 0 {
		if n := tokenAt(text, at); n > 0 {
			out = append(out, text[done:at]...)
			done = at + n
			at = done
		} else {
			at += len(prefix)
		}
		next := bytes.Index(text[at:], []byte(prefix))
		if next < 0 {
			break
		}
		at += next
	}
	return append(out, text[done:]...)
}

// tokenAt is the length of the token that begins at text[at], 0 where none does. Of two readings the shorter is one: a
// token may be followed by anything.
func tokenAt(text []byte, at int) int {
	if at > 0 && inToken(text[at-1]) {
		return 0
	}
	end := at
	for end < len(text) && end-at <= maxToken && inToken(text[end]) {
		end++
	}
	if isToken(string(text[at:end])) {
		return end - at
	}
	return 0
}
