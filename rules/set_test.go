package rules

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"cofferdam/workspace"
)

// randomPath is made of the parts of patterns, of their backup copies and of other names.
func randomPath(random *rand.Rand, rules []PathRule) workspace.Path {
	fill := strings.NewReplacer("**", "deep", "[0-9]", "7", "*", []string{"", "z", "secret", "A.b"}[random.IntN(4)], "?", "q", "~", "home")
	var names []string
	for range 1 + random.IntN(4) {
		parts := strings.Split(strings.Trim(rules[random.IntN(len(rules))].Pattern, "/"), "/")
		names = append(names, fill.Replace(parts[random.IntN(len(parts))]))
	}
	names = append([]string{"testdata", "docs", "pkg"}[:random.IntN(4)], names...)
	copied := []string{"", "", "", ".bak", "~", ".1", " (1)", ".go"}[random.IntN(8)]
	return workspace.Path(strings.Join(names, "/") + copied)
}

// Law: In(dir).Decide(name) is Decide(dir/name), whatever the rules are.
func TestDirAgreesWithSet(t *testing.T) {
	user := config(t, "user.toml", "[[path]]\npattern = '*.go'\naction = 'pass'\n")
	project := config(t, "project.toml", "[[path]]\npattern = '/pkg/**'\naction = 'redact'\n[[path]]\npattern = 'a*'\naction = 'hide'\n")
	random := rand.New(rand.NewPCG(1, 2))
	for name, configs := range map[string][2]*Config{"default": {}, "user": {user}, "project": {nil, project}, "both": {user, project}} {
		t.Run(name, func(t *testing.T) {
			policy, err := NewPolicy(configs[0], configs[1])
			if err != nil {
				t.Fatal(err)
			}
			set, rules, decided := NewSet(Default().In("/", "/home"), policy), Default().Rules(), 0
			for range 500 {
				path := randomPath(random, rules)
				dir := set.In(path.Dir())
				for _, kind := range []workspace.Type{workspace.None, workspace.File, workspace.Dir, workspace.Symlink} {
					got, want := dir.Decide(path.Base(), kind), set.Decide(path, kind)
					if got != want {
						t.Fatalf("In(%q).Decide(%q) = %v, want %v", path.Dir(), path.Base(), got, want)
					}
					if got.Action != "" {
						decided++
					}
				}
			}
			if decided < 500 {
				t.Errorf("only %d verdicts", decided)
			}
		})
	}
}

// Law: a name that no table rejects has the original that trying all suffixes finds.
func TestOriginalEqualsTryingAll(t *testing.T) {
	b := Default().backup
	for _, suffix := range append(slices.Clone(b.suffixes), ".go", "", "x", ".1", " (1)", ".~1~") {
		for _, name := range []string{"id_rsa" + suffix, suffix, "a.1" + suffix, strings.ToUpper(suffix), "#" + suffix + "#", ".#a" + suffix} {
			got, ok := b.cutSuffix(name)
			want, wanted := "", false
			for _, s := range b.suffixes {
				if rest, found := strings.CutSuffix(name, s); found && rest != "" && !wanted {
					want, wanted = rest, true
				}
			}
			if got != want || ok != wanted {
				t.Errorf("cutSuffix(%q) = %q, %v, want %q, %v", name, got, ok, want, wanted)
			}
		}
	}
}

// Law: lower folds A to Z and nothing else, wherever they stand.
func TestLowerEqualsFoldingEachByte(t *testing.T) {
	for c := range 256 {
		for size := range 20 {
			for at := range size {
				text := []byte(strings.Repeat("\x7f", size))
				text[at] = byte(c)
				want := foldEach(text)
				if got := lower(string(text)); got != want {
					t.Fatalf("lower(%q) = %q, want %q", text, got, want)
				}
			}
		}
	}
}

func foldEach(text []byte) string {
	folded := make([]byte, len(text))
	for i, c := range text {
		folded[i] = lowerByte(c)
	}
	return string(folded)
}
