package engine

import (
	"cmp"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"
	"github.com/zricethezav/gitleaks/v8/config"
	"github.com/zricethezav/gitleaks/v8/detect"
	"github.com/zricethezav/gitleaks/v8/logging"
	"github.com/zricethezav/gitleaks/v8/report"

	"cofferdam/rules/secret"
)

// pair is the engine and gitleaks' detector, with the same rules.
type pair struct {
	config   *secret.Config
	engine   *Engine
	detector *detect.Detector
}

func newPair(t testing.TB, cfg *secret.Config) *pair {
	t.Helper()
	silence()
	e, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	d := detect.NewDetector(toGitleaks(t, cfg))
	d.IgnoreGitleaksAllow = true
	return &pair{config: cfg, engine: e, detector: d}
}

// silence is for the detector, which logs what it decodes.
var silence = sync.OnceFunc(func() { logging.Logger = zerolog.New(nil).Level(zerolog.Disabled) })

var defaultConfig = sync.OnceValues(func() (*secret.Config, error) {
	return secret.Parse("gitleaks.toml", []byte(config.DefaultConfig))
})

func defaultPair(t testing.TB) *pair {
	t.Helper()
	cfg, err := defaultConfig()
	if err != nil {
		t.Fatal(err)
	}
	return newPair(t, cfg)
}

func toGitleaks(t testing.TB, cfg *secret.Config) config.Config {
	t.Helper()
	c := config.Config{Rules: map[string]config.Rule{}, Keywords: map[string]struct{}{}}
	c.Allowlists = allowlistsToGitleaks(t, cfg.Allowlists)
	for _, r := range cfg.Rules {
		rule := config.Rule{
			RuleID: r.ID, Description: r.Description, Entropy: r.Entropy, SecretGroup: r.SecretGroup, Keywords: r.Keywords,
			// Clipped: the detector appends to them.
			Tags: slices.Clip(r.Tags), SkipReport: r.SkipReport, Allowlists: allowlistsToGitleaks(t, r.Allowlists),
		}
		if r.Regex != "" {
			rule.Regex = regexp.MustCompile(r.Regex)
		}
		if r.Path != "" {
			rule.Path = regexp.MustCompile(r.Path)
		}
		for _, q := range r.Required {
			rule.RequiredRules = append(rule.RequiredRules, requiredToGitleaks(q))
		}
		for _, k := range r.Keywords {
			c.Keywords[k] = struct{}{}
		}
		c.Rules[r.ID] = rule
	}
	return c
}

func requiredToGitleaks(q secret.Required) *config.Required {
	required := &config.Required{RuleID: q.Rule}
	if q.WithinLines >= 0 {
		required.WithinLines = &q.WithinLines
	}
	if q.WithinColumns >= 0 {
		required.WithinColumns = &q.WithinColumns
	}
	return required
}

func allowlistsToGitleaks(t testing.TB, lists []secret.Allowlist) (out []*config.Allowlist) {
	t.Helper()
	for _, l := range lists {
		a := &config.Allowlist{Commits: l.Commits, RegexTarget: string(l.Target), StopWords: l.StopWords}
		if l.All {
			a.MatchCondition = config.AllowlistMatchAnd
		}
		for _, expr := range l.Paths {
			a.Paths = append(a.Paths, regexp.MustCompile(expr))
		}
		for _, expr := range l.Regexes {
			a.Regexes = append(a.Regexes, regexp.MustCompile(expr))
		}
		if err := a.Validate(); err != nil {
			t.Fatal(err)
		}
		out = append(out, a)
	}
	return out
}

// found is what both are compared in.
type found struct {
	Rule                   string
	StartLine, EndLine     int
	StartColumn, EndColumn int
	Line, Match, Secret    string
	Tags                   []string
	Required               []found
	Entropy                float64
}

func (p *pair) gitleaks(t testing.TB, path, text string, depth int) (list []found, ok bool) {
	t.Helper()
	// It reads behind the ends of some texts.
	defer func() { ok = recover() == nil }()
	p.detector.MaxDecodeDepth = depth
	//lint:ignore SA1019 v8 has no other type that DetectContext takes
	for _, f := range p.detector.DetectContext(t.Context(), detect.Fragment{Raw: text, FilePath: path, StartLine: 1}) {
		one := found{
			Rule: f.RuleID, StartLine: f.StartLine, EndLine: f.EndLine, StartColumn: f.StartColumn, EndColumn: f.EndColumn,
			Line: f.Line, Match: f.Match, Secret: f.Secret, Tags: append([]string{}, f.Tags...), Entropy: float64(f.Entropy),
		}
		one.Required = required(f)
		list = append(list, one)
	}
	sortFound(list)
	return list, true
}

