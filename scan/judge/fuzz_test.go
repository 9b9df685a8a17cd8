package judge_test

import (
	"strings"
	"testing"

	"cofferdam/rules/secret"
	"cofferdam/scan/judge"
)

// For all bytes: the verdict comes, is the same again, gives a reason just where it drops, and takes no value into it.
func FuzzVerdict(f *testing.F) {
	for _, seed := range []struct{ rule, path, secret, before, after string }{
		{"generic-api-key", "a/b.go", "x", `key = "`, `"`},
		{"docker-auth", ".docker/config.json", "dTpw", `"auth": "`, `"`},
		{"quoted-password", "\xff/\x00", "\xff\xfe=", "\n", ""},
		{"url-password", "", "%", "://", "@"},
		{"header-basic", "testdata/a", "====", "Basic ", "\x00"},
		{"quoted-key-list", "go.sum", "0-0-0-0.....(((", "a</b>", ""},
	} {
		f.Add(seed.rule, true, seed.path, seed.secret, seed.before, seed.after)
	}
	f.Fuzz(func(t *testing.T, rule string, guess bool, path, value, before, after string) {
		c := judge.Case{Rule: rule, Guess: guess, Path: path, Secret: value, Before: before, After: after}
		drop, why := judge.Default().Verdict(c)
		if drop != (why != "") {
			t.Fatalf("Verdict = %v, %q", drop, why)
		}
		if again, same := judge.Default().Verdict(c); again != drop || same != why {
			t.Fatalf("Verdict = %v, %q, then %v, %q", drop, why, again, same)
		}
		if len(value) > 30 && strings.Contains(why, value) {
			t.Fatal("the reason has the value in it")
		}
	})
}

// For every template around a value that is no secret: no surroundings make Verdict keep it for long. See BenchmarkVerdict
// for how long it takes on ordinary values; this one is about hostile ones.
func BenchmarkVerdictHostile(b *testing.B) {
	for name, value := range map[string]string{
		"words":    strings.Repeat("passwordsecret", 300),
		"dots":     strings.Repeat("a.", 2000),
		"slashes":  strings.Repeat("/a", 2000),
		"percents": strings.Repeat("%", 4000),
		"digits":   strings.Repeat("1234567890", 400),
	} {
		b.Run(name, func(b *testing.B) { benchmark(b, value) })
	}
}

// The yardstick is one pass over the same bytes that looks for one of two words.
func BenchmarkVerdict(b *testing.B) {
	for name, value := range map[string]string{
		"placeholder": "your-api-key-here",
		"word":        "serviceAccountTokenProvider",
		"password":    "Summer" + "Rain77!",
		"hexadecimal": strings.Repeat("0a9b", 8),
		"random":      "q9Xv" + "T2mLr8Zk" + "W4hNc7Jd",
	} {
		b.Run(name, func(b *testing.B) { benchmark(b, value) })
	}
	b.Run("yardstick", func(b *testing.B) {
		line := `  const serviceToken = "serviceAccountTokenProvider";`
		for b.Loop() {
			if strings.Contains(line, "example") || strings.Contains(line, "changeme") {
				b.Fatal("found")
			}
		}
	})
}

func benchmark(b *testing.B, value string) {
	j := judge.New(secret.Judge())
	c := judge.Case{Rule: "quoted-secret", Guess: true, Path: "pkg/server/handlers/session_store.go", Secret: value, Before: `	const serviceToken = "`, After: `"`}
	b.ReportAllocs()
	for b.Loop() {
		j.Verdict(c)
	}
}
