package fields

import (
	"bytes"
	"strings"
	"testing"
)

// hostile is texts that parsers have drowned in, of a million bytes or so.
var hostile = map[string]func(n int) string{
	"braces":          func(n int) string { return strings.Repeat("{", n) },
	"brackets":        func(n int) string { return strings.Repeat("[", n) },
	"dashes":          func(n int) string { return strings.Repeat("- ", n/2) },
	"quotes":          func(n int) string { return strings.Repeat(`"`, n) },
	"backslashes":     func(n int) string { return strings.Repeat(`\`, n) },
	"blanks":          func(n int) string { return "a: b" + strings.Repeat(" ", n) + "c" },
	"colons":          func(n int) string { return strings.Repeat("a:", n/2) },
	"equals":          func(n int) string { return "password" + strings.Repeat("=", n) },
	"slashes":         func(n int) string { return "a=" + strings.Repeat("://", n/3) },
	"ats":             func(n int) string { return "a=x://" + strings.Repeat("a:b@", n/4) },
	"dollars":         func(n int) string { return "a=" + strings.Repeat("${", n/2) },
	"defaults":        func(n int) string { return "a=" + strings.Repeat("${A:-", n/5) + strings.Repeat("}", n/5) },
	"templates":       func(n int) string { return "a: " + strings.Repeat("{{", n/2) },
	"erb":             func(n int) string { return "a: " + strings.Repeat("<% ", n/3) },
	"elements":        func(n int) string { return strings.Repeat("<a>", n/3) },
	"attributes":      func(n int) string { return "<a " + strings.Repeat(`b="c" `, n/6) + "/>" },
	"comments":        func(n int) string { return strings.Repeat("# password: abcdefgh\n", n/21) },
	"open quotes":     func(n int) string { return strings.Repeat("A=\"\n", n/4) },
	"open and closed": func(n int) string { return strings.Repeat("A=\"'\n", n/5) },
	"assignments":     func(n int) string { return strings.Repeat("PASSWORD=abcdefgh\n", n/18) },
	"settings":        func(n int) string { return strings.Repeat("password: abcdefgh\n", n/19) },
	"same name":       func(n int) string { return "{" + strings.Repeat(`"password":"abcdefgh",`, n/22) + `"a":1}` },
	"long name": func(n int) string {
		return "{\"" + strings.Repeat("a", n/2) + "\":{" + strings.Repeat(`"b":1,`, n/12) + `"c":1}}`
	},
	"deep names": func(n int) string {
		return strings.Repeat(`{"aaaaaaaaaa":`, 150) + "[" + strings.Repeat("1,", n/2) + "1]" + strings.Repeat("}", 150)
	},
	"anchors":       func(n int) string { return "a: &a b\nb: [" + strings.Repeat("*a, ", n/4) + "*a]\n" },
	"flow":          func(n int) string { return "[" + strings.Repeat("é, ", n/4) + "a]" },
	"keys":          func(n int) string { return strings.Repeat("? a\n", n/4) },
	"block":         func(n int) string { return "a: |\n" + strings.Repeat("  b c d\n", n/8) },
	"folded":        func(n int) string { return "a: >\n" + strings.Repeat("  b c d\n", n/8) },
	"plain lines":   func(n int) string { return "a: b\n" + strings.Repeat("  b c d\n", n/8) },
	"quoted lines":  func(n int) string { return "a: \"b\n" + strings.Repeat("  b c d\n", n/8) + "  \"" },
	"documents":     func(n int) string { return strings.Repeat("---\n", n/4) },
	"pem":           func(n int) string { return "a: |\n" + strings.Repeat("  -----BEGIN RSA PRIVATE KEY-----\n", n/34) },
	"pem in a line": func(n int) string { return `{"a":"` + strings.Repeat(`-----BEGIN RSA PRIVATE KEY-----`, n/31) + `"}` },
	"bearers":       func(n int) string { return "a=" + strings.Repeat("bearer ", n/7) },
	"tables":        func(n int) string { return strings.Repeat("[[a]]\nb=1\n", n/10) },
	"dotted":        func(n int) string { return strings.Repeat("a.", n/2) + "b=1" },
	"heredocs":      func(n int) string { return strings.Repeat("a = <<EOF\n", n/10) },
	"sections":      func(n int) string { return strings.Repeat("[password \"x://a:b@c\"]\na=b\n", n/26) },
	"kinds":         func(n int) string { return strings.Repeat("---\nkind: Secret\ndata: {a: b}\n", n/30) },
	"sensitive": func(n int) string {
		return `{"attributes":{` + strings.Repeat(`"a":"b",`, n/8) + `"c":1},"sensitive_attributes":[{"value":"a"}]}`
	},
	"lists":           func(n int) string { return "[" + strings.Repeat(`"--token","a",`, n/14) + `1]` },
	"pairs":           func(n int) string { return "a=" + strings.Repeat("password=x;", n/11) },
	"pairs of blanks": func(n int) string { return "a=" + strings.Repeat("password=x ", n/11) },
	"options":         func(n int) string { return "a=" + strings.Repeat("--password x ", n/13) },
	"entities":        func(n int) string { return "<a>" + strings.Repeat("&amp;", n/5) + "</a>" },
	"strings":         func(n int) string { return "<?php " + strings.Repeat("define('PASSWORD','x');", n/23) },
	"machines":        func(n int) string { return strings.Repeat("machine a password b\n", n/21) },
	"continued":       func(n int) string { return "password=a" + strings.Repeat("\\\n b", n/4) },
}

// hostileFormats is a name for every lexer.
var hostileFormats = []string{
	".env", ".envrc", ".netrc", ".pgpass", ".git-credentials", ".htpasswd", ".yarnrc", "redis.conf", "nginx.conf", ".curlrc", "inventory", "a.properties", "a.ini", ".git/config", ".npmrc",
	"terraform.tfstate", ".mcp.json", "a.yml", "a.toml", "a.xml", "a.tfvars", "wp-config.php",
}

// For every hostile text and format: the fields are fields, at a size that shows crashes and not time.
func TestHostileTexts(t *testing.T) {
	for name, text := range hostile {
		t.Run(name, func(t *testing.T) {
			for _, path := range hostileFormats {
				f, _ := Of(path, "")
				checkFields(t, f, []byte(text(20_000)))
			}
		})
	}
}

// Compare with BenchmarkYardstick, which takes the lines of as many bytes apart.
func BenchmarkHostile(b *testing.B) {
	for name, text := range hostile {
		for _, path := range hostileFormats {
			f, _ := Of(path, "")
			long := []byte(text(1_000_000))
			b.Run(name+"/"+path, func(b *testing.B) {
				b.SetBytes(int64(len(long)))
				for b.Loop() {
					f.Read(long)
				}
			})
		}
	}
}

func BenchmarkYardstick(b *testing.B) {
	text := []byte(hostile["assignments"](1_000_000))
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		for line := range bytes.SplitSeq(text, []byte("\n")) {
			bytes.Cut(line, []byte("="))
		}
	}
}
