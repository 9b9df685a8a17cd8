package formats

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"hash/fnv"
	"math/big"
	"math/rand/v2"
	"strings"
	"time"

	"cofferdam/rules/secret/sample"
)

// Kinds of values:
//
//	password      with every odd character of ASCII that people find on a keyboard
//	odd:CHARS     letters and digits, and each of CHARS
//	phrase        words with blanks and umlauts
//	apr1          a hash of a password, as htpasswd writes it
//	pkcs8, sec1   private keys of elliptic curves in PEM, which openssl reads
//	cert          a certificate in PEM
//
// and what package sample knows, such as hex:40, alnum:24, check:github:ghp_ and pem:RSA PRIVATE KEY.

// source is where the characters of one value come from.
type source struct {
	*rand.Rand
	seed uint64
}

func newSource(seed uint64, scope, name string) source {
	h := fnv.New64a()
	h.Write([]byte(scope + "\x00" + name))
	return source{rand.New(rand.NewPCG(seed, h.Sum64())), seed ^ h.Sum64()}
}

const odd = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"

func makeUp(kind string, s source) (string, error) {
	name, argument, _ := strings.Cut(kind, ":")
	switch name {
	case "password":
		return s.password(odd), nil
	case "odd":
		return s.password(argument), nil
	case "phrase":
		return s.phrase(), nil
	case "pkcs8", "sec1":
		return s.privateKey(name)
	case "cert":
		return s.certificate()
	case "apr1":
		return fmt.Sprintf("$apr1$%s$%s", s.letters(8), s.letters(22)), nil
	case "":
		return "", fmt.Errorf("no kind, and no value of that name yet")
	}
	template := "{{" + kind + "}}"
	if unknown := sample.Unknown(template); len(unknown) > 0 {
		return "", fmt.Errorf("unknown kind %q", kind)
	}
	text, _ := sample.Expand(template, s.seed)
	return text, nil
}

const alphanumeric = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"

// password has letters around up to seven of marks, each at most once. Its ends are letters: what a blank or a quote
// at the end of a value means differs between the readers of one format.
func (s source) password(marks string) string {
	b := s.letters(14)
	all := []byte(marks)
	s.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	for _, c := range all[:min(7, len(all))] {
		at := 1 + s.IntN(len(b)-1)
		b = append(b[:at], append([]byte{c}, b[at:]...)...)
	}
	return string(b)
}

func (s source) letters(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphanumeric[s.IntN(len(alphanumeric))]
	}
	return b
}

func (s source) phrase() string {
	return fmt.Sprintf("%s für %s & Söhne", s.letters(8), s.letters(7))
}

func (s source) bytes(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(s.Uint32())
	}
	b[0] = 1 // below the order of every curve
	return b
}

func (s source) privateKey(form string) (string, error) {
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P384(), s.bytes(48))
	if err != nil {
		return "", err
	}
	block := pem.Block{Type: "EC PRIVATE KEY"}
	if form == "pkcs8" {
		block.Type = "PRIVATE KEY"
		block.Bytes, err = x509.MarshalPKCS8PrivateKey(key)
	} else {
		block.Bytes, err = x509.MarshalECPrivateKey(key)
	}
	return strings.TrimSuffix(string(pem.EncodeToMemory(&block)), "\n"), err
}

// certificate is signed by Ed25519, whose signatures are not random.
func (s source) certificate() (string, error) {
	key := ed25519.NewKeyFromSeed(s.bytes(ed25519.SeedSize))
	about := x509.Certificate{
		SerialNumber: big.NewInt(s.Int64()), Subject: pkix.Name{CommonName: "ca.example.com"},
		NotBefore: time.Unix(1_700_000_000, 0), NotAfter: time.Unix(2_000_000_000, 0), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(nil, &about, &about, key.Public(), key)
	return strings.TrimSuffix(string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), "\n"), err
}
