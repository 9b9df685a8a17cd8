package rules

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"cofferdam/internal/need"
)

// gitIgnores asks git which of the paths a .gitignore of the one pattern ignores. A path that ends in a slash is a
// directory; git sees its type in the work tree, so the paths are made there.
func gitIgnores(t *testing.T, pattern string, paths []string) map[string]bool {
	t.Helper()
	dir := t.TempDir()
	git := func(stdin string, args ...string) string {
		cmd := exec.Command("git", append([]string{"-C", dir, "-c", "core.ignorecase=true", "-c", "core.excludesFile=/dev/null"}, args...)...)
		cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=/nonexistent", "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null"}
		cmd.Stdin = strings.NewReader(stdin)
		var errors bytes.Buffer
		cmd.Stderr = &errors
		out, err := cmd.Output()
		if err != nil && errors.Len() > 0 {
			t.Fatalf("git %v: %v: %s", args, err, errors.Bytes())
		}
		return string(out)
	}
	git("", "init", "-q")
	must(t, os.WriteFile(filepath.Join(dir, ".git/info/exclude"), []byte(pattern+"\n"), 0o600))
	for _, path := range paths {
		full := filepath.Join(dir, path)
		if strings.HasSuffix(path, "/") {
			must(t, os.MkdirAll(full, 0o700))
		} else {
			must(t, os.MkdirAll(filepath.Dir(full), 0o700))
			must(t, os.WriteFile(full, nil, 0o600))
		}
	}
	ignored := map[string]bool{}
	var names []string
	for _, path := range paths {
		names = append(names, strings.TrimSuffix(path, "/"))
	}
	for name := range strings.SplitSeq(git(strings.Join(names, "\x00")+"\x00", "check-ignore", "--no-index", "--stdin", "-z"), "\x00") {
		ignored[name] = true
	}
	return ignored
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var ignorePaths = []string{
	"a", "b", "ab", "abc", "Abc.TXT", "x/a", "x/b/", "x/b/c", "x/y/b", "x/y/z/a", "foo", "foo.txt", "foo bar", "foo+bar", "f(o)o", "foo$",
	"^foo", "d/", "d/a", "d/d/d", "d/foo/", "d/foo/bar/baz", "a.b.c", "a-b", "[a]", "a]b", "!foo", "#foo", "foo ", "foo\\bar", "é", "éa",
	"\xffa", "a\nb", "deep/er/and/deep/a.log", "deep/a.log", "logs/", "logs/a.LOG", "q?x", "q*x", "{a,b}", "a|b", "z.", ".z", "..z", "tab\tx",
	"m/n/o", "m/o", "m/n/n/o", "bb/", "bb/b", "~", "a~",
}

func compareWithGit(t *testing.T, pattern string) {
	t.Helper()
	p, err := parseIgnore(pattern)
	if err != nil {
		return
	}
	want := gitIgnores(t, pattern, ignorePaths)
	for _, path := range ignorePaths {
		name, isDir := strings.CutSuffix(path, "/")
		if got := p.match(shiftPath(name), isDir); got != want[name] {
			t.Errorf("pattern %q, path %q: match %v, git says %v", pattern, path, got, want[name])
		}
	}
}

func TestIgnorePatternsMeanWhatGitSays(t *testing.T) {
	need.Program(t, "git")
	for _, pattern := range []string{
		"a", "A", "*.txt", "*.TXT", "abc.txt", "?", "??", "a?c", "[ab]", "[!a]", "[^a]", "[a-c]", "[!a-z]", "[]a]", "[a]]b", "a[]]b", `\[a\]`,
		"[[]a[]]", "[[:alpha:]]", "[[:digit:][:punct:]]*", "[[:space:]]*", "/a", "/x/a", "x/a", "a/", "d/", "/d/", "x/b/", "b/", "**", "**/", "/**",
		"**/a", "**/b/", "**/b/c", "x/**", "x/**/", "x/**/b", "x/**/a", "**/d/**", "d/**/d", "a**", "a**c", "**c", "x/*", "x/*/b", "*/a", "*/*",
		"/*", "*", "*/", "foo+bar", "f(o)o", "foo$", "^foo", "foo bar", `foo\ `, "foo ", `foo\\bar`, `\!foo`, `\#foo`, `\a\b`, "a.b.c", "a|b", "{a,b}",
		"q?x", `q\?x`, `q\*x`, "é", "?a", "[é]", "*.log", "deep/*.log", "deep/**/*.log", "deep/**", "/deep/**/", "m/**/o", "m/**/**/o", "**/**/o", "**/**",
		"z.", ".z", ".*", "..z", "tab\tx", "foo/", "d/foo/", "[a-]", "[-a]", "a[-]b", "[z-a]", "[!]a]*", "[a/]", "x[/]a", "~", "*~", "x//a", "/", "//a", "./a",
		"a/../a", `[\]]`, `a\]b`, "[a-\\c]", "***", "a/***", "x/**b", "x/b**", "/**/b/", "***/a", "bb/b",
	} {
		compareWithGit(t, pattern)
	}
}

func TestRandomIgnorePatternsMeanWhatGitSays(t *testing.T) {
	need.Program(t, "git")
	parts := []string{"a", "b", "c", "x", "d", "foo", "*", "?", "**", "/", "/**/", "**/", "/*", "[ab]", "[!b]", "[a-c]", ".", ".log", `\`, " ", "+", "$", "o", "n", "m", "é", "\xff", "deep"}
	seed := uint64(20260131)
	random := rand.New(rand.NewPCG(seed, seed))
	for range 120 {
		var b strings.Builder
		for range 1 + random.IntN(6) {
			b.WriteString(parts[random.IntN(len(parts))])
		}
		compareWithGit(t, b.String())
	}
}

// What the matcher beneath cannot compile it drops in silence; nothing that parseIgnore accepts may be lost so.
func TestEveryAcceptedPatternMatchesItsOwnLiterals(t *testing.T) {
	for c := 1; c < 256; c++ {
		name := string([]byte{byte(c)})
		if strings.ContainsAny(name, "/\n\r") {
			continue
		}
		p, err := parseIgnore(`\` + name)
		if err != nil {
			t.Fatalf("parseIgnore of escaped %q: %v", name, err)
		}
		if !p.match(shiftPath("x/"+name), false) {
			t.Errorf("escaped %q does not match its own name", name)
		}
	}
}

func FuzzIgnorePatternIsNotDropped(f *testing.F) {
	for _, seed := range []string{"a", "[!a-z]", "**/x", `\[`, "[[:alpha:]-z]"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, pattern string) {
		p, err := parseIgnore(pattern)
		if err != nil {
			return
		}
		if fmt.Sprintf("%v", *p.matcher) == "{[]}" { // {[]}
			t.Errorf("pattern %q was dropped", pattern)
		}
	})
}
