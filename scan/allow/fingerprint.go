package allow

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// fingerprintSize is how long a fingerprint is, in bytes; in hex it has twice as many digits.
const fingerprintSize = 16

// Domains keep these hashes apart from each other and from those that anyone else makes.
const (
	strongDomain = "cofferdam strong value 1"
	weakDomain   = "cofferdam weak value 1"
	valueDomain  = "cofferdam value bits 1"
	lineDomain   = "cofferdam line bits 1"
)

// Window is how many bytes of the line count on each side of the value. A caller need not pass more.
const Window = 128

// Fingerprint names a finding by its content: 32 hex digits that are the same wherever the value stands, so that they
// survive moved lines and moved files, and that are safe to publish.
//
// A strong value is hashed with the rule. Nobody can try enough values to meet it, and who holds the value learns nothing.
//
// A weak one could be guessed, and a hash of it would confirm the guess. So no more than 12 bits of its hash enter: one
// guess in 4,096 fits, and of a list of a million passwords some 244 do. The bits are those of the value alone, without
// rule or line, so that all fingerprints of one value in one place and another tell the same 12 bits and no more. What
// tells weak findings apart beside them is the line with the value cut out. That may hold another weak value, which only
// others can name: the values that were found near by, and the value as it is encoded, are cut out too, and no more than
// 12 bits of the line's hash enter either. Two weak findings of one rule are taken for one by a chance of one in 16 million.
//
// White space of the line does not count. Where the line is empty, the value's bits stand alone.
func Fingerprint(rule, secret, line string, others ...string) string {
	if strong(secret) {
		return digest(strongDomain, rule, secret)
	}
	return digest(weakDomain, rule, bits(valueDomain, secret), bits(lineDomain, around(line, secret, others)))
}

// digest hashes the parts, each behind its length so that no two lists of parts are one text.
func digest(parts ...string) string {
	h := sha256.New()
	for _, part := range parts {
		n := len(part)
		h.Write([]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)})
		h.Write([]byte(part))
	}
	return hex.EncodeToString(h.Sum(nil)[:fingerprintSize])
}

// bits is 12 bits of a hash, as three hex digits.
func bits(domain, text string) string { return digest(domain, text)[:3] }

// around is what stands near the value, without white space and without any value that is known. Where the value is
// encoded, its place is that of the first of the others that is on the line.
func around(line, secret string, others []string) string {
	values := slices.DeleteFunc(append([]string{secret}, others...), func(v string) bool { return v == "" })
	at, end := 0, 0
	for _, value := range values {
		if i := strings.Index(line, value); i >= 0 {
			at, end = i, i+len(value)
			break
		}
	}
	slices.SortFunc(values, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) }) // a part of another after it
	cut := func(text string) string {
		for _, value := range values {
			text = strings.ReplaceAll(text, value, "\x00")
		}
		return strings.Join(strings.Fields(text), "")
	}
	return cut(line[max(at-Window, 0):at]) + "\x00" + cut(line[end:min(end+Window, len(line))])
}
