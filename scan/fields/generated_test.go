package fields

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"
	"gopkg.in/yaml.v3"
)

// canary is in every secret that is made up here, again and again, and nowhere else.
const canary = "Zq7"

// awkward is a value with everything in it that a format may trip over.
func awkward(r *rand.Rand, lines bool) string {
	const marks = ` "'\#:;{}[]|>-?,=&*!@%~()<é😀` + "`"
	var b strings.Builder
	b.WriteString(canary)
	for range 1 + r.IntN(12) {
		switch n := r.IntN(10); {
		case n < 3:
			b.WriteString(canary)
		case n == 9 && lines:
			b.WriteString("\n" + strings.Repeat(" ", r.IntN(3)) + canary)
		default:
			runes := []rune(marks)
			b.WriteRune(runes[r.IntN(len(runes))])
		}
	}
	return b.String() + canary
}

// tree is random names and values; those of the name password are awkward.
func tree(r *rand.Rand, depth int) any {
	switch n := r.IntN(8); {
	case depth > 0 && n < 4 || depth == 4:
		m := map[string]any{}
		for range 1 + r.IntN(4) {
			m[[]string{"host", "Ünit", "a b", "x: y", "list", "nested"}[r.IntN(6)]] = tree(r, depth-1)
		}
		for i := range r.IntN(3) {
			m[[]string{"password", "db_password", "user-password"}[i]] = awkward(r, true)
		}
		return m
	case depth > 0 && n == 4:
		return []any{tree(r, depth-1), tree(r, 0), map[string]any{"password": awkward(r, true)}}
	case n == 5:
		return r.IntN(100)
	case n == 6:
		return true
	}
	return []string{"plain", "with: colon", "multi\nline\n", "", "#no comment", "it's", `say "hi"`}[r.IntN(7)]
}

// For every tree of values that a library writes: Read understands it, and no secret is left in what is redacted.
func TestNoSecretIsLeftInWhatLibrariesWrite(t *testing.T) {
	writers := map[string]func(v any, r *rand.Rand) ([]byte, error){
		"a.json": func(v any, r *rand.Rand) ([]byte, error) {
			var b bytes.Buffer
			encoder := json.NewEncoder(&b)
			encoder.SetEscapeHTML(r.IntN(2) == 0)
			if r.IntN(2) == 0 {
				encoder.SetIndent("", "  ")
			}
			err := encoder.Encode(v)
			return b.Bytes(), err
		},
		"a.yaml": func(v any, r *rand.Rand) ([]byte, error) {
			var node yaml.Node
			if err := node.Encode(v); err != nil {
				return nil, err
			}
			restyle(&node, r)
			var b bytes.Buffer
			encoder := yaml.NewEncoder(&b)
			encoder.SetIndent(2 + r.IntN(3))
			err := encoder.Encode(&node)
			return b.Bytes(), err
		},
		"a.toml": func(v any, r *rand.Rand) ([]byte, error) {
			var b bytes.Buffer
			encoder := toml.NewEncoder(&b)
			encoder.SetTablesInline(r.IntN(2) == 0)
			encoder.SetArraysMultiline(r.IntN(2) == 0)
			err := encoder.Encode(v)
			return b.Bytes(), err
		},
		"a.xml": func(v any, r *rand.Rand) ([]byte, error) {
			var b bytes.Buffer
			b.WriteString("<root>")
			writeXML(&b, v, r)
			b.WriteString("</root>")
			return b.Bytes(), nil
		},
	}
	for path, write := range writers {
		t.Run(path, func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 2))
			secrets, refused := 0, 0
			for i := range 400 {
				text, err := write(tree(r, 4), r)
				if err != nil {
					t.Fatal(err)
				}
				f, _ := Of(path, "")
				fields, err := f.Read(text)
				if errors.Is(err, ErrStructure) {
					refused++
					if testing.Verbose() && refused < 4 {
						t.Logf("tree %d: %v\n%s", i, err, text)
					}
					continue
				}
				redacted, _ := redact(t, string(text), fields)
				if at := strings.Index(redacted, canary); at >= 0 {
					t.Fatalf("tree %d: a part of a secret is left:\n%s\n%s", i, redacted[max(0, at-100):min(len(redacted), at+100)], text)
				}
				secrets += len(secretsOf(fields))
			}
			// The library writes some values in a way that it does not read back itself.
			if secrets < 500 || refused > 8 {
				t.Errorf("%d secrets, %d of 400 texts not understood", secrets, refused)
			}
		})
	}
}

