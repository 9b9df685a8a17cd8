package sample

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
)

// jwt is three parts of base64url; the algorithm is HS256 where none is asked for.
func (w *writer) jwt(algorithm string) string {
	if algorithm == "" {
		algorithm = "HS256"
	}
	signature := map[string]int{"HS256": 32, "HS384": 48, "HS512": 64, "ES256": 64, "EdDSA": 64}[algorithm]
	if signature == 0 {
		signature = 256
	}
	header := fmt.Sprintf(`{"alg":%q,"typ":"JWT"}`, algorithm)
	issued := 1600000000 + w.rand.IntN(150000000)
	claims := fmt.Sprintf(`{"sub":"%s","name":"%s","iat":%d,"exp":%d}`, w.digits(10), w.word(), issued, issued+86400)
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(header)) + "." + encode([]byte(claims)) + "." + encode(w.bytes(signature))
}

// pem is a block whose body has the right beginning and random bytes after it: no key can be read from it.
func (w *writer) pem(kind string) string {
	body := base64.StdEncoding.EncodeToString(w.der(kind))
	width, head, tail := 64, "", ""
	switch {
	case strings.HasPrefix(kind, "OPENSSH"):
		width = 70
	case strings.HasPrefix(kind, "PGP"):
		head, tail = "\n", "\n="+w.from(base62, 4)
	}
	var lines []string
	for len(body) > width {
		lines = append(lines, body[:width])
		body = body[width:]
	}
	lines = append(lines, body)
	return fmt.Sprintf("-----BEGIN %s-----\n%s%s%s\n-----END %s-----", kind, head, strings.Join(lines, "\n"), tail, kind)
}

func (w *writer) der(kind string) []byte {
	switch kind {
	case "OPENSSH PRIVATE KEY":
		const head = "openssh-key-v1\x00\x00\x00\x00\x04none\x00\x00\x00\x04none\x00\x00\x00\x00\x00\x00\x00\x01"
		return append([]byte(head), w.bytes(350)...)
	case "EC PRIVATE KEY":
		return append([]byte{0x30, 0x77, 0x02, 0x01, 0x01, 0x04, 0x20}, w.bytes(0x77-5)...)
	case "PGP PRIVATE KEY BLOCK":
		// Tag 5, a secret key packet, of old format with a length of two bytes; version 4.
		return append([]byte{0x95, 0x03, 0x98, 0x04}, w.bytes(0x398-1)...)
	case "PRIVATE KEY":
		return w.sequence("\x02\x01\x00\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00\x04\x82\x04\xa8\x30\x82\x04\xa4\x02\x01\x00", 1188)
	case "ENCRYPTED PRIVATE KEY":
		return w.sequence("\x30\x57\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d", 1290)
	}
	return w.sequence("\x02\x01\x00\x02\x82\x01\x01\x00", 1184)
}

// sequence is an ASN.1 SEQUENCE that begins with head and goes on with n random bytes.
func (w *writer) sequence(head string, n int) []byte {
	der := binary.BigEndian.AppendUint16([]byte{0x30, 0x82}, uint16(len(head)+n))
	return append(append(der, head...), w.bytes(n)...)
}
