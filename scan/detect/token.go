package detect

import "strings"

// maxToken bounds how far a secret is extended.
const maxToken = 4096

// tokenEnd is the end of the token that the secret text[start:end] begins: some rules stop at the length that a key
// usually has, and what they leave would be shown.
func tokenEnd(text string, start, end int) int {
	secret := text[start:end]
	if secret == "" || strings.Contains(secret, "\n") || strings.HasSuffix(secret, "-----") || !tokenByte(secret[len(secret)-1]) {
		return end
	}
	base64 := strings.ContainsAny(secret, "+/")
	dotted := strings.Contains(secret, ".")
	limit := min(len(text), end+maxToken)
	for end < limit {
		c := text[end]
		inner := dotted && c == '.' && end+1 < limit && tokenByte(text[end+1])
		if !tokenByte(c) && !inner && !(base64 && (c == '+' || c == '/')) {
			break
		}
		end++
	}
	for n := 0; n < 2 && end < limit && text[end] == '='; n++ {
		end++
	}
	return end
}

func tokenByte(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || c == '-'
}
