package formats_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"net/url"
	"testing"
	"unicode/utf16"

	"cofferdam/internal/formats"
)

// For every value and every encoding, wherever it stands in a text: it is found.
func TestLeaksAreFound(t *testing.T) {
	wide := func(v string) string {
		var b []byte
		for _, u := range utf16.Encode([]rune(v)) {
			b = append(b, byte(u>>8), byte(u))
		}
		return string(b)
	}
	quoted := func(v string) string { b, _ := json.Marshal(v); return string(b) }
	encodings := map[string]func(string) string{
		"raw":       func(v string) string { return v },
		"percent":   url.QueryEscape,
		"base64":    func(v string) string { return base64.StdEncoding.EncodeToString([]byte(v)) },
		"inside":    func(v string) string { return base64.StdEncoding.EncodeToString([]byte("ab" + v + "c")) },
		"base64url": func(v string) string { return base64.URLEncoding.EncodeToString([]byte("a" + v + "bc")) },
		"hex":       func(v string) string { return hex.EncodeToString([]byte(v)) },
		"json":      quoted,
		"xml":       html.EscapeString,
		"utf-16":    wide,
	}
	for _, f := range formats.Files(3) {
		for _, v := range f.Values {
			for name, encode := range encodings {
				text := []byte("before " + encode(v.Core) + " behind")
				if name == "percent" && len(v.Core) > 100 {
					continue // of many lines, which are looked for one by one
				}
				if len(formats.Leaks(text, []formats.Value{v})) == 0 {
					t.Errorf("%s: %s in %s is not found", f.Path, v.Name, name)
				}
			}
			if found := formats.Leaks([]byte("before COFFERDAM_SECRET_ABCDEFGHIJKLMNOP behind"), []formats.Value{v}); len(found) > 0 {
				t.Errorf("%s: %q are found in a text without them", f.Path, found)
			}
		}
	}
}
