package patch

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestQuote(t *testing.T) {
	for _, tt := range []struct{ name, want string }{
		{"a b", "a b"},
		{"a\tb", `"a\tb"`},
		{`say "hi"`, `"say \"hi\""`},
		{"back\\slash", `"back\\slash"`},
		{"caf\u00e9", `"caf\303\251"`},
		{"\x7f\x00\x1b", `"\177\000\033"`},
	} {
		if got := Quote(tt.name); got != tt.want {
			t.Errorf("Quote(%q) = %s, want %s", tt.name, got, tt.want)
		}
	}
}

// Every byte that can stand in a name is quoted as git quotes it.
func TestQuoteAsGit(t *testing.T) {
	dir := t.TempDir()
	git(t, dir, nil, "init", "--quiet", "--bare", ".")
	var index, want strings.Builder
	for c := 1; c < 256; c++ {
		if c == '/' {
			continue
		}
		name := string([]byte{'n', byte(c), 'e'})
		fmt.Fprintf(&index, "100644 %040x\t%s\x00", 1, name)
		want.WriteString(Quote(name) + "\n")
	}
	git(t, dir, []byte(index.String()), "--git-dir="+filepath.Clean(dir), "update-index", "-z", "--index-info")
	if diff := cmp.Diff(git(t, dir, nil, "ls-files"), want.String()); diff != "" {
		t.Errorf("-git +got\n%s", diff)
	}
}

// A quoted name is one line of printable ASCII, and nothing of the name is lost. Go reads git's escapes as git does.
func FuzzQuoteRoundTrip(f *testing.F) {
	f.Add("a b")
	f.Add("\x00\n\"\\\xff\u202e")
	f.Fuzz(func(t *testing.T, name string) {
		for _, quoted := range []string{Quote(name), alwaysQuote(name)} {
			for _, c := range []byte(quoted) {
				if c < ' ' || c >= 0x7f {
					t.Fatalf("%q is quoted as %q", name, quoted)
				}
			}
			got := quoted
			if strings.HasPrefix(quoted, `"`) {
				var err error
				if got, err = strconv.Unquote(quoted); err != nil {
					t.Fatalf("unquote %s: %v", quoted, err)
				}
			}
			if got != name {
				t.Fatalf("%q is quoted as %s, which is %q", name, quoted, got)
			}
		}
	})
}