// restyle gives scalars and collections any style that they may have.
func restyle(n *yaml.Node, r *rand.Rand) {
	if n.Kind == yaml.ScalarNode && n.Tag == "!!str" {
		n.Style = []yaml.Style{0, yaml.DoubleQuotedStyle, yaml.SingleQuotedStyle, yaml.LiteralStyle, yaml.FoldedStyle}[r.IntN(5)]
	} else if n.Kind != yaml.ScalarNode && r.IntN(4) == 0 {
		n.Style = yaml.FlowStyle
	}
	for _, child := range n.Content {
		restyle(child, r)
	}
}

func writeXML(b *bytes.Buffer, v any, r *rand.Rand) {
	switch v := v.(type) {
	case map[string]any:
		for name, value := range v {
			name = strings.NewReplacer(" ", "-", ":", "").Replace(name)
			if text, ok := value.(string); ok && r.IntN(2) == 0 {
				fmt.Fprintf(b, "<%s value=\"", name)
				xml.EscapeText(b, []byte(text))
				b.WriteString("\"/>\n")
				continue
			}
			fmt.Fprintf(b, "<%s>", name)
			writeXML(b, value, r)
			fmt.Fprintf(b, "</%s>\n", name)
		}
	case []any:
		for _, item := range v {
			b.WriteString("<item>")
			writeXML(b, item, r)
			b.WriteString("</item>")
		}
	case string:
		if r.IntN(3) == 0 && !strings.Contains(v, "]]>") {
			b.WriteString("<![CDATA[" + v + "]]>")
			return
		}
		xml.EscapeText(b, []byte(v))
	default:
		fmt.Fprint(b, v)
	}
}

// For every value that can be written in the quotes of a line format: nothing of it is left.
func TestNoSecretIsLeftInLines(t *testing.T) {
	// What stands in the way of a format is left out; some of it is left out of awkward values.
	const quoted, word = "quoted", "word"
	without := map[string]string{quoted: "'\"$", word: " "}
	for _, test := range []struct{ path, format, how string }{
		{".env", "A=1\nPASSWORD=%s\nB=2\n", ""}, {".env", "A=1\nexport PASSWORD=\"%s\" # text\nB=2\n", ""}, {".env", "A=1\nPASSWORD='%s'\nB=2\n", ""}, {".env", "A=1\n#PASSWORD=%s\nB=2\n", ""},
		{".envrc", "A=1\nPASSWORD=%s\n", ""}, {"a.ini", "[a]\npassword = %s\nb = c\n", ""}, {"a.ini", "[a]\npassword = \"%s\"\nb = c\n", ""}, {"a.ini", "[a]\n; password = %s\nb = c\n", ""},
		{".npmrc", "//h/:_authToken=%s\n", ""}, {".git/config", "[a]\n\tpassword = %s\n\tb = c\n", ""}, {".git/config", "[a]\n\tpassword = \"%s\"\n\tb = c\n", ""}, {".aws/credentials", "[a]\naws_secret_access_key=%s\n", ""},
		{"a.properties", "a=b\npassword=%s\nc=d\n", ""}, {"a.properties", "a=b\n  password : %s\n", ""}, {"a.properties", "#password=%s\na=b\n", ""}, {".netrc", "machine a login b password %s\n", word},
		{".pgpass", "a:1:b:c:%s\n", ""}, {".htpasswd", "me:%s\n", ""}, {".git-credentials", "https://me:%s@host\n", ""}, {".yarnrc", "\"password\" \"%s\"\n", ""}, {".yarnrc", "password %s\n", ""},
		{"inventory", "host ansible_password='%s' a=b\n", quoted}, {"inventory", "host ansible_password=%s\n", word}, {"a.tfvars", "a = 1\npassword = \"%s\"\n", quoted}, {"a.tfvars", "password = <<EOF\n%s\nEOF\n", quoted},
		{"wp-config.php", "<?php\ndefine('DB_PASSWORD', '%s');\n", quoted}, {"wp-config.php", "<?php\n$password = \"%s\";\n", quoted}, {"wp-config.php", "<?php\nreturn ['password' => '%s', 'b' => 'c'];\n", quoted},
	} {
		t.Run(test.path+" "+strings.TrimSpace(test.format), func(t *testing.T) {
			r := rand.New(rand.NewPCG(3, 4))
			understood := 0
			for range 400 {
				value := strings.Map(func(c rune) rune {
					if strings.ContainsRune(without[test.how], c) {
						return -1
					}
					return c
				}, awkward(r, false))
				text := fmt.Sprintf(test.format, value)
				f, _ := Of(test.path, "")
				fields, err := f.Read([]byte(text))
				if err != nil {
					continue
				}
				understood++
				redacted, _ := redact(t, text, fields)
				if strings.Contains(redacted, canary) {
					t.Errorf("a part of a secret is left: %q of %q", redacted, text)
				}
			}
			if understood < 20 {
				t.Errorf("%d of 400 texts understood", understood)
			}
		})
	}
}
