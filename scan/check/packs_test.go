package check

import (
	"slices"
	"strings"
	"testing"

	"github.com/spf13/viper"
	"github.com/zricethezav/gitleaks/v8/config"

	"cofferdam/rules/secret"
	"cofferdam/rules/secret/plain"
	"cofferdam/rules/secret/sample"
)

// The packs are tested where they lie as far as that goes without checksums and without gitleaks, which rules must not
// know. Here is the rest.

func packs(t *testing.T) map[string]*secret.Pack {
	t.Helper()
	all := map[string]*secret.Pack{}
	names, texts := secret.Packs()
	for i, name := range names {
		pack, err := secret.ParsePack(name, texts[i])
		if err != nil {
			t.Fatal(err)
		}
		all[name] = pack
	}
	return all
}

func valid(t *testing.T) func(name, value string) bool {
	return func(name, value string) bool {
		ok, known := Valid(name, value)
		if !known {
			t.Errorf("there is no check %q", name)
		}
		return ok
	}
}

func TestNoRuleIsNamedLikeOneOfGitleaks(t *testing.T) {
	v := viper.New()
	v.SetConfigType("toml")
	if err := v.ReadConfig(strings.NewReader(config.DefaultConfig)); err != nil {
		t.Fatal(err)
	}
	var theirs config.ViperConfig
	if err := v.Unmarshal(&theirs); err != nil {
		t.Fatal(err)
	}
	if len(theirs.Rules) < 200 {
		t.Fatalf("gitleaks has %d rules; want at least 200", len(theirs.Rules))
	}
	for name, pack := range packs(t) {
		for _, r := range theirs.Rules {
			if slices.ContainsFunc(pack.Config.Rules, func(our secret.Rule) bool { return our.ID == r.ID }) {
				t.Errorf("%s: gitleaks has a rule %s, too", name, r.ID)
			}
		}
	}
}

// For every rule with a check: its positives are made so that they pass it, and its negatives are not found.
func TestExamplesOfRulesWithChecks(t *testing.T) {
	const seeds = 30
	checked := 0
	for name, pack := range packs(t) {
		for _, e := range pack.Examples {
			i := slices.IndexFunc(pack.Config.Rules, func(r secret.Rule) bool { return r.ID == e.Rule })
			if pack.Config.Rules[i].Check == "" {
				continue
			}
			checked++
			for _, template := range slices.Concat(e.Positives, e.Negatives) {
				path, template := sample.Path(template)
				f := plain.Finder{Config: pack.Config, Path: path, Valid: valid(t)}
				for seed := range uint64(seeds) {
					text, want := sample.Expand(template, seed)
					if got := f.Find(e.Rule, text); !slices.Equal(got, want) {
						t.Errorf("%s: %s: %q with seed %d: found %v, want %v", name, e.Rule, template, seed, got, want)
						break
					}
				}
			}
		}
	}
	if checked == 0 {
		t.Error("no rule has a check")
	}
}
