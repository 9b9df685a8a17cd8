package check

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"math/big"
	"strings"
)

// longest is more than any token that is checked here has.
const longest = 4096

// bech32: BIP 173, with no limit of 90 characters: age and nostr keys.
func bech32(secret string) bool {
	const alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
	lower := strings.ToLower(secret)
	if lower != secret && strings.ToUpper(secret) != secret || len(secret) > longest {
		return false
	}
	at := strings.LastIndexByte(lower, '1')
	if at < 1 || len(lower)-at-1 < 6 {
		return false
	}
	values := make([]byte, 0, 2*at+len(lower))
	for i := range at {
		values = append(values, lower[i]>>5)
	}
	values = append(values, 0)
	for i := range at {
		values = append(values, lower[i]&31)
	}
	for i := at + 1; i < len(lower); i++ {
		v := strings.IndexByte(alphabet, lower[i])
		if v < 0 {
			return false
		}
		values = append(values, byte(v))
	}
	return polymod(values) == 1
}

func polymod(values []byte) uint32 {
	sum := uint32(1)
	for _, v := range values {
		top := sum >> 25
		sum = sum&0x1ffffff<<5 ^ uint32(v)
		for i, g := range [...]uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3} {
			if top>>i&1 == 1 {
				sum ^= g
			}
		}
	}
	return sum
}

// base58check: the last four bytes are the beginning of the double SHA-256 of those before: Bitcoin keys in wallet import
// format, BIP 32 extended keys.
func base58check(secret string) bool {
	b := base58(secret)
	if len(b) < 5 {
		return false
	}
	once := sha256.Sum256(b[:len(b)-4])
	twice := sha256.Sum256(once[:])
	return bytes.Equal(twice[:4], b[len(b)-4:])
}

// base58 decodes Bitcoin's alphabet; nil where a character is none of it.
func base58(text string) []byte {
	const alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
	if len(text) > 256 {
		return nil
	}
	n, base := new(big.Int), big.NewInt(58)
	for i := range len(text) {
		d := strings.IndexByte(alphabet, text[i])
		if d < 0 {
			return nil
		}
		n.Add(n.Mul(n, base), big.NewInt(int64(d)))
	}
	zeros := len(text) - len(strings.TrimLeft(text, "1"))
	return append(make([]byte, zeros), n.Bytes()...)
}

// stellar: base32 of a version byte, 32 bytes and their CRC-16; SEP 23.
func stellar(secret string) bool { return crc16Ends(secret, 35) }

// nats: base32 of two bytes that say whose seed it is, 32 bytes and their CRC-16; github.com/nats-io/nkeys.
func nats(secret string) bool { return crc16Ends(secret, 36) }

// crc16Ends says whether text is base32 of so many bytes, the last two of them the CRC-16 (XModem, little-endian) of the
// others.
func crc16Ends(text string, size int) bool {
	encoding := base32.StdEncoding.WithPadding(base32.NoPadding)
	b, err := encoding.DecodeString(text)
	// The last character may have bits that count for nothing; a real one has them zero.
	if err != nil || len(b) != size || encoding.EncodeToString(b) != text {
		return false
	}
	var crc uint16
	for _, c := range b[:size-2] {
		crc ^= uint16(c) << 8
		for range 8 {
			carry := crc & 0x8000
			crc <<= 1
			if carry != 0 {
				crc ^= 0x1021
			}
		}
	}
	return b[size-2] == byte(crc) && b[size-1] == byte(crc>>8)
}

// order is that of the group of secp256k1, SEC 2.
const order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"

// secp256k1: 32 bytes in hex that are a private key: neither zero nor too big, and not one that people write down as an
// example: small, or of few different digits.
func secp256k1(secret string) bool {
	secret = strings.ToLower(strings.TrimPrefix(secret, "0x"))
	if len(secret) != 64 || secret >= order || strings.HasPrefix(secret, strings.Repeat("0", 12)) {
		return false
	}
	if _, err := hex.DecodeString(secret); err != nil {
		return false
	}
	different := map[byte]bool{}
	for i := range len(secret) {
		different[secret[i]] = true
	}
	return len(different) >= 8
}
