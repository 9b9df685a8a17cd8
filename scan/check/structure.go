package check

import (
	"bytes"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"encoding/pem"
	"strings"
)

// jwt: RFC 7519: a header that is JSON and names its algorithm, claims that are JSON, a signature that is base64url.
func jwt(secret string) bool {
	parts := strings.Split(secret, ".")
	if len(parts) != 3 {
		return false
	}
	var header struct {
		Alg string `json:"alg"`
	}
	if json.Unmarshal(base64url(parts[0]), &header) != nil || header.Alg == "" {
		return false
	}
	var claims map[string]json.RawMessage
	if json.Unmarshal(base64url(parts[1]), &claims) != nil {
		return false
	}
	return parts[2] == "" || base64url(parts[2]) != nil
}

// base64url decodes with or without padding; nil for what is neither.
func base64url(text string) []byte {
	b, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(text, "="))
	if err != nil {
		return nil
	}
	return b
}

// encodes says whether text is base64, of either alphabet, of so many bytes.
func encodes(text string, size int) bool {
	text = strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(text, "="))
	b, err := base64.RawStdEncoding.DecodeString(text)
	return err == nil && len(b) == size
}

// pemBlock: a block, its line ends perhaps written as \n, whose body begins as a private key does: an ASN.1 SEQUENCE, the
// magic word of OpenSSH, or a secret key packet of OpenPGP.
func pemBlock(secret string) bool {
	secret = strings.NewReplacer(`\r`, "", `\n`, "\n", "\r", "").Replace(secret)
	if strings.Contains(secret, "-----BEGIN PGP PRIVATE KEY BLOCK-----") {
		return strings.Contains(secret, "-----END PGP PRIVATE KEY BLOCK-----")
	}
	block, _ := pem.Decode([]byte(secret))
	if block == nil || !strings.HasSuffix(block.Type, "PRIVATE KEY") {
		return false
	}
	if _, encrypted := block.Headers["DEK-Info"]; encrypted {
		return len(block.Bytes) > 0
	}
	return bytes.HasPrefix(block.Bytes, []byte("openssh-key-v1\x00")) || sequence(block.Bytes)
}

// sequence says whether der begins as an ASN.1 SEQUENCE that is as long as der, give or take a line that was cut off.
func sequence(der []byte) bool {
	if len(der) < 8 || der[0] != 0x30 {
		return false
	}
	switch n := der[1]; {
	case n < 0x80:
		return int(n)+2 <= len(der)
	case n == 0x81:
		return int(der[2])+3 <= len(der)
	case n == 0x82:
		return int(binary.BigEndian.Uint16(der[2:]))+4 <= len(der)
	}
	return false
}

// awsAccessKey: four letters of a kind, then base32. Since 2019 the first bits after them are the account's number, which
// has twelve digits; older keys begin with I or J and hold none.
func awsAccessKey(secret string) bool {
	if len(secret) != 20 || strings.HasSuffix(secret, "EXAMPLE") {
		return false
	}
	b, err := base32.StdEncoding.DecodeString(secret[4:])
	if err != nil {
		return false
	}
	if secret[4] == 'I' || secret[4] == 'J' {
		return true
	}
	bits := binary.BigEndian.Uint64(append([]byte{0, 0}, b[:6]...))
	account := bits & 0x7fffffffffff >> 7
	return account < 1e12
}

// discord: the first part of a bot's token is its number, a snowflake of 17 to 20 digits, in base64.
func discord(secret string) bool {
	id, _, found := strings.Cut(secret, ".")
	if !found {
		return false
	}
	digits := base64url(id)
	return len(digits) >= 17 && len(digits) <= 20 && allDigits(digits)
}

func allDigits(text []byte) bool {
	for _, c := range text {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(text) > 0
}

// pypi: a macaroon of version 2 whose location is that of the index; https://docs.pypi.org/api/secrets/
func pypi(secret string) bool {
	body, found := strings.CutPrefix(secret, "pypi-")
	if !found || len(body) < 24 {
		return false
	}
	b := base64url(body[:len(body)/4*4])
	return bytes.HasPrefix(b, []byte("\x02\x01\x08pypi.org")) || bytes.HasPrefix(b, []byte("\x02\x01\x0dtest.pypi.org"))
}

// jfrogReference: base64 of "reftkn:", a version, when it expires in seconds, and 28 characters.
func jfrogReference(secret string) bool {
	parts := bytes.Split(base64url(secret), []byte(":"))
	return len(parts) == 4 && string(parts[0]) == "reftkn" && allDigits(parts[1]) && allDigits(parts[2]) && len(parts[3]) >= 20
}

// atlassianDC: base64 of a number, a colon and random bytes: tokens of Jira, Confluence and Bitbucket that people run
// themselves.
func atlassianDC(secret string) bool {
	b, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "BBDC-"))
	if err != nil {
		return false
	}
	id, random, found := bytes.Cut(b, []byte(":"))
	if !found || !allDigits(id) || len(id) > 20 || len(random) < 16 {
		return false
	}
	// Text after the number is a name and a password, not a token.
	return bytes.ContainsFunc(random, func(r rune) bool { return r < ' ' || r > '~' })
}
