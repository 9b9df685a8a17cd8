package decode

import "strings"

// nextPercent is where the first "%41" at or after at begins, or len(text).
func nextPercent(text string, at int) int {
	for {
		i := strings.IndexByte(text[at:], '%')
		if i < 0 {
			return len(text)
		}
		at += i
		if isPercent(text, at) {
			return at
		}
		at++
	}
}

func isPercent(text string, at int) bool {
	return text[at] == '%' && at+3 <= len(text) && isHex(text[at+1:at+3])
}

// percentEnd is the end of the match that begins with the "%41" at at: of the last one on its line.
func percentEnd(text string, at int) int {
	end := at + 3
	rest := text[end:]
	if i := strings.IndexByte(rest, '\n'); i >= 0 {
		rest = rest[:i]
	}
	for {
		i := strings.LastIndexByte(rest, '%')
		if i < 0 {
			return end
		}
		if isPercent(text, end+i) {
			return end + i + 3
		}
		rest = rest[:i]
	}
}

func percentDecodes(encoded string) bool {
	for at := nextPercent(encoded, 0); at < len(encoded); at = nextPercent(encoded, at+3) {
		if !printable(hexByte(encoded[at+1], encoded[at+2])) {
			return false
		}
	}
	return true
}

func writePercent(b *strings.Builder, encoded string) {
	for len(encoded) > 0 {
		at := nextPercent(encoded, 0)
		b.WriteString(encoded[:at])
		if at == len(encoded) {
			return
		}
		b.WriteByte(hexByte(encoded[at+1], encoded[at+2]))
		encoded = encoded[at+3:]
	}
}
