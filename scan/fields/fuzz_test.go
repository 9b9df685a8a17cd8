package fields

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

// checkFields holds of any text: Read gives ErrStructure or fields in order, apart from each other, inside the text, not
// empty, on one line, on the borders of characters, readable in their quotes and with different names.
func checkFields(t testing.TB, f Format, text []byte) {
	t.Helper()
	fields, err := f.Read(text)
	if err != nil {
		if !errors.Is(err, ErrStructure) || fields != nil {
			t.Fatalf("Read as %s = %d fields, %v", f.Name, len(fields), err)
		}
		return
	}
	done := 0
	type place struct {
		key        string
		line, part int
	}
	seen := map[place]bool{}
	for _, field := range fields {
		if field.Start < done || field.End <= field.Start || field.End > len(text) {
			t.Fatalf("%s at %d:%d after %d of %d", field.Key, field.Start, field.End, done, len(text))
		}
		if !utf8.RuneStart(text[field.Start]) || field.End < len(text) && !utf8.RuneStart(text[field.End]) {
			t.Fatalf("%s cuts a character", field.Key)
		}
		raw := string(text[field.Start:field.End])
		if strings.Contains(raw, "\n") {
			t.Fatalf("%s goes over a line end", field.Key)
		}
		if _, ok := Unescape(field.Quote, raw); !ok {
			t.Fatalf("%s is not readable in %v", field.Key, field.Quote)
		}
		if p := (place{field.Key, field.Line, field.Part}); seen[p] {
			t.Fatalf("two fields of the name %s, line %d, part %d", field.Key, field.Line, field.Part)
		} else {
			seen[p] = true
		}
		if !utf8.ValidString(field.Key) && utf8.Valid(text) {
			t.Fatal("a key that is no text")
		}
		done = field.End
	}
}

func fuzz(f *testing.F, paths ...string) {
	for _, r := range corpus(f) {
		format, _ := Of(r.path, "")
		for i, path := range paths {
			if own, _ := Of(path, ""); own.Name == format.Name {
				text, _ := r.expand(1)
				f.Add(i, []byte(text))
			}
		}
	}
	f.Fuzz(func(t *testing.T, which int, text []byte) {
		format, ok := Of(paths[uint(which)%uint(len(paths))], "")
		if !ok {
			t.Fatal("no format")
		}
		checkFields(t, format, text)
	})
}

func FuzzDotenvFieldsAreInside(f *testing.F) { fuzz(f, ".env", ".envrc") }
func FuzzLineFieldsAreInside(f *testing.F) {
	fuzz(f, ".netrc", ".pgpass", ".git-credentials", ".htpasswd", ".yarnrc", "inventory/hosts.ini", "a.properties")
}
func FuzzDirectiveFieldsAreInside(f *testing.F) {
	fuzz(f, "redis.conf", "nginx.conf", "userlist.txt", ".curlrc")
}
func FuzzINIFieldsAreInside(f *testing.F) {
	fuzz(f, ".npmrc", ".pypirc", ".git/config", ".aws/credentials", ".my.cnf", "a.ini")
}
func FuzzJSONFieldsAreInside(f *testing.F) { fuzz(f, "a.json", "secrets.json", ".mcp.json") }
func FuzzYAMLFieldsAreInside(f *testing.F) { fuzz(f, "a.yml", "secrets.yml", ".kube/config") }
func FuzzTOMLFieldsAreInside(f *testing.F) { fuzz(f, "a.toml", "secrets.toml") }
func FuzzXMLFieldsAreInside(f *testing.F)  { fuzz(f, "a.xml", "nuget.config") }
func FuzzHCLFieldsAreInside(f *testing.F)  { fuzz(f, "a.tfvars") }
func FuzzPHPFieldsAreInside(f *testing.F)  { fuzz(f, "wp-config.php") }
