package redact

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"cofferdam/scan"
)

func knownForTest(values ...string) *Known {
	var all []Value
	for _, v := range values {
		all = append(all, Value{"NAME", "rule", scan.NewSecret(v)})
	}
	return NewKnown(all)
}

// Known finds a value however the encoders of the standard library write it, whatever stands around it.
func TestKnownEncodings(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	const alphabet = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789!#$%&'()*+,-./:;<=>?@[]^_{|}~\"\\ "
	for range 200 {
		var b strings.Builder
		for range 8 + random.IntN(40) {
			b.WriteByte(alphabet[random.IntN(len(alphabet))])
		}
		value := b.String()
		if !Telling(value) {
			continue
		}
		k := knownForTest(value)
		around := strings.Repeat("x", random.IntN(7))
		for name, text := range encodedForTest(t, around, value) {
			text = strings.Repeat(" ", random.IntN(9)) + text + " and so on"
			hits := k.Find([]byte(text))
			if len(hits) != 1 {
				t.Fatalf("%s of %q in %q: %d hits", name, value, text, len(hits))
			}
			if name, ok := k.In([]byte(text)); !ok || name != "NAME" {
				t.Fatalf("In = %q, %v", name, ok)
			}
		}
	}
}

func encodedForTest(t *testing.T, around, value string) map[string]string {
	t.Helper()
	quoted, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	var escaped bytes.Buffer
	if err := xml.EscapeText(&escaped, []byte(value)); err != nil {
		t.Fatal(err)
	}
	var wide []byte
	for _, u := range utf16.Encode([]rune(value)) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	return map[string]string{
		"raw": value, "query": url.QueryEscape(value), "path": url.PathEscape(value), "json": string(quoted), "xml": escaped.String(),
		"base64": base64.StdEncoding.EncodeToString([]byte(around + value + around)), "base64url": base64.RawURLEncoding.EncodeToString([]byte(around + value)),
		"hex": hex.EncodeToString([]byte(value)), "HEX": strings.ToUpper(hex.EncodeToString([]byte(around + value))), "utf-16": string(wide),
	}
}

func TestTelling(t *testing.T) {
	for value, want := range map[string]bool{
		"": false, "postgres": false, "localhost": false, "my-application-name": false, "aaaaaaaa1": false, "us-east-1": false, "node:18-alpine": false, "10.0.12.7:5432": false, "alice@example.com": false, "https://api.example.com/v1": false,
		"userServiceName": false, "2024-11-20": false, "DATABASE_URL_2": false, made("xQrTz", "BwLpVn"): true, made("9f86", "d081"): true,
		made("Summer", "2024!"): true, made("q7RkVb2X", "w9LmTz4P"): true, made("hunter", "2hunter", "2"): true, "line\nbreak9X": false,
	} {
		if got := Telling(value); got != want {
			t.Errorf("Telling(%q) = %v, want %v", value, got, want)
		}
	}
}

// Find of needles is what a search for each by itself gives.
func TestNeedlesFindAll(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	letters := "abAB01"
	for range 300 {
		text := make([]byte, random.IntN(400))
		for i := range text {
			text[i] = letters[random.IntN(len(letters))]
		}
		var s needles
		for range 1 + random.IntN(5) {
			if n := minText + random.IntN(4); n < len(text) {
				at := random.IntN(len(text) - n)
				s.add(encoded{"raw", string(text[at : at+n]), nil}, 0)
			}
		}
		s.finish()
		got := map[string][]int{}
		s.each(text, func(at int, n *needle) bool { got[n.text] = append(got[n.text], at); return true })
		for _, n := range s.all {
			at := got[n.text]
			slices.Sort(at)
			if want := places(string(text), n.text); !slices.Equal(slices.Compact(at), want) {
				t.Fatalf("%q in %q at %v, want %v", n.text, text, at, want)
			}
		}
	}
}

func places(text, n string) []int {
	var all []int
	for i := 0; i+len(n) <= len(text); i++ {
		if strings.HasPrefix(text[i:], n) {
			all = append(all, i)
		}
	}
	return all
}

// The ratio to bytes.Count of a byte that stands nowhere says what a search costs beside reading memory once.
func BenchmarkKnown(b *testing.B) {
	random := rand.New(rand.NewPCG(5, 6))
	text := make([]byte, 16<<20)
	for i := range text {
		text[i] = "etaoin shrdlu\n\t(){}=.,;"[random.IntN(23)]
	}
	var values []string
	for i := range 200 {
		sum := hex.EncodeToString([]byte{byte(i), byte(i * 7), byte(i * 13), byte(i * 31), byte(i * 53), byte(i * 71)})
		values = append(values, "Q"+sum+"!z")
	}
	k := knownForTest(values...)
	b.Run("known", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			if hits := k.Find(text); len(hits) > 0 {
				b.Fatal("a hit by chance")
			}
		}
	})
	b.Run("count", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			if bytes.Count(text, []byte{0}) > 0 {
				b.Fatal("BUG")
			}
		}
	})
}
