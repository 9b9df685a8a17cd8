package engine

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"cofferdam/rules/secret"
)

var exprs = []string{
	`key=(\w+)`, `(?i)secret\s*[:=]\s*(['"]?)([a-z0-9/+]{4,20})`, `tok_[a-z0-9]{6}`, `\bid=(\d+)\b`, `(?s)BEGIN.{0,30}?END`, `^user=(.*)$`, `(?m)^pw: (\S+)$`,
	`a*`, `\n+x(y)?\n*`, `(a)|(b)(c)`, `k(?i)s`, `[^\n]{3,9};`, `x\b`, `\Bz+`, `(?:)`, `$`, `é+`, `.{5}\xff?`, `(\n)key`, `\s(\w{3,8})\s`, `(?i)kelvin|\x{17f}ss`,
}

var words = []string{"key", "secret", "tok_", "ID", "begin", "user", "kelvin", "\u212aelvin", "x", "a", "\u0130d", "z", "éa", "\u017f", ""}

// config is one that a user could write, with all that a rule can have. Its rules match each other's texts.
func (w *writer) configs() *secret.Config {
	cfg := &secret.Config{Title: "random"}
	n := 1 + w.IntN(7)
	for i := range n {
		r := secret.Rule{ID: fmt.Sprintf("rule-%d", i), Description: "d", Regex: w.pick(exprs)}
		if w.IntN(3) == 0 {
			r.ID = fmt.Sprintf("Generic-%d", i)
		}
		w.fill(&r)
		cfg.Rules = append(cfg.Rules, r)
	}
	for i := range cfg.Rules {
		for range max(0, w.IntN(5)-2) {
			q := secret.Required{Rule: cfg.Rules[w.IntN(n)].ID, WithinLines: w.IntN(6) - 2, WithinColumns: w.IntN(30) - 10}
			if w.IntN(20) == 0 {
				q.Rule = "missing"
			}
			cfg.Rules[i].Required = append(cfg.Rules[i].Required, q)
		}
	}
	for range max(0, w.IntN(5)-2) {
		cfg.Allowlists = append(cfg.Allowlists, w.allowlist())
	}
	return cfg
}

func (w *writer) fill(r *secret.Rule) {
	if w.IntN(2) == 0 {
		r.SecretGroup = w.IntN(regexp.MustCompile(r.Regex).NumSubexp() + 1)
	}
	if w.IntN(3) == 0 {
		r.Entropy = float64(w.IntN(40)) / 10
	}
	for range max(0, w.IntN(5)-2) {
		r.Keywords = append(r.Keywords, strings.ToLower(w.pick(words)))
	}
	if w.IntN(4) == 0 {
		r.Path = w.pick([]string{`\.go$`, `(?i)readme`, `^a/`, ``, `.*`})
	}
	if w.IntN(3) == 0 && r.Path != "" {
		r.Regex, r.SecretGroup = "", 0
	}
	for range w.IntN(3) {
		r.Tags = append(r.Tags, w.pick(words))
	}
	r.SkipReport = w.IntN(5) == 0
	for range max(0, w.IntN(4)-1) {
		r.Allowlists = append(r.Allowlists, w.allowlist())
	}
}

func (w *writer) allowlist() secret.Allowlist {
	a := secret.Allowlist{All: w.IntN(2) == 0}
	for len(a.Commits)+len(a.Paths)+len(a.Regexes)+len(a.StopWords) == 0 {
		if w.IntN(8) == 0 {
			a.Commits = []string{"abc"}
		}
		for range max(0, w.IntN(4)-2) {
			a.Paths = append(a.Paths, w.pick([]string{`\.go$`, `^x/`, `(?i)CONF`, `yml`, `README`}))
		}
		for range max(0, w.IntN(5)-2) {
			a.Regexes = append(a.Regexes, w.pick([]string{`(?i)^A`, `KEY`, `^\d+$`, `b$`, `test`, `x`, `ID`, `\n`, `^$`}))
		}
		for range max(0, w.IntN(5)-2) {
			a.StopWords = append(a.StopWords, w.pick([]string{"a1", "X", "Test", "\u212a", "example", "", "é"}))
		}
	}
	a.Target = []secret.Target{secret.TargetSecret, secret.TargetMatch, secret.TargetLine}[w.IntN(3)]
	return a
}

// document is a text for any config of configs.
func (w *writer) document() string {
	var b strings.Builder
	for range 1 + w.IntN(12) {
		switch w.IntN(4) {
		case 0:
			b.WriteString(w.pick(noise))
		case 1:
			b.WriteString(w.pick(words))
		default:
			piece := w.matching(w.pick(exprs))
			for range max(0, w.IntN(6)-3) {
				piece = w.encode(piece)
			}
			b.WriteString(piece)
		}
		b.WriteString(w.pick([]string{"", "", " ", "\n", "\r\n", ";"}))
	}
	return b.String()
}

// Law: that goes for the config of any user too.
func TestEngineEqualsDetectorOnUserConfigs(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	w := newWriter(seed, nil)
	matches, composite := 0, 0
	for range 150 {
		p := newPair(t, w.configs())
		for range 10 {
			path, text, depth := w.pick(paths), w.document(), w.IntN(6)
			matches += p.compare(t, path, text, depth)
			for _, m := range p.engine.Find(t.Context(), path, text, depth) {
				composite += min(len(m.Required), 1)
			}
		}
	}
	t.Logf("%d findings, %d of them composite", matches, composite)
	if matches < 3000 || composite < 30 {
		t.Errorf("only %d findings, %d of them composite", matches, composite)
	}
}

func FuzzEngineEqualsDetectorOnUserConfigs(f *testing.F) {
	for seed := range uint64(50) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		w := newWriter(seed, nil)
		p := newPair(t, w.configs())
		for range 5 {
			p.compare(t, w.pick(paths), w.document(), w.IntN(6))
		}
	})
}
