package fields

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"cofferdam/rules/secret/sample"
)

// realistic is a file of testdata: its template for package sample, where «» mark the secrets, and their keys.
type realistic struct {
	path, template string
	keys           []string
}

func (r realistic) expand(seed uint64) (text string, secrets []sample.Span) {
	return sample.Expand(r.template, seed)
}

// corpus is all files of testdata.
func corpus(t testing.TB) []realistic {
	t.Helper()
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal("no testdata", err)
	}
	var all []realistic
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files := txtar.Parse(data).Files
		for i := 0; i+1 < len(files); i += 2 {
			if files[i+1].Name != files[i].Name+" keys" {
				t.Fatalf("%s: %s has no keys", name, files[i].Name)
			}
			all = append(all, realistic{files[i].Name, string(files[i].Data), strings.Split(strings.TrimSpace(string(files[i+1].Data)), "\n")})
		}
	}
	return all
}

const seeds = 5

func eachFile(t *testing.T, visit func(t *testing.T, r realistic, f Format, text string, secrets []sample.Span)) {
	for _, r := range corpus(t) {
		t.Run(r.path, func(t *testing.T) {
			f, ok := Of(r.path, "")
			if !ok {
				t.Fatal("no format")
			}
			if unknown := sample.Unknown(r.template); len(unknown) > 0 {
				t.Fatal("not in package sample:", unknown)
			}
			for seed := range uint64(seeds) {
				text, secrets := r.expand(seed)
				visit(t, r, f, text, secrets)
			}
		})
	}
}

func TestSecretsOfRealisticFiles(t *testing.T) {
	if n := len(corpus(t)); n < 60 {
		t.Errorf("%d files, want 60", n)
	}
	eachFile(t, func(t *testing.T, r realistic, f Format, text string, secrets []sample.Span) {
		fields, err := f.Read([]byte(text))
		if err != nil {
			t.Fatalf("Read as %s: %v", f.Name, err)
		}
		for _, s := range secrets {
			for _, got := range fields {
				if value := text[s.Start:s.End]; len(value) >= 8 && strings.Contains(got.Key, value) {
					t.Error("a key has a secret in it")
				}
			}
		}
		var keys []string
		for _, got := range secretsOf(fields) {
			keys = append(keys, got.Key)
			if len(secrets) == 0 {
				t.Fatalf("%s is a secret and should not be, at %s", got.Key, line(text, got.Start))
			}
			want := secrets[0]
			secrets = secrets[1:]
			if got.Start != want.Start || got.End != want.End {
				t.Fatalf("%s at %d:%d, want %d:%d, at %s", got.Key, got.Start, got.End, want.Start, want.End, line(text, min(got.Start, want.Start)))
			}
		}
		if len(secrets) > 0 {
			t.Fatalf("a secret was not found, at %s", line(text, secrets[0].Start))
		}
		if got, want := len(keys), len(r.keys); got != want && !(got == 0 && r.keys[0] == "") {
			t.Fatalf("keys %q, want %q", keys, r.keys)
		}
		for i, key := range keys {
			if !like(r.keys[i], key) {
				t.Errorf("key %q, want %q", key, r.keys[i])
			}
		}
	})
}

func secretsOf(fields []Field) (secrets []Field) {
	for _, f := range fields {
		if f.Secret {
			secrets = append(secrets, f)
		}
	}
	return secrets
}

// line is the line at a place, which is made up.
func line(text string, at int) string {
	start := strings.LastIndexByte(text[:at], '\n') + 1
	rest, _, _ := strings.Cut(text[start:], "\n")
	return fmt.Sprintf("%.100q", rest)
}

// like reports whether key is as pattern says, in which * is anything.
func like(pattern, key string) bool {
	parts := strings.Split(pattern, "*")
	if !strings.HasPrefix(key, parts[0]) {
		return false
	}
	for i, part := range parts {
		at := strings.Index(key, part)
		if at < 0 || i == len(parts)-1 && !strings.HasSuffix(key, part) {
			return false
		}
		key = key[at+len(part):]
		if i == len(parts)-2 && parts[i+1] == "" {
			return true
		}
	}
	return true
}
