package allow

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"
)

func random(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }

// from is n random characters of an alphabet.
func from(r *rand.Rand, alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[r.IntN(len(alphabet))]
	}
	return string(b)
}

const (
	base16 = "0123456789abcdef"
	base62 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

func TestWhatPeopleThinkUpIsWeak(t *testing.T) {
	for _, value := range []string{
		"", "hunter2", "changeme", "password", "P@ssw0rd!", "letmein123", "correct horse battery staple", "Summer2024!Summer2024!", "abcdefghijklmnopqrstuvwxyz",
		"qwertyuiopasdfghjklzxcvbnm", "12345678901234567890", "0123456789abcdef0123456789abcdef", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "deadbeefdeadbeefdeadbeefdeadbeef",
		"P4ssw0rd!2019-production-database", "MySuperSecretPassword2023!", "admin_admin_admin_admin_admin", "2024-01-01T00:00:00+00:00", "+49 170 1234567890123",
		"the quick brown fox jumps over the lazy dog", "!@#$%^&*()!@#$%^&*()", "ThisIsNotARealSecretOrIsIt", "localhost:5432/postgres?user=postgres",
		"00000000-0000-0000-0000-000000000000", "ABABABABABABABABABABABABABAB", "zyxwvutsrqponmlkjihgfedcba", "Welcome2TheJungle!2024#Production", "J0hnSm1th1985Berlin", "C0rrect-H0rse-B4ttery-St4ple", "iloveyou3000iloveyou3000",
		"Password123Password456Password789", "MyDogIsCalledRex2015AndHeIsGreat", "root:toor@localhost:3306/wordpress_production", "monkey-dragon-football-baseball",
		"Winter2023.Winter2024.Winter2025", "TopSecret_DoNotShare_2022", "ASDFGHJKL1234567890asdfghjkl", "aB1aB1aB1aB1aB1aB1aB1aB1aB1", "postgres-admin-password-2024-v2",
	} {
		if strong(value) {
			t.Errorf("%q is strong with %d bits", value, guessBits(value))
		}
	}
}

func TestWhatMachinesMakeIsStrong(t *testing.T) {
	r := random(1)
	for _, tt := range []struct {
		alphabet      string
		length, least int
	}{ // of 1,000
		{base62, 24, 950}, {base62, 40, 999}, {base16, 32, 850}, {base16, 64, 999}, {base62 + "+/", 64, 999}, {base62 + "-_", 36, 990},
	} {
		n := 0
		for range 1000 {
			if strong(from(r, tt.alphabet, tt.length)) {
				n++
			}
		}
		if n < tt.least {
			t.Errorf("%d of 1,000 random values of %d characters out of %d are strong, want %d", n, tt.length, len(tt.alphabet), tt.least)
		}
	}
}

// For every weak value: no form in which it is written makes it strong.
func TestAWeakValueIsWeakInEveryForm(t *testing.T) {
	for _, value := range []string{"hunter2", "MySuperSecretPassword2023!", "correct horse battery staple", "P4ssw0rd!2019-production-database"} {
		pair := "admin:" + value
		for name, form := range map[string]string{
			"base64": base64.StdEncoding.EncodeToString([]byte(pair)), "base64 in a header": "Basic " + base64.StdEncoding.EncodeToString([]byte(pair)),
			"base64url": base64.RawURLEncoding.EncodeToString([]byte(pair)), "base64 cut": base64.RawStdEncoding.EncodeToString([]byte(pair + "??"))[:len(pair)/3*4+1],
			"twice": base64.StdEncoding.EncodeToString([]byte(base64.StdEncoding.EncodeToString([]byte(pair)))), "hex": hex.EncodeToString([]byte(pair)),
			"URL": "postgres://admin:" + value + "@db.internal.example.com:5432/production?sslmode=require", "words": "Server=db;Database=app;User Id=sa;Password=" + value + ";Timeout=30",
			"URL with what is known": "https://admin:" + value + "@example.com/5f0c9e27-8b1d-4a36-9c7e-2d8f0b6a1e54/x", "words with what is known": "Tenant=5f0c9e27-8b1d-4a36-9c7e-2d8f0b6a1e54;Server=db.example.com;Password=" + value,
		} {
			if strong(form) {
				t.Errorf("%s of %q is strong: %s", name, value, form)
			}
		}
	}
}

func TestAStrongValueIsStrongInEveryForm(t *testing.T) {
	value := "x7Kq" + from(random(5), base62, 36)
	for name, form := range map[string]string{
		"base64": base64.StdEncoding.EncodeToString([]byte("admin:" + value)), "URL": "https://admin:" + value + "@example.com/", "words": "Password=" + value + ";",
		"JWT": base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + value, "lines": "-----BEGIN KEY-----\n" + value + "\n-----END KEY-----",
	} {
		if !strong(form) {
			t.Errorf("%s is weak", name)
		}
	}
}

// For every estimate: no more than what a random value of the length can have.
func TestShortValuesAreNeverStrong(t *testing.T) {
	r := random(2)
	for range 2000 {
		if v := from(r, base62, r.IntN(strongLength)); strong(v) {
			t.Errorf("a value of %d bytes is strong", len(v))
		}
	}
}

// For every strong value: its fingerprint is of the rule and the value alone.
func TestAStrongFingerprintSurvivesEveryMove(t *testing.T) {
	r := random(3)
	value, other := from(r, base62, 40), from(r, base62, 40)
	want := Fingerprint("rule", value, "key = "+value)
	if got := Fingerprint("rule", value, "something else entirely "+value, "more"); got != want {
		t.Error("the line changes it")
	}
	if Fingerprint("rule", other, "key = "+other) == want || Fingerprint("rule2", value, "key = "+value) == want {
		t.Error("another value or another rule has the same")
	}
	if raw, err := hex.DecodeString(want); err != nil || len(raw) != fingerprintSize {
		t.Errorf("%q is not %d bytes in hex", want, fingerprintSize)
	}
}

// For every weak value: its fingerprint survives other lines, files and indents, and differs with the line.
func TestAWeakFingerprintIsThatOfItsLine(t *testing.T) {
	want := Fingerprint("rule", "hunter2", `  password = "hunter2"  # old`)
	for _, line := range []string{`password = "hunter2" # old`, `password="hunter2" # old`, "\tpassword =   \"hunter2\"\t# old\r\n"} {
		if Fingerprint("rule", "hunter2", line) != want {
			t.Errorf("line %q has another fingerprint", line)
		}
	}
	if Fingerprint("rule", "hunter2", `token = "hunter2" # old`) == want || Fingerprint("rule2", "hunter2", `password = "hunter2" # old`) == want {
		t.Error("another line or another rule has the same")
	}
	far := strings.Repeat("x", Window) + `"hunter2"` + strings.Repeat("y", Window)
	if Fingerprint("rule", "hunter2", far) != Fingerprint("rule", "hunter2", strings.Repeat("z", 5000)+far+strings.Repeat("z", 5000)) {
		t.Error("what is further than Window counts")
	}
}

// For every weak value: one guess in 4,096 has its fingerprint, so that none is confirmed, and no more, so that a change
// of the value is seen.
func TestAWeakFingerprintConfirmsNoGuess(t *testing.T) {
	const guesses = 40_000
	for _, value := range []string{"hunter2", "s3cret", "1234"} {
		want, fit := Fingerprint("rule", value, "password: "+value), 0
		for i := range guesses {
			guess := fmt.Sprintf("guess%d", i)
			if Fingerprint("rule", guess, "password: "+guess) == want {
				fit++
			}
		}
		if fit < 2 || fit > 25 {
			t.Errorf("%d of %d guesses fit, want about %d", fit, guesses, guesses/4096)
		}
	}
}

// For every two places of one weak value: their fingerprints together confirm no more than one of them does.
func TestManyFingerprintsOfOneWeakValueTellNoMore(t *testing.T) {
	places := []struct{ rule, before string }{{"a", "password: "}, {"b", "pwd="}, {"c", "PGPASSWORD="}, {"a", "mysql -p"}}
	want, fit := make([]string, len(places)), 0
	for i, p := range places {
		want[i] = Fingerprint(p.rule, "hunter2", p.before+"hunter2")
	}
	for n := range 20_000 {
		guess, same := fmt.Sprintf("guess%d", n), 0
		for i, p := range places {
			if Fingerprint(p.rule, guess, p.before+guess) == want[i] {
				same++
			}
		}
		if same > 0 {
			fit++
			if same != len(places) {
				t.Fatalf("a guess fits %d of %d places: the places tell different bits", same, len(places))
			}
		}
	}
	if fit == 0 {
		t.Error("no guess fits: the fingerprints confirm the value")
	}
}

// For every two weak values on a line: the fingerprint of one does not depend on the other, once that is named.
func TestAnotherValueOfTheLineIsCutOut(t *testing.T) {
	line := func(other string) string { return "user=admin password=" + other + " host=db" }
	if Fingerprint("r", "admin", line("hunter2"), "hunter2") != Fingerprint("r", "admin", line("hunter3"), "hunter3") {
		t.Error("the other value counts")
	}
	encoded, other := base64.StdEncoding.EncodeToString([]byte("hunter2")), base64.RawURLEncoding.EncodeToString([]byte("hunter2 "))
	if Fingerprint("r", "hunter2", "x: "+encoded, encoded) != Fingerprint("r", "hunter2", "x: "+other, other) {
		t.Error("the encoded value counts")
	}
}

// For every two lists of parts that differ, the digests do.
func TestDigestTellsPartsApart(t *testing.T) {
	if digest("a", "bc") == digest("ab", "c") || digest("a") == digest("a", "") {
		t.Error("two lists of parts have one digest")
	}
}

func FuzzFingerprintIsAlwaysHex(f *testing.F) {
	f.Add("r", "s", "line s", "o")
	f.Add("", "", "", "")
	f.Fuzz(func(t *testing.T, rule, secret, line, other string) {
		got := Fingerprint(rule, secret, line, other)
		if raw, err := hex.DecodeString(got); err != nil || len(raw) != fingerprintSize {
			t.Errorf("%q is not %d bytes in hex", got, fingerprintSize)
		}
		if !strong(secret) && Fingerprint(rule, secret, " "+line+"\n", other) != got && !strings.ContainsFunc(secret+other, unicode.IsSpace) && len(line) < Window {
			t.Error("white space around the line counts")
		}
	})
}
