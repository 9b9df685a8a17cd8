package sample

import (
	"crypto/sha256"
	"math/big"
	"strings"
)

func inBase(alphabet string, n uint32, width int) string {
	digits := make([]byte, width)
	for i := width - 1; i >= 0; i-- {
		digits[i] = alphabet[n%uint32(len(alphabet))]
		n /= uint32(len(alphabet))
	}
	return string(digits)
}

func base58check(b []byte) string {
	once := sha256.Sum256(b)
	twice := sha256.Sum256(once[:])
	return inBase58(append(b, twice[:4]...))
}

func inBase58(b []byte) string {
	n, base, digit := new(big.Int).SetBytes(b), big.NewInt(58), new(big.Int)
	text := ""
	for n.Sign() > 0 {
		n.DivMod(n, base, digit)
		text = string(base58[digit.Int64()]) + text
	}
	return text
}

// crc16 is XModem's, by one division of the bits.
func crc16(b []byte) uint16 {
	rest := uint32(0)
	for _, c := range append(b[:len(b):len(b)], 0, 0) {
		for bit := 7; bit >= 0; bit-- {
			rest = rest<<1 | uint32(c>>bit&1)
			if rest&0x10000 != 0 {
				rest ^= 0x11021
			}
		}
	}
	return uint16(rest)
}

// bech32 is 32 bytes under BIP 173; prefix ends with the separator and decides about upper case.
func (w *writer) bech32(prefix string) string {
	human := strings.ToLower(strings.TrimSuffix(prefix, "1"))
	bytes, data := w.bytes(32), make([]byte, 52)
	for bit := range 256 {
		data[bit/5] |= bytes[bit/8] >> (7 - bit%8) & 1 << (4 - bit%5)
	}
	text := strings.ToLower(prefix)
	for _, v := range append(data, bechSum(human, data)...) {
		text += bech32[v : v+1]
	}
	if prefix == strings.ToUpper(prefix) {
		return strings.ToUpper(text)
	}
	return text
}

func bechSum(human string, data []byte) []byte {
	sum := uint32(1)
	take := func(v byte) {
		top := sum >> 25
		sum = sum&(1<<25-1)<<5 ^ uint32(v)
		for i, g := range []uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3} {
			sum ^= g * (top >> i & 1)
		}
	}
	for i := range len(human) {
		take(human[i] >> 5)
	}
	take(0)
	for i := range len(human) {
		take(human[i] & 31)
	}
	for _, v := range append(data[:len(data):len(data)], make([]byte, 6)...) {
		take(v)
	}
	sum ^= 1
	var six []byte
	for i := 25; i >= 0; i -= 5 {
		six = append(six, byte(sum>>i&31))
	}
	return six
}
