package sample

import (
	"encoding/base64"
	"encoding/pem"
	"regexp"
	"strings"
	"testing"
)

func TestExpand(t *testing.T) {
	tests := []struct{ template, want string }{
		{"plain", `plain`},
		{"{{hex:40}}", `[0-9a-f]{40}`},
		{"{{HEX:8}}-{{lower:3}}-{{upper:4}}", `[0-9A-F]{8}-[a-z]{3}-[A-Z]{4}`},
		{"{{digits:12}}", `[1-9][0-9]{11}`},
		{"{{alnum:20-40}}", `[0-9A-Za-z]{20,40}`},
		{"{{base64:44}}", `[0-9A-Za-z+/]{43}=`},
		{"{{base64:88}}", `[0-9A-Za-z+/]{86}==`},
		{"{{base64:40}}", `[0-9A-Za-z+/]{40}`},
		{"{{base64url:43}}{{base32:16}}", `[\w-]{43}[A-Z2-7]{16}`},
		{"{{of:A:B:6}}", `[A:B]{6}`},
		{"{{uuid}} {{UUID}}", `[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12} [0-9A-F]{8}-.*`},
		{"{{word}} {{host}} {{email}}", `[a-z]+ [a-z]+(\.[a-z]+){2} [a-z.]+@[a-z.]+`},
		{"{{jwt}}", `eyJ[\w-]+\.eyJ[\w-]+\.[\w-]{43}`},
		{"{{b64:user:{{lower:3}}}}", base64.StdEncoding.EncodeToString([]byte("user:"))[:6] + `[0-9A-Za-z]+={0,2}`},
		{"{{raw:{{ x }}}}{{raw:}}", `\{\{ x \}\}`},
		{"${{ secrets.X }} {{ .Values.x }} {{", `\$\{\{ secrets\.X \}\} \{\{ \.Values\.x \}\} \{\{`},
		{"{{check:github:ghp_}}", `ghp_[0-9A-Za-z]{36}`},
		{"{{check:atlassian:ATATT3xFfGF0}}", `ATATT3[\w=-]{186}`},
		{"{{check:bech32:AGE-SECRET-KEY-1}}", `AGE-SECRET-KEY-1[A-Z0-9]{58}`},
		{"{{check:discord:}}", `[A-Za-z0-9_-]{24}\.[\w-]{6}\.[\w-]{38}`},
	}
	for _, test := range tests {
		t.Run(test.template, func(t *testing.T) {
			want := regexp.MustCompile(`^(?:` + test.want + `)$`)
			for seed := range uint64(50) {
				if got, _ := Expand(test.template, seed); !want.MatchString(got) {
					t.Fatalf("Expand(%q, %d) = %q, want %s", test.template, seed, got, want)
				}
			}
			if unknown := Unknown(test.template); len(unknown) > 0 {
				t.Errorf("Unknown(%q) = %q, want none", test.template, unknown)
			}
		})
	}
}

func TestSameSeedSameText(t *testing.T) {
	const template = "a={{alnum:20}} b={{password}} c={{uuid}}"
	first, _ := Expand(template, 1)
	again, _ := Expand(template, 1)
	other, _ := Expand(template, 2)
	if first != again || first == other {
		t.Errorf("seed 1 gives %q and %q, seed 2 %q", first, again, other)
	}
}

func TestMarks(t *testing.T) {
	text, secrets := Expand("a «{{hex:4}}» b «x»", 1)
	if len(secrets) != 2 || secrets[0] != (Span{2, 6}) || text[secrets[1].Start:secrets[1].End] != "x" || strings.Contains(text, "«") {
		t.Errorf("Expand = %q, %v", text, secrets)
	}
}

func TestPath(t *testing.T) {
	tests := []struct{ template, path, rest string }{
		{"a=1", "example.txt", "a=1"},
		{"@path conf/.env\na=1\n", "conf/.env", "a=1\n"},
		{"@path x", "x", ""},
	}
	for _, test := range tests {
		if path, rest := Path(test.template); path != test.path || rest != test.rest {
			t.Errorf("Path(%q) = %q, %q, want %q, %q", test.template, path, rest, test.path, test.rest)
		}
	}
}

func TestUnknown(t *testing.T) {
	for _, template := range []string{"{{alnm:20}}", "{{alnum}}", "{{alnum:x}}", "{{alnum:5-2}}", "{{alnum:99999999}}", "{{check:none:x}}", "{{word:3}}", "«x", "x»", "««x»", "{{b64:{{nope}}}}"} {
		if len(Unknown(template)) == 0 {
			t.Errorf("Unknown(%q) is empty", template)
		}
	}
}

func TestBlocks(t *testing.T) {
	for _, kind := range []string{"RSA PRIVATE KEY", "EC PRIVATE KEY", "PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "OPENSSH PRIVATE KEY", "DSA PRIVATE KEY"} {
		text, _ := Expand("{{pem:"+kind+"}}", 1)
		if block, rest := pem.Decode([]byte(text + "\n")); block == nil || block.Type != kind || len(rest) > 0 {
			t.Errorf("a block of type %s does not decode", kind)
		}
	}
	if text, _ := Expand("{{pem:PGP PRIVATE KEY BLOCK}}", 1); !regexp.MustCompile(`(?s)^-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n.*\n=\w{4}\n-----END`).MatchString(text) {
		t.Errorf("a PGP block is %.80q", text)
	}
}

// For every template and seed: Expand ends, and every span lies inside the text, in order.
func FuzzExpand(f *testing.F) {
	f.Add("a «{{hex:4}}» {{b64:{{word}}}}", uint64(1))
	f.Add("{{{{}}}}«««»", uint64(2))
	f.Fuzz(func(t *testing.T, template string, seed uint64) {
		text, secrets := Expand(template, seed)
		for _, s := range secrets {
			if s.Start < 0 || s.End < s.Start || s.End > len(text) {
				t.Fatalf("span %v of a text of %d bytes", s, len(text))
			}
		}
	})
}
