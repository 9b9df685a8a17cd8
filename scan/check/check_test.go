package check

import (
	"slices"
	"strings"
	"testing"

	"cofferdam/rules/secret/sample"
)

// What a check's documentation, or the software that makes the tokens, gives as an example; written in parts, so that no
// scanner takes them for real.
func TestPublishedVectors(t *testing.T) {
	tests := []struct{ name, secret string }{
		{"github", "ghp_" + "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ" + "0mLq17"},
		{"grafana", "glsa_" + "yscW25imSKJIuav8zF37RZmnbiDvB05G" + "_fcaaf58a"},
		{"bech32", "AGE-SECRET-KEY-" + "1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZ" + "GFPYYSJZGFPYYSJZGFPQ4EGAEX"},
		{"base58check", "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZ" + "yd4dZ1jvhTVqvbTLvyTJ"},
		{"base58check", "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiCh" + "kVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi"},
		{"jwt", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9" + ".eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ" + ".SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if ok, known := Valid(test.name, test.secret); !ok || !known {
				t.Errorf("Valid(%s, published example) = %t, %t, want true, true", test.name, ok, known)
			}
		})
	}
}

var made = []struct{ name, template string }{
	{"github", "{{check:github:ghp_}}"},
	{"github", "{{check:github:gho_}}"},
	{"npm", "{{check:npm:npm_}}"},
	{"gitlab-routable", "{{check:gitlab:glpat-}}"},
	{"gitlab-routable", "{{check:gitlab1:glrt-t1_}}"},
	{"atlassian", "{{check:atlassian:ATATT3xFfGF0}}"},
	{"atlassian", "{{check:bitbucket:ATBB}}"},
	{"grafana", "{{check:grafana:glsa_}}"},
	{"bech32", "{{check:bech32:AGE-SECRET-KEY-1}}"},
	{"bech32", "{{check:bech32:nsec1}}"},
	{"base58check", "{{check:wif:}}"},
	{"base58check", "{{check:xprv:}}"},
	{"stellar", "{{check:stellar:}}"},
	{"nats", "{{check:nats:}}"},
}

// For every kind with a checksum: a token that is made right passes, one with a character changed does not.
func TestChecksums(t *testing.T) {
	for _, test := range made {
		t.Run(test.template, func(t *testing.T) {
			for seed := range uint64(40) {
				right, _ := sample.Expand(test.template, seed)
				wrong, _ := sample.Expand(strings.Replace(test.template, "{{check", "{{badcheck", 1), seed)
				if ok, _ := Valid(test.name, right); !ok {
					t.Fatalf("seed %d: a right token does not pass", seed)
				}
				if ok, _ := Valid(test.name, wrong); ok {
					t.Fatalf("seed %d: a wrong token passes", seed)
				}
			}
		})
	}
}

var structures = []struct {
	name, template string
	want           bool
}{
	{"atlassian-dc", "{{check:atlassiandc:}}", true},
	{"atlassian-dc", "{{check:atlassiandc:BBDC-}}", true},
	{"atlassian-dc", "{{b64:123456789012:abcdefghijklmnopqrst}}", false},
	{"atlassian-dc", "{{base64:44}}", false},
	{"aws-access-key", "{{check:aws:AKIA}}", true},
	{"aws-access-key", "AKIAI{{base32:15}}", true},
	{"aws-access-key", "AKIA7777{{base32:12}}", false},
	{"aws-access-key", "AKIAIOSFODNN7" + "EXAMPLE", false},
	{"bytes-32", "{{base64:44}}", true},
	{"bytes-32", "{{base64url:42}}A", true},
	{"bytes-32", "{{base64:40}}", false},
	{"bytes-64", "{{base64:88}}", true},
	{"bytes-64", "{{base64:44}}", false},
	{"discord", "{{check:discord:}}", true},
	{"discord", "{{alnum:24}}.{{alnum:6}}.{{alnum:38}}", false},
	{"jfrog-reference", "{{check:jfrog:}}", true},
	{"jfrog-reference", "cmVmd{{alnum:59}}", false},
	{"jwt", "{{jwt}}", true},
	{"jwt", "{{jwt:RS256}}", true},
	{"jwt", "{{b64:{\"typ\":\"JWT\"}}}.{{b64:{}}}.{{base64url:43}}", false},
	{"jwt", "eyJ{{alnum:30}}.eyJ{{alnum:40}}.{{alnum:43}}", false},
	{"pem", "{{pem:RSA PRIVATE KEY}}", true},
	{"pem", "{{pem:EC PRIVATE KEY}}", true},
	{"pem", "{{pem:PRIVATE KEY}}", true},
	{"pem", "{{pem:ENCRYPTED PRIVATE KEY}}", true},
	{"pem", "{{pem:OPENSSH PRIVATE KEY}}", true},
	{"pem", "{{pem:PGP PRIVATE KEY BLOCK}}", true},
	{"pem", "{{pem:CERTIFICATE}}", false},
	{"pem", "-----BEGIN PRIVATE KEY-----\n{{base64:64}}\n-----END PRIVATE KEY-----", false},
	{"pypi", "{{check:pypi:pypi.org}}", true},
	{"pypi", "{{check:pypi:test.pypi.org}}", true},
	{"pypi", "pypi-AgE{{alnum:120}}", false},
	{"secp256k1", "{{check:secp256k1:}}", true},
	{"secp256k1", "{{check:secp256k1:0x}}", true},
	{"secp256k1", "0x0000000000000000000000000000000000000000000000000000000000000001", false},
	{"secp256k1", "ffffffffffffffffffffffffffffffff{{hex:32}}", false},
	{"secp256k1", "{{of:ab:64}}", false},
	{"solana", "{{check:solana:}}", true},
	{"solana", "{{base58:60}}", false},
}

func TestStructures(t *testing.T) {
	for _, test := range structures {
		t.Run(test.name+" "+test.template, func(t *testing.T) {
			for seed := range uint64(20) {
				secret, _ := sample.Expand(test.template, seed)
				if ok, known := Valid(test.name, secret); ok != test.want || !known {
					t.Fatalf("seed %d: Valid = %t, %t, want %t, true", seed, ok, known, test.want)
				}
			}
		})
	}
}

func TestEscapedPEM(t *testing.T) {
	text, _ := sample.Expand("{{pem:PRIVATE KEY}}", 1)
	if ok, _ := Valid("pem", strings.ReplaceAll(text, "\n", `\n`)); !ok {
		t.Error("a block with escaped line ends does not pass")
	}
}

func TestEveryCheckIsTried(t *testing.T) {
	var tried []string
	for _, m := range made {
		tried = append(tried, m.name)
	}
	for _, m := range structures {
		tried = append(tried, m.name)
	}
	for _, name := range Names() {
		if !slices.Contains(tried, name) {
			t.Errorf("check %s has no test", name)
		}
	}
}

func TestUnknownCheck(t *testing.T) {
	if ok, known := Valid("no-such-check", "x"); ok || known {
		t.Errorf("Valid(no-such-check) = %t, %t, want false, false", ok, known)
	}
}

// For every check and text: it ends without a panic, and says the same again.
func FuzzValid(f *testing.F) {
	for _, m := range made {
		text, _ := sample.Expand(m.template, 1)
		f.Add(text)
	}
	f.Add("-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----")
	f.Add("a.b.c")
	f.Add("1")
	f.Add("")
	f.Fuzz(func(t *testing.T, secret string) {
		for _, name := range Names() {
			first, _ := Valid(name, secret)
			if again, known := Valid(name, secret); again != first || !known {
				t.Fatalf("%s: Valid is not the same twice", name)
			}
		}
	})
}