// required reads a field that gitleaks does not export.
func required(f report.Finding) (list []found) {
	all := reflect.ValueOf(f).FieldByName("requiredFindings")
	for i := range all.Len() {
		q := all.Index(i).Elem()
		number := func(name string) int { return int(q.FieldByName(name).Int()) }
		text := func(name string) string { return q.FieldByName(name).String() }
		list = append(list, found{
			Rule: text("RuleID"), StartLine: number("StartLine"), EndLine: number("EndLine"),
			StartColumn: number("StartColumn"), EndColumn: number("EndColumn"),
			Line: text("Line"), Match: text("Match"), Secret: text("Secret"),
		})
	}
	sortFound(list)
	return few(list)
}

// few is nothing where the engine, which keeps no more, need not have kept them all.
func few(list []found) []found {
	if len(list) >= maxRequired {
		return nil
	}
	return list
}

func (p *pair) own(t testing.TB, path, text string, depth int) (list []found) {
	t.Helper()
	result := p.engine.Search(t.Context(), path, text, depth)
	if result.Truncated {
		t.Errorf("the result for a text of %d bytes is cut short", len(text))
	}
	for _, m := range result.Matches {
		one := toFound(m)
		one.Tags, one.Entropy = append([]string{}, m.Tags()...), float64(m.Entropy)
		for _, q := range m.Required {
			one.Required = append(one.Required, toFound(q))
		}
		sortFound(one.Required)
		one.Required = few(one.Required)
		list = append(list, one)
		checkSpans(t, text, m)
	}
	sortFound(list)
	return list
}

func toFound(m Match) found {
	p := m.Place()
	return found{
		Rule: m.Rule.ID, StartLine: p.StartLine, EndLine: p.EndLine, StartColumn: p.StartColumn, EndColumn: p.EndColumn,
		Line: p.Line, Match: m.MatchText, Secret: m.Secret,
	}
}

// checkSpans holds what Match promises of its places, which gitleaks does not have.
func checkSpans(t testing.TB, text string, m Match) {
	t.Helper()
	if m.Start < 0 || m.Start > m.End || m.End > len(text) || m.SecretStart < 0 || m.SecretStart > m.SecretEnd || m.SecretEnd > len(text) {
		t.Fatalf("%s: match %d to %d, secret %d to %d in %d bytes", m.Rule.ID, m.Start, m.End, m.SecretStart, m.SecretEnd, len(text))
	}
	if m.Rule.Regex == "" || m.Depth > 0 {
		return
	}
	if got := text[m.Start:m.End]; got != m.MatchText {
		t.Errorf("%s: text of the match is %q, want %q", m.Rule.ID, got, m.MatchText)
	}
	if got := text[m.SecretStart:m.SecretEnd]; got != m.Secret {
		t.Errorf("%s: text of the secret is %q, want %q", m.Rule.ID, got, m.Secret)
	}
}

func sortFound(list []found) { slices.SortFunc(list, compareFound) }

func compareFound(a, b found) int {
	return cmp.Or(
		cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.StartLine, b.StartLine), cmp.Compare(a.StartColumn, b.StartColumn),
		cmp.Compare(a.EndLine, b.EndLine), cmp.Compare(a.EndColumn, b.EndColumn), cmp.Compare(a.Match, b.Match),
		cmp.Compare(a.Secret, b.Secret), cmp.Compare(a.Line, b.Line), slices.Compare(a.Tags, b.Tags),
		slices.CompareFunc(a.Required, b.Required, compareFound),
	)
}

// closeTo: the last digits of an entropy depend on the order in which gitleaks visits a map.
var closeTo = gocmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 1e-4 })

// compare fails unless both find the same, and says how much it was.
func (p *pair) compare(t testing.TB, path, text string, depth int) int {
	t.Helper()
	want, ok := p.gitleaks(t, path, text, depth)
	if !ok {
		return len(p.own(t, path, text, depth))
	}
	got := p.own(t, path, text, depth)
	if diff := gocmp.Diff(want, got, closeTo); diff != "" {
		t.Fatalf("%s at depth %d: differs from gitleaks (-want +got):\n%s\n%q", path, depth, diff, short(text))
	}
	return len(got)
}

func short(text string) string {
	if len(text) > 3000 {
		return text[:3000] + strings.Repeat(".", 3)
	}
	return text
}
