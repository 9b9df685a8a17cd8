package fields

import (
	"strings"
	"testing"
)

func TestUnescape(t *testing.T) {
	for _, test := range []struct {
		quote      Quote
		raw, value string
		ok         bool
	}{
		{Bare, `a\nb`, `a\nb`, true},
		{Single, `a\nb`, `a\nb`, true},
		{Double, `a\n\"\$\\\q`, "a\n\"$\\\\q", true},
		{Double, `a\`, "", false},
		{SourceSingle, `it\'s \n\\`, `it's \n\`, true},
		{SourceDouble, `\$a\t\"`, "$a\t\"", true},
		{JSON, `\u00e9\/\ud83d\ude00\n`, "é/😀\n", true},
		{JSON, `\ud83d`, "", false},
		{JSON, `\x41`, "", false},
		{JSON, `a"b`, "", false},
		{Literal, `123`, `123`, true},
		{Literal, `"COFFERDAM_A_1"`, `COFFERDAM_A_1`, true},
		{YAMLPlain, `a\b`, `a\b`, true},
		{YAMLSingle, `it''s`, `it's`, true},
		{YAMLSingle, `it's`, "", false},
		{YAMLDouble, `\x41\u00e9\U0001F600\e`, "Aé😀\x1b", true},
		{YAMLDouble, `\q`, "", false},
		{TOMLBasic, `\u00e9\"`, `é"`, true},
		{TOMLLiteral, `\u00e9`, `\u00e9`, true},
		{HCL, `$${a} %%{b} \"`, `${a} %{b} "`, true},
		{XMLText, `a&amp;&#x41;&#66;`, `a&AB`, true},
		{XMLText, `&unknown;`, "", false},
		{XMLAttribute, `&quot;`, `"`, true},
		{XMLData, `a&amp;`, `a&amp;`, true},
		{Properties, `\u00e9\:\q`, `é:q`, true},
		{Colons, `a\:b\\`, `a:b\`, true},
		{Git, `\"a\n`, "\"a\n", true},
		{Bare | Percent, `a%40b%`, `a@b%`, true},
		{JSON | Percent, `a%40\u0062`, `a@b`, true},
		{quotes, `a`, "", false},
	} {
		value, ok := Unescape(test.quote, test.raw)
		if ok != test.ok || ok && value != test.value {
			t.Errorf("Unescape(%v, %q) = %q, %v; want %q, %v", test.quote, test.raw, value, ok, test.value, test.ok)
		}
	}
}

func TestEscape(t *testing.T) {
	for _, test := range []struct {
		quote      Quote
		value, raw string
		ok         bool
	}{
		{Bare, "abc-1", "abc-1", true},
		{Bare, "a b", "", false},
		{Bare, "", "", false},
		{Single, "it's", "", false},
		{Double, "a\"$\n", `a\"\$\n`, true},
		{SourceSingle, `it's \`, `it\'s \\`, true},
		{JSON, "é\"\n\u2028", `é\"\n\u2028`, true},
		{Literal, "123", "123", true},
		{Literal, "0123", `"0123"`, true},
		{YAMLPlain, "COFFERDAM_A_1", "COFFERDAM_A_1", true},
		{YAMLPlain, "true", "", false},
		{YAMLPlain, "12345678", "", false},
		{YAMLSingle, "it's", "it''s", true},
		{YAMLBlock, " a", "", false},
		{XMLText, "a<&", "a&lt;&amp;", true},
		{XMLData, "a]]>", "", false},
		{Properties, "é=:", `\u00e9\=\:`, true},
		{Colons, `a:\`, `a\:\\`, true},
		{HCL, "${a}", "$${a}", true},
		{Bare | Percent, "a@b/", "a%40b%2F", true},
		{JSON | Pair, "a;b", "", false},
		{JSON | Pair, "ab1", "ab1", true},
	} {
		raw, ok := Escape(test.quote, test.value)
		if ok != test.ok || ok && raw != test.raw {
			t.Errorf("Escape(%v, %q) = %q, %v; want %q, %v", test.quote, test.value, raw, ok, test.raw, test.ok)
		}
	}
}

// For every quote and value: what Escape gives is read back as the value.
func FuzzEscapeUnescape(f *testing.F) {
	for q := range quotes {
		f.Add(uint16(q), "a\"b'c\\d\ne:${x}%41é")
	}
	f.Add(uint16(JSON|Percent|Pair), "abc")
	f.Fuzz(func(t *testing.T, q uint16, value string) {
		quote := Quote(q)
		if raw, ok := Escape(quote, value); ok {
			if back, ok := Unescape(quote, raw); !ok || back != value {
				t.Fatalf("Escape(%v, %q) = %q, which is read as %q, %v", quote, value, raw, back, ok)
			}
			if strings.ContainsAny(raw, "\n") {
				t.Fatalf("Escape(%v, %q) has a line end", quote, value)
			}
		}
		if value, at, ok := unescape(quote&^flags, value); ok && at != nil && len(at) != len(value)+1 {
			t.Fatal("places do not fit the value")
		}
	})
}
