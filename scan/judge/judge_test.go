package judge_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/zricethezav/gitleaks/v8/config"

	"cofferdam/rules/secret"
	"cofferdam/rules/secret/sample"
	"cofferdam/scan/judge"
)

const pathLine = "@path "

func caseOf(t *testing.T, rule secret.Rule, example, path string, seed uint64) []judge.Case {
	t.Helper()
	if line, rest, ok := strings.Cut(example, "\n"); ok && strings.HasPrefix(line, pathLine) {
		path, example = strings.TrimPrefix(line, pathLine), rest
	}
	text, spans := sample.Expand(example, seed)
	var cases []judge.Case
	for _, s := range spans {
		before, after := judge.Around(text, s.Start, s.End)
		cases = append(cases, judge.Case{Rule: rule.ID, Guess: rule.Judge, Path: path, Secret: text[s.Start:s.End], Before: before, After: after})
	}
	return cases
}

func eachPack(t *testing.T, visit func(*secret.Pack)) {
	t.Helper()
	names, texts := secret.Packs()
	for i, name := range names {
		pack, err := secret.ParsePack(name, texts[i])
		if err != nil {
			t.Fatal(err)
		}
		visit(pack)
	}
}

// For every positive of every pack, in a program and in a configuration file: it stays.
func TestPositivesAreKept(t *testing.T) {
	const seeds = 30
	eachPack(t, func(pack *secret.Pack) {
		for _, e := range pack.Examples {
			rule := pack.Config.Rules[slices.IndexFunc(pack.Config.Rules, func(r secret.Rule) bool { return r.ID == e.Rule })]
			for _, example := range e.Positives {
				for _, path := range []string{"cmd/main.go", "config/app.yaml"} {
					keepAll(t, rule, example, path, seeds)
				}
			}
		}
	})
}

func keepAll(t *testing.T, rule secret.Rule, example, path string, seeds uint64) {
	t.Helper()
	for seed := range seeds {
		for _, c := range caseOf(t, rule, example, path, seed) {
			if drop, why := judge.Default().Verdict(c); drop {
				t.Errorf("%s in %s: %q with seed %d is dropped: %s (%q)", rule.ID, path, example, seed, why, c.Secret)
				return
			}
		}
	}
}

func TestRulesNamedExist(t *testing.T) {
	known := map[string]bool{}
	eachPack(t, func(pack *secret.Pack) {
		for _, r := range pack.Config.Rules {
			known[r.ID] = true
		}
	})
	theirs := foreign(t)
	j := secret.Judge()
	for _, id := range j.Guesses {
		if !theirs[id] {
			t.Errorf("guesses has %q, which is no rule of gitleaks", id)
		}
	}
	for _, id := range slices.Concat(j.Machine, j.Parts, j.Encoded) {
		if !known[id] && !theirs[id] {
			t.Errorf("no rule is called %q", id)
		}
	}
}

func foreign(t *testing.T) map[string]bool {
	t.Helper()
	cfg, err := secret.Parse("gitleaks.toml", []byte(config.DefaultConfig))
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, r := range cfg.Rules {
		known[r.ID] = true
	}
	return known
}
