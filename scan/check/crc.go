package check

import (
	"encoding/binary"
	"encoding/hex"
	"hash/crc32"
	"strconv"
	"strings"
)

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// github: the last 6 of 36 characters are the CRC-32 of the 30 before, in base 62 with leading zeros; the prefix does not
// count. https://github.blog/2021-04-05-behind-githubs-new-authentication-token-formats/
func github(secret string) bool {
	_, body, found := strings.Cut(secret, "_")
	if !found || len(body) != 36 {
		return false
	}
	return number(body[30:], base62) == uint64(crc32.ChecksumIEEE([]byte(body[:30])))
}

// gitlabRoutable: prefix, payload, a dot, optionally a version and a dot, the payload's length in two digits, and the
// CRC-32 of all that in seven digits of base 36. Authn::TokenField::Generator::RoutableToken in GitLab's source.
func gitlabRoutable(secret string) bool {
	const sum, length = 7, 2
	if len(secret) < sum+length+1 {
		return false
	}
	body := secret[:len(secret)-sum]
	head := strings.TrimSuffix(body[:len(body)-length], ".")
	payload, _, _ := strings.Cut(head, ".")
	want, err := strconv.ParseUint(body[len(body)-length:], 36, 16)
	// A prefix has dashes, and so may a payload: only the whole is compared with the length.
	if err != nil || int(want) >= len(payload) || !strings.Contains(body, ".") {
		return false
	}
	return number(secret[len(body):], base36) == uint64(crc32.ChecksumIEEE([]byte(body)))
}

const base36 = "0123456789abcdefghijklmnopqrstuvwxyz"

// number reads digits of the base that alphabet has; what is not a number is above every CRC-32.
func number(digits, alphabet string) uint64 {
	const none = 1 << 63
	var n uint64
	for i := range len(digits) {
		d := strings.IndexByte(alphabet, digits[i])
		if d < 0 || n > 1<<40 {
			return none
		}
		n = n*uint64(len(alphabet)) + uint64(d)
	}
	return n
}

// atlassian: the last 8 characters are the CRC-32, in hex, of all before them; so in ATATT, ATCTT and ATBB tokens.
// In a URL the equals sign before them may be escaped.
func atlassian(secret string) bool {
	const sum = 8
	secret = strings.NewReplacer("%3D", "=", "%3d", "=", `\=`, "=").Replace(secret)
	if len(secret) <= sum {
		return false
	}
	body, tail := secret[:len(secret)-sum], secret[len(secret)-sum:]
	want, err := strconv.ParseUint(tail, 16, 32)
	return err == nil && uint32(want) == crc32.ChecksumIEEE([]byte(body))
}

// grafana: glsa_, 32 characters, an underscore and the CRC-32 of the first 37 bytes, little-endian in hex.
// satokengen in Grafana's source.
func grafana(secret string) bool {
	const body = len("glsa_") + 32
	if len(secret) != body+1+8 {
		return false
	}
	sum := binary.LittleEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(secret[:body])))
	return strings.EqualFold(secret[body+1:], hex.EncodeToString(sum))
}
