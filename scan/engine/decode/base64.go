package decode

import "strings"

// minBase64 is the least number of digits of a match.
const minBase64 = 16

// A digit has its value in the low six bits and above them what it says of the run.
const (
	digitValue  = 1<<6 - 1
	digitLikely = 1 << 6 // words have no such digit; a run without any is one
	digitStd    = 1 << 7 // + and /
	digitURL    = 1 << 8 // - and _
)

// base64Digits is both alphabets in one: they differ only in how the last two digits are written.
var base64Digits = func() (table [256]uint16) {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	for value := range len(letters) {
		table[letters[value]] = uint16(value)
	}
	for digit := range 10 {
		table['0'+digit] = uint16(52+digit) | digitLikely
	}
	table['+'] = 62 | digitLikely | digitStd
	table['/'] = 63 | digitLikely | digitStd
	table['-'] = 62 | digitLikely | digitURL
	table['_'] = 63 | digitLikely | digitURL
	return table
}()

// quantum decodes four digits to three bytes, and says what all four say.
func quantum(four string) (bytes uint32, traits uint16) {
	_ = four[3]
	a, b, c, d := base64Digits[four[0]], base64Digits[four[1]], base64Digits[four[2]], base64Digits[four[3]]
	bytes = uint32(a&digitValue)<<18 | uint32(b&digitValue)<<12 | uint32(c&digitValue)<<6 | uint32(d&digitValue)
	return bytes, a | b | c | d
}

// printable3 is printable for three bytes at once: no addition carries into the next byte as long as all are ASCII.
func printable3(bytes uint32) bool {
	const high = 0x808080
	less := bytes + 0x777777 // 0x80 - 9
	more := bytes + 0x010101
	return (bytes|more|^less)&high == 0
}

// base64Decodes reports whether run, digits of either alphabet with pads '=' behind them, is base64 of printable text.
// Most runs are words and paths and give an odd byte within the first quantum.
func base64Decodes(run string, pads int) bool {
	std := (len(run)+pads)%4 == 0
	url := pads == 0 && len(run)%4 != 1
	if !std && !url {
		return false
	}
	var all uint16
	for len(run) >= 4 {
		bytes, traits := quantum(run)
		if !printable3(bytes) {
			return false
		}
		all |= traits
		run = run[4:]
	}
	bytes, traits, n := lastQuantum(run)
	for i := range n {
		if !printable(byte(bytes >> (16 - 8*i))) {
			return false
		}
	}
	all |= traits
	std = std && all&digitURL == 0
	url = url && all&digitStd == 0
	return (std || url) && all&digitLikely != 0
}

// lastQuantum decodes up to three digits to n bytes, the first of them highest as in quantum.
func lastQuantum(rest string) (bytes uint32, traits uint16, n int) {
	for i := range len(rest) {
		digit := base64Digits[rest[i]]
		bytes |= uint32(digit&digitValue) << (18 - 6*i)
		traits |= digit
	}
	return bytes, traits, len(rest) * 6 / 8
}

func writeBase64(b *strings.Builder, encoded string) {
	run := strings.TrimRight(encoded, "=")
	for len(run) >= 4 {
		bytes, _ := quantum(run)
		b.WriteByte(byte(bytes >> 16))
		b.WriteByte(byte(bytes >> 8))
		b.WriteByte(byte(bytes))
		run = run[4:]
	}
	bytes, _, n := lastQuantum(run)
	for i := range n {
		b.WriteByte(byte(bytes >> (16 - 8*i)))
	}
}
