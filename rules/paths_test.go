package rules

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"cofferdam/rules/internal/source"
	"cofferdam/workspace"
)

func readSource(t *testing.T) []source.File {
	t.Helper()
	files, err := source.Read(os.DirFS("data"))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestGeneratedTextIsUpToDate(t *testing.T) {
	if got := source.Flatten(readSource(t)); string(got) != defaultText {
		t.Error("paths.txt is not what data makes it: run go generate ./rules")
	}
}

// An example that ends in a slash is a directory.
func TestExamples(t *testing.T) {
	for _, f := range readSource(t) {
		for want, paths := range f.Examples {
			for _, path := range paths {
				kind := workspace.File
				name, isDir := strings.CutSuffix(path, "/")
				if isDir {
					kind = workspace.Dir
				}
				rule, ok := Default().Match(workspace.Path(name), kind)
				got := string(rule.Action)
				if !ok {
					got = "none"
				}
				if got != want {
					t.Errorf("Match(%q) = %s by %q, want %s", path, got, rule.Pattern, want)
				}
			}
		}
	}
}

// For every pattern: a path made out of it is matched, by it or by one that takes precedence.
func TestEveryPatternMatches(t *testing.T) {
	fill := strings.NewReplacer("**/", "x/y/", "/**", "/inside", "*", "z", "?", "z", "[0-9]", "7")
	for i := range Default().rules {
		rule, pat := Default().rules[i], Default().patterns[i]
		text := rule.Pattern
		if pat.dir {
			text = strings.TrimSuffix(strings.TrimSuffix(text, "/"), "/**") + "/inside"
		}
		path := fill.Replace(text)
		got, ok := Default().Match(workspace.Path(strings.ToUpper(path)), workspace.File)
		if !ok {
			t.Errorf("Match(%q) finds nothing for pattern %q", path, rule.Pattern)
			continue
		}
		if rule.Action.Stricter(got.Action) && rule.Action == Hide && got.Action != Pass && got.Kind != rule.Kind {
			t.Errorf("Match(%q) = %s by %q, weaker than %s by %q", path, got.Action, got.Pattern, rule.Action, rule.Pattern)
		}
	}
}

// Law: the index finds exactly what trying every pattern finds.
func TestIndexAgreesWithTryingAll(t *testing.T) {
	p := Default()
	var names []string
	for i := range p.patterns {
		n := p.patterns[i].name
		names = append(names, n, strings.ReplaceAll(n, "*", ""), strings.ReplaceAll(n, "*", "secret"), n+".bak", "x"+n, strings.ReplaceAll(n, "*", ".env"))
	}
	for _, name := range names {
		for kind, x := range map[bool]*index{false: p.files, true: p.dirs} {
			got := map[int]bool{}
			x.each(name, func(id int) { got[id] = true })
			for id := range p.patterns {
				if p.patterns[id].dir != kind {
					continue
				}
				if want := glob(p.patterns[id].name, name); want != got[id] {
					t.Fatalf("index of dirs=%v on %q: pattern %q found %v, want %v", kind, name, p.patterns[id].name, got[id], want)
				}
			}
		}
	}
}

func TestGlob(t *testing.T) {
	for _, test := range []struct {
		pattern, name string
		want          bool
	}{
		{"a", "a", true}, {"a", "ab", false}, {"*", "", true}, {"*", "abc", true}, {"a*b*c", "aXbYc", true},
		{"a*b*c", "aXbY", false}, {"?", "", false}, {"?", "é", false}, {"w[0-9]*", "w7x", true}, {"w[!0-9]", "w7", false},
		{"[", "[", true}, {"*.tar.gz", "a.tar.tar.gz", true}, {"[-a]", "-", true}, {"a**", "a", true},
		{strings.Repeat("a*", 30), strings.Repeat("a", 200) + "b", true}, {strings.Repeat("a*", 30) + "c", strings.Repeat("a", 2000), false},
	} {
		if got := glob(test.pattern, test.name); got != test.want {
			t.Errorf("glob(%q, %q) = %v, want %v", test.pattern, test.name, got, test.want)
		}
	}
}

func TestPlaces(t *testing.T) {
	for _, test := range []struct {
		root, home string
		path       workspace.Path
		kind       workspace.Type
		want       Action
	}{
		{"/home/u", "/home/u", ".cursor", workspace.Dir, Hide},
		{"/home/u", "/home/u", ".cursor/x/rules.go", workspace.File, Hide},
		{"/home/u/p", "/home/u", ".cursor/rules.go", workspace.File, ""},
		{"/home/u/.cursor/worktrees/p", "/home/u", "main.go", workspace.File, ""},
		{"/home/u/.config", "/home/u", "doctl/x", workspace.File, Hide},
		{"/home/u/.config", "/home/u", "sub/gcloud/x", workspace.File, ""},
		{"/HOME/u", "/home/U", ".Civo.json", workspace.File, Hide},
		{"/", "/home/u", "etc/wireguard", workspace.Dir, Hide},
		{"/", "/home/u", "home/u/.ssh/config", workspace.File, Hide},
		{"/srv/p", "", ".cursor/a.go", workspace.File, ""},
	} {
		rule, _ := Default().In(test.root, test.home).Match(test.path, test.kind)
		if rule.Action != test.want {
			t.Errorf("In(%q, %q).Match(%q) = %q by %q, want %q", test.root, test.home, test.path, rule.Action, rule.Pattern, test.want)
		}
	}
}

func TestMatchHostilePaths(t *testing.T) {
	for _, path := range []workspace.Path{".", "", "a/", "/", "\xff\xfe", "a\nb", ".", "#", "#.#", "~", ".bak", "..bak", ".swp", " (1)", "a (1)",
		workspace.Path(strings.Repeat(".bak", 60)), workspace.Path(strings.Repeat("a/", 2000) + ".env"), workspace.Path(strings.Repeat("*", 255))} {
		for _, kind := range []workspace.Type{workspace.None, workspace.File, workspace.Dir, workspace.Symlink, workspace.FIFO} {
			Default().Match(path, kind)
		}
	}
	if rule, _ := Default().Match(workspace.Path(strings.Repeat("a/", 2000)+".env"), workspace.File); rule.Action != Hide {
		t.Error("a deep .env is not hidden")
	}
}

func benchmarkPaths() []workspace.Path {
	names := []string{"main.go", "README.md", "index.test.tsx", "Makefile", "token_controller.go", "config.yaml", "lib.rs", "image.PNG"}
	var paths []workspace.Path
	for i := range 112_000 {
		paths = append(paths, workspace.Path(fmt.Sprintf("staging/src/k8s.io/api%d/pkg/sub%d/%s", i%97, i%1013, names[i%len(names)])))
	}
	return paths
}

func BenchmarkMatch112k(b *testing.B) {
	paths := benchmarkPaths()
	Default()
	for b.Loop() {
		for _, path := range paths {
			Default().Match(path, workspace.File)
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	for b.Loop() {
		newPaths(defaultText)
	}
}
