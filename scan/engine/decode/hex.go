package decode

import "strings"

// minHex is the least number of digits of a match.
const minHex = 32

// noHex is the value of what is no digit. Or'ed with any other value it stays itself.
const noHex = 0xff

var hexValues = func() (table [256]uint8) {
	for c := range table {
		switch {
		case '0' <= c && c <= '9':
			table[c] = uint8(c - '0')
		case 'a' <= c && c <= 'f':
			table[c] = uint8(c - 'a' + 10)
		case 'A' <= c && c <= 'F':
			table[c] = uint8(c - 'A' + 10)
		default:
			table[c] = noHex
		}
	}
	return table
}()

func isHex(s string) bool { return hexPrefix(s) == len(s) }

func hexPrefix(s string) int {
	for i := range len(s) {
		if hexValues[s[i]] == noHex {
			return i
		}
	}
	return len(s)
}

func hexByte(high, low byte) byte { return hexValues[high]<<4 | hexValues[low] }

// printable is ASCII but DEL and the control characters before tab, as gitleaks has it.
func printable(c byte) bool { return 0x08 < c && c < 0x7f }

// hexDecodes asks for a decimal digit too: letters alone are a word.
func hexDecodes(encoded string) bool {
	if len(encoded)%2 != 0 {
		return false
	}
	digit := false
	for i := 0; i < len(encoded); i += 2 {
		if !printable(hexByte(encoded[i], encoded[i+1])) {
			return false
		}
		digit = digit || encoded[i] <= '9' || encoded[i+1] <= '9'
	}
	return digit
}

func writeHex(b *strings.Builder, encoded string) {
	for i := 0; i < len(encoded); i += 2 {
		b.WriteByte(hexByte(encoded[i], encoded[i+1]))
	}
}
