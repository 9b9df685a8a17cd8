package secret_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"cofferdam/rules/secret"
	"cofferdam/rules/secret/plain"
	"cofferdam/rules/secret/sample"
)

// seeds is how many texts are made of each example. Rules with a limit of entropy have to find all of them.
const seeds = 30

func eachPack(t *testing.T, visit func(t *testing.T, name string, pack *secret.Pack)) {
	t.Helper()
	names, texts := secret.Packs()
	if len(names) == 0 {
		t.Fatal("there are no packs")
	}
	for i, name := range names {
		t.Run(name, func(t *testing.T) {
			pack, err := secret.ParsePack(name, texts[i])
			if err != nil {
				t.Fatal(err)
			}
			visit(t, name, pack)
		})
	}
}

func TestPackRulesAreComplete(t *testing.T) {
	where := map[string]string{}
	eachPack(t, func(t *testing.T, name string, pack *secret.Pack) {
		for _, r := range pack.Config.Rules {
			if other, twice := where[r.ID]; twice {
				t.Errorf("%s is in %s, too", r.ID, other)
			}
			where[r.ID] = name
			if !regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`).MatchString(r.ID) {
				t.Errorf("id %q is not in kebab case", r.ID)
			}
			if r.Description == "" || r.Severity == "" || r.Why == "" {
				t.Errorf("%s lacks a description, a severity or a why", r.ID)
			}
			if len(r.Keywords) == 0 && r.Check == "" && r.Path == "" {
				t.Errorf("%s runs on every text: it has no keywords, no check and no path", r.ID)
			}
			e := examplesOf(pack, r.ID)
			if !r.SkipReport && (len(e.Positives) < 3 || len(e.Negatives) < 2) {
				t.Errorf("%s has %d positives and %d negatives; want 3 and 2", r.ID, len(e.Positives), len(e.Negatives))
			}
		}
	})
}

func examplesOf(pack *secret.Pack, rule string) secret.Examples {
	i := slices.IndexFunc(pack.Examples, func(e secret.Examples) bool { return e.Rule == rule })
	if i < 0 {
		return secret.Examples{Rule: rule}
	}
	return pack.Examples[i]
}

// For every expression of a token: no part of it can run away over a text. A token has a length; keys and documents,
// which other packs are about, have none.
func TestTokenExpressionsAreBounded(t *testing.T) {
	unbounded := regexp.MustCompile(`[^\\](?:[*+]|\{\d+,\})`)
	class := regexp.MustCompile(`\[(?:\\.|[^\]\\])*\]`)
	eachPack(t, func(t *testing.T, name string, pack *secret.Pack) {
		if !strings.HasPrefix(name, "providers-") {
			return
		}
		for _, r := range pack.Config.Rules {
			expr := class.ReplaceAllString(r.Regex, "C")
			if at := unbounded.FindString(expr); at != "" || strings.HasPrefix(expr, ".") {
				t.Errorf("%s is not bounded: %q", r.ID, at)
			}
		}
	})
}

func TestExamplesAreTemplates(t *testing.T) {
	eachPack(t, func(t *testing.T, _ string, pack *secret.Pack) {
		for _, e := range pack.Examples {
			for _, template := range slices.Concat(e.Positives, e.Negatives) {
				if unknown := sample.Unknown(template); len(unknown) > 0 {
					t.Errorf("%s: %q has %q, which is no placeholder", e.Rule, template, unknown)
				}
			}
			for _, template := range e.Positives {
				if _, secrets := sample.Expand(template, 1); len(secrets) == 0 {
					t.Errorf("%s: %q has no mark", e.Rule, template)
				}
			}
		}
	})
}

// For every positive and seed: its rule finds what is marked, byte for byte, and nothing else.
func TestPositivesAreFound(t *testing.T) {
	eachPack(t, func(t *testing.T, _ string, pack *secret.Pack) {
		for _, e := range pack.Examples {
			for _, template := range e.Positives {
				path, template := sample.Path(template)
				f := plain.Finder{Config: pack.Config, Path: path}
				for seed := range uint64(seeds) {
					text, want := sample.Expand(template, seed)
					if got := f.Find(e.Rule, text); !slices.Equal(got, want) {
						t.Errorf("%s: %q with seed %d: found %v, want %v", e.Rule, template, seed, got, want)
						break
					}
				}
			}
		}
	})
}

// For every negative and seed: its rule finds nothing, as far as that is no matter of a checksum. Package scan/check has
// the checksums, and repeats this with them.
func TestNegativesAreNotFound(t *testing.T) {
	eachPack(t, func(t *testing.T, _ string, pack *secret.Pack) {
		for _, e := range pack.Examples {
			i := slices.IndexFunc(pack.Config.Rules, func(r secret.Rule) bool { return r.ID == e.Rule })
			if pack.Config.Rules[i].Check != "" {
				continue
			}
			for _, template := range e.Negatives {
				path, template := sample.Path(template)
				f := plain.Finder{Config: pack.Config, Path: path}
				for seed := range uint64(seeds) {
					text, _ := sample.Expand(template, seed)
					if got := f.Find(e.Rule, text); len(got) > 0 {
						t.Errorf("%s: %q with seed %d: found %v, want nothing", e.Rule, template, seed, got)
						break
					}
				}
			}
		}
	})
}
