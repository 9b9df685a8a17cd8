package rules

import (
	"math/rand/v2"
	"strings"
	"testing"

	"cofferdam/internal/need"
)

func compareFileWithGit(t *testing.T, lines ...string) {
	t.Helper()
	g := NewIgnores(NewBudget(1 << 24))
	for _, line := range lines {
		if err := g.Add(line); err != nil {
			return
		}
	}
	want := gitIgnores(t, strings.Join(lines, "\n"), ignorePaths)
	for _, path := range ignorePaths {
		if strings.HasSuffix(path, "/") {
			continue
		}
		if got := g.Match(path); got != want[path] {
			t.Errorf("lines %q, path %q: match %v, git says %v", lines, path, got, want[path])
		}
	}
}

func TestIgnoreFilesMeanWhatGitSays(t *testing.T) {
	need.Program(t, "git")
	for _, file := range []string{
		"*\n!a", "*\n!x/\n!*.log", "d/\n!d/a", "d/*\n!d/a", "d/**\n!d/foo/", "d/**\n!d/foo/\n!d/foo/bar/\n!**/baz", "!a\na", "a\n!a\na",
		"x\n!x/y/z/a", "/*\n!/deep\n/deep/*\n!/deep/a.log", "*.log\n!logs/*", "!!foo", "!#foo", `!\!foo`, "!foo", "foo*\n!foo.txt", "**\n!**/\n!*.c",
		"x/**/a\n!x/a", "x/b/\n!x/b/c", "*b*\n!bb\n!bb/b", "[a-c]\n!b", "a?c\n!ABC", "m/**/o\n!m/o", "logs\n!logs/", "logs/\n!logs",
	} {
		compareFileWithGit(t, strings.Split(file, "\n")...)
	}
}

func TestRandomIgnoreFilesMeanWhatGitSays(t *testing.T) {
	need.Program(t, "git")
	parts := []string{"a", "b", "x", "d", "foo", "bar", "*", "?", "**", "/", "/**/", "/*", "[ab]", "[!b]", ".log", "o", "m", "bb", "deep", "er"}
	random := rand.New(rand.NewPCG(3, 9))
	for range 60 {
		var lines []string
		for range 1 + random.IntN(4) {
			var b strings.Builder
			if random.IntN(3) == 0 {
				b.WriteByte('!')
			}
			for range 1 + random.IntN(4) {
				b.WriteString(parts[random.IntN(len(parts))])
			}
			lines = append(lines, b.String())
		}
		compareFileWithGit(t, lines...)
	}
}

// For every line: what a matcher is skipped for cannot match.
func TestALiteralIsPartOfEveryMatch(t *testing.T) {
	for _, tt := range []struct{ line, path string }{
		{"*.test.js", "a/b.TEST.js"}, {"[ab]cd[ef]", "acdf"}, {"a/**/b", "a/b"}, {"**/x", "x"}, {"/x", "x"}, {`\[a\]`, "[a]"}, {"a[]]b", "a]b"}, {"x/**", "x/y"},
	} {
		g := NewIgnores(NewBudget(1 << 24))
		if err := g.Add(tt.line); err != nil || !g.Match(tt.path) {
			t.Errorf("line %q does not match %q: %v", tt.line, tt.path, err)
		}
	}
}

// A file made to be slow ends in a bounded time, and then matches nothing.
func TestIgnoresAreBounded(t *testing.T) {
	b := NewBudget(1 << 24)
	g := NewIgnores(b)
	for range 200 {
		if err := g.Add(strings.Repeat("*a", 500) + "b"); err != nil {
			t.Fatal(err)
		}
	}
	if err := g.Add("c"); err != nil || !g.Match("c") {
		t.Fatalf("a plain line does not match: %v", err)
	}
	for range 10_000 {
		g.Match(strings.Repeat("ba", 2000))
		if b.Exhausted() {
			break
		}
	}
	if !b.Exhausted() || g.Match("c") {
		t.Errorf("the work is not bounded, or something still matches")
	}
}
