package sample

import (
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"strings"
)

// checked is a token with a right checksum or structure. The argument is its kind, a colon and the token's prefix, which
// is empty where the kind has none:
//
//	github:ghp_  npm:npm_                  36 characters, the last 6 a CRC-32
//	gitlab:glpat-  gitlab1:glpat-          routable, of the first form and of version 1
//	atlassian:ATATT3xFfGF0                 192 characters, the last 8 a CRC-32
//	bitbucket:ATBB                         36, likewise
//	atlassiandc:  atlassiandc:BBDC-        base64 of a number and random bytes
//	grafana:glsa_
//	bech32:AGE-SECRET-KEY-1  bech32:nsec1  32 bytes
//	wif:  xprv:  stellar:  nats:  secp256k1:  solana:
//	pypi:pypi.org  discord:  jfrog:  aws:AKIA
func (w *writer) checked(argument string) (token string, ok bool) {
	kind, prefix, found := strings.Cut(argument, ":")
	write, known := checkers[kind]
	if !found || !known {
		return "", false
	}
	return write(w, prefix), true
}

var checkers = map[string]func(w *writer, prefix string) string{
	"github":  (*writer).github,
	"npm":     (*writer).github,
	"gitlab":  func(w *writer, prefix string) string { return w.gitlab(prefix, "") },
	"gitlab1": func(w *writer, prefix string) string { return w.gitlab(prefix, ".01") },
	"atlassian": func(w *writer, prefix string) string {
		return withHex(prefix + w.from(alphabets["base64url"], 171) + "=")
	},
	"bitbucket":   func(w *writer, prefix string) string { return withHex(prefix + w.from(base62, 24)) },
	"atlassiandc": (*writer).atlassianDC,
	"grafana":     (*writer).grafana,
	"bech32":      (*writer).bech32,
	"wif":         func(w *writer, _ string) string { return base58check(append([]byte{0x80}, w.bytes(32)...)) },
	"xprv":        (*writer).extended,
	"stellar":     (*writer).stellar,
	"nats":        (*writer).nats,
	"secp256k1":   func(w *writer, prefix string) string { return prefix + hex.EncodeToString(w.bytes(32)) },
	"solana": func(w *writer, _ string) string {
		return inBase58(append([]byte{1 + byte(w.rand.IntN(255))}, w.bytes(63)...))
	},
	"pypi":    (*writer).pypi,
	"discord": (*writer).discord,
	"jfrog":   (*writer).jfrog,
	"aws":     (*writer).aws,
}

func (w *writer) github(prefix string) string {
	random := w.from(base62, 30)
	return prefix + random + inBase(base62, crc32.ChecksumIEEE([]byte(random)), 6)
}

func (w *writer) gitlab(prefix, version string) string {
	const base36 = decimals + lowers
	routing := fmt.Sprintf("c:1\no:%s\nu:%s", w.from(decimals[1:], 1), w.from(base36, 3))
	payload := base64.RawURLEncoding.EncodeToString(append(append(w.bytes(16), routing...), byte(len(routing))))
	body := prefix + payload + version + "." + inBase(base36, uint32(len(payload)), 2)
	return body + inBase(base36, crc32.ChecksumIEEE([]byte(body)), 7)
}

func withHex(body string) string {
	return fmt.Sprintf("%s%08X", body, crc32.ChecksumIEEE([]byte(body)))
}

func (w *writer) atlassianDC(prefix string) string {
	random := w.bytes(20)
	random[0] |= 0x80
	return prefix + base64.StdEncoding.EncodeToString(append([]byte(w.digits(12)+":"), random...))
}

func (w *writer) grafana(prefix string) string {
	body := prefix + w.from(base62, 32)
	sum := binary.LittleEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(body)))
	return body + "_" + hex.EncodeToString(sum)
}

func (w *writer) stellar(string) string {
	const secretSeed = 18 << 3 // an S in base32
	b := append([]byte{secretSeed}, w.bytes(32)...)
	return base32.StdEncoding.EncodeToString(binary.LittleEndian.AppendUint16(b, crc16(b)))
}

func (w *writer) nats(string) string {
	const seed, user = 18 << 3, 20 << 3
	b := append([]byte{seed | user>>5, user & 31 << 3}, w.bytes(32)...)
	b = binary.LittleEndian.AppendUint16(b, crc16(b))
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b)
}

func (w *writer) pypi(index string) string {
	b := append([]byte{2, 1, byte(len(index))}, index...)
	identifier := w.uuid()
	b = append(append(append(b, 2, byte(len(identifier))), identifier...), 0)
	return "pypi-" + base64.RawURLEncoding.EncodeToString(append(b, w.bytes(60)...))
}

func (w *writer) discord(string) string {
	id := base64.RawURLEncoding.EncodeToString([]byte(w.digits(18)))
	return id + "." + w.from(base62, 6) + "." + w.from(alphabets["base64url"], 37) + w.from(base62, 1)
}

func (w *writer) jfrog(string) string {
	return base64.RawStdEncoding.EncodeToString([]byte("reftkn:01:17" + w.from(decimals, 8) + ":" + w.from(base62, 28)))
}

// aws is an id whose first bits are the number of an account.
func (w *writer) aws(prefix string) string {
	account := uint64(1e11) + w.rand.Uint64N(9e11)
	bits := binary.BigEndian.AppendUint64(nil, 1<<47|account<<7)
	return prefix + base32.StdEncoding.EncodeToString(append(bits[2:], w.bytes(4)...))
}

// extended is a key as BIP 32 writes it: 13 bytes of where it stands, 32 of chain code, a zero, 32 of key.
func (w *writer) extended(string) string {
	b := append([]byte{0x04, 0x88, 0xad, 0xe4, 3}, w.bytes(40)...)
	return base58check(append(append(b, 0), w.bytes(32)...))
}

// spoil makes the checksum wrong: it changes the last character, to one that every alphabet has.
func spoil(token string) string {
	if token == "" {
		return ""
	}
	other := "2"
	if strings.HasSuffix(token, other) {
		other = "3"
	}
	return token[:len(token)-1] + other
}
