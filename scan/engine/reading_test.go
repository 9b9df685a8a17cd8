package engine_test

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	_ "unsafe" // for linkname

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/rs/zerolog"
	"github.com/spf13/viper"
	"github.com/zricethezav/gitleaks/v8/config"
	"github.com/zricethezav/gitleaks/v8/logging"

	"cofferdam/rules/secret"
)

// extendDepth counts in gitleaks how deep configs extend each other. It is never set back.
//
//go:linkname extendDepth github.com/zricethezav/gitleaks/v8/config.extendDepth
var extendDepth int

// gitleaks reads a config in its own way.
func gitleaks(file string) (cfg *secret.Config, err error) {
	logging.Logger = zerolog.New(nil).Level(zerolog.Disabled)
	defer func() {
		extendDepth = 0
		viper.Reset()
		// It panics at expressions that do not compile.
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	viper.SetConfigFile(file)
	viper.SetConfigType("toml")
	if err := viper.ReadInConfig(); err != nil {
		return nil, err
	}
	var vc config.ViperConfig
	if err := viper.Unmarshal(&vc); err != nil {
		return nil, err
	}
	c, err := vc.Translate()
	if err != nil {
		return nil, err
	}
	cfg = &secret.Config{Title: c.Title, Allowlists: fromGitleaks(c.Allowlists)}
	for id, r := range c.Rules {
		rule := secret.Rule{
			ID: id, Description: r.Description, Regex: expression(r.Regex), Path: expression(r.Path), SecretGroup: r.SecretGroup,
			Entropy: r.Entropy, Keywords: r.Keywords, Tags: r.Tags, Allowlists: fromGitleaks(r.Allowlists), SkipReport: r.SkipReport,
		}
		for _, q := range r.RequiredRules {
			required := secret.Required{Rule: q.RuleID, WithinLines: -1, WithinColumns: -1}
			if q.WithinLines != nil {
				required.WithinLines = *q.WithinLines
			}
			if q.WithinColumns != nil {
				required.WithinColumns = *q.WithinColumns
			}
			rule.Required = append(rule.Required, required)
		}
		cfg.Rules = append(cfg.Rules, rule)
	}
	return cfg, nil
}

func expression(re *regexp.Regexp) string {
	if re == nil {
		return ""
	}
	return re.String()
}

func fromGitleaks(lists []*config.Allowlist) (out []secret.Allowlist) {
	for _, a := range lists {
		own := secret.Allowlist{
			Description: a.Description, All: a.MatchCondition == config.AllowlistMatchAnd, Commits: a.Commits,
			Target: secret.Target(a.RegexTarget), StopWords: a.StopWords,
		}
		for _, re := range a.Paths {
			own.Paths = append(own.Paths, re.String())
		}
		for _, re := range a.Regexes {
			own.Regexes = append(own.Regexes, re.String())
		}
		out = append(out, own)
	}
	return out
}

// normalize puts away what gitleaks does not keep: the order of rules, words and commits.
func normalize(cfg *secret.Config) *secret.Config {
	n := *cfg
	n.Allowlists = normalizeLists(n.Allowlists)
	n.Rules = slices.Clone(n.Rules)
	for i := range n.Rules {
		n.Rules[i].Allowlists = normalizeLists(n.Rules[i].Allowlists)
	}
	slices.SortFunc(n.Rules, func(a, b secret.Rule) int { return cmp.Compare(a.ID, b.ID) })
	return &n
}

func normalizeLists(lists []secret.Allowlist) []secret.Allowlist {
	lists = slices.Clone(lists)
	for i := range lists {
		lists[i].StopWords, lists[i].Commits = folded(lists[i].StopWords), folded(lists[i].Commits)
	}
	return lists
}

func folded(words []string) []string {
	set := map[string]bool{}
	for _, word := range words {
		set[strings.ToLower(strings.TrimSpace(word))] = true
	}
	return slices.Sorted(maps.Keys(set))
}

// own reads a config as this project does, above the default one of gitleaks.
func own(file string) (*secret.Config, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return secret.Load(file, text, secret.Source{
		Default: func() (*secret.Config, error) { return secret.Parse("gitleaks.toml", []byte(config.DefaultConfig)) },
		Read:    os.ReadFile,
	})
}

// compareReaders says whether both accept a config.
func compareReaders(t *testing.T, file string) bool {
	t.Helper()
	got, err := own(file)
	want, wantErr := gitleaks(file)
	if (err == nil) != (wantErr == nil) {
		text, _ := os.ReadFile(file)
		t.Fatalf("error %v, gitleaks says %v, of\n%s", err, wantErr, text)
	}
	if err != nil {
		return false
	}
	if diff := gocmp.Diff(normalize(want), normalize(got), cmpopts.EquateEmpty()); diff != "" {
		text, _ := os.ReadFile(file)
		t.Fatalf("differs from gitleaks (-want +got):\n%s\nof\n%.2000s", diff, text)
	}
	return true
}

func TestDefaultConfigIsReadAsGitleaksReadsIt(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x.toml")
	for name, text := range map[string]string{"itself": config.DefaultConfig, "below": "[extend]\nuseDefault = true\ndisabledRules = ['generic-api-key']\n[[rules]]\nid='aws-access-token'\ntags=['x']\nkeywords=['Y']"} {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			if !compareReaders(t, file) {
				t.Error("was not accepted")
			}
		})
	}
}

// Law: for every config whose keys gitleaks knows, with the types that it wants, Load accepts what gitleaks accepts and
// makes the same rules of it.
func TestConfigsAreReadAsGitleaksReadsThem(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	w := &configWriter{Rand: rand.New(rand.NewPCG(seed, 1)), dir: t.TempDir()}
	accepted := 0
	const rounds = 1000
	for range rounds {
		if compareReaders(t, w.file(t, 0)) {
			accepted++
		}
	}
	t.Logf("%d of %d accepted", accepted, rounds)
	if accepted < rounds/5 || accepted > rounds*4/5 {
		t.Errorf("%d of %d accepted; want both kinds", accepted, rounds)
	}
}
