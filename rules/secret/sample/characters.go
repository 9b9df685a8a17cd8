package sample

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

const (
	decimals = "0123456789"
	lowers   = "abcdefghijklmnopqrstuvwxyz"
	uppers   = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	base62   = decimals + uppers + lowers
	bech32   = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
	base58   = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
)

var alphabets = map[string]string{
	"hex":       decimals + "abcdef",
	"HEX":       decimals + "ABCDEF",
	"lower":     lowers,
	"upper":     uppers,
	"alnum":     base62,
	"letters":   uppers + lowers,
	"lowernum":  lowers + decimals,
	"uppernum":  uppers + decimals,
	"base32":    uppers + "234567",
	"base58":    base58,
	"bech32":    bech32,
	"base64url": base62 + "-_",
}

// longest bounds what one placeholder writes.
const longest = 1 << 16

// count reads a count or a range of them, from which it chooses.
func (w *writer) count(argument string) (n int, ok bool) {
	low, high, isRange := strings.Cut(argument, "-")
	n, err := strconv.Atoi(low)
	if err != nil || n < 0 || n > longest {
		return 0, false
	}
	if !isRange {
		return n, true
	}
	most, err := strconv.Atoi(high)
	if err != nil || most < n || most > longest {
		return 0, false
	}
	return n + w.rand.IntN(most-n+1), true
}

func (w *writer) counted(alphabet, count string) (value string, ok bool) {
	n, ok := w.count(count)
	return w.from(alphabet, n), ok
}

func (w *writer) from(alphabet string, n int) string {
	chosen := make([]byte, n)
	for i := range chosen {
		chosen[i] = alphabet[w.rand.IntN(len(alphabet))]
	}
	return string(chosen)
}

func (w *writer) digits(n int) string {
	if n == 0 {
		return ""
	}
	return w.from(decimals[1:], 1) + w.from(decimals, n-1)
}

func (w *writer) bytes(n int) []byte {
	drawn := make([]byte, n)
	for i := range drawn {
		drawn[i] = byte(w.rand.Uint32())
	}
	return drawn
}

// Keys are powers of two bytes long, and only those are padded; any other count is of plain characters.
func (w *writer) base64(n int) string {
	for _, size := range []int{16, 32, 64, 128} {
		if n == base64.StdEncoding.EncodedLen(size) {
			return base64.StdEncoding.EncodeToString(w.bytes(size))
		}
	}
	return w.from(base62+"+/", n)
}

// uuid is a random one, of version 4.
func (w *writer) uuid() string {
	b := w.bytes(16)
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	h := hex.EncodeToString(b)
	return fmt.Sprintf("%s-%s-%s-%s-%s", h[:8], h[8:12], h[12:16], h[16:20], h[20:])
}

func cutLast(argument string) (before, after string, found bool) {
	i := strings.LastIndexByte(argument, ':')
	if i < 0 {
		return "", "", false
	}
	return argument[:i], argument[i+1:], true
}
