// Package detect finds secrets in texts, as this program means it: the engine with its rules, the checks that some of
// them ask for, and the judge of what is only a guess.
package detect

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"sync"

	"cofferdam/rules/secret"
	"cofferdam/scan/allow"
	"cofferdam/scan/builtin"
	"cofferdam/scan/check"
	"cofferdam/scan/engine"
	"cofferdam/scan/engine/match"
	"cofferdam/scan/judge"
)

// Detector finds secrets in texts. It is safe for concurrent use.
type Detector struct {
	cfg    *secret.Config
	engine func() (*engine.Engine, error) // made when there is a first text
	digest string                         // tells rules apart
	own    bool                           // the built-in rules with all that belongs to them
}

// Default has the built-in rules: those of gitleaks and those of the packs.
var Default = sync.OnceValue(func() *Detector {
	d := newDetector(builtin.All())
	d.own = true
	return d
})

// Gitleaks has the rules of gitleaks alone and finds what gitleaks finds.
var Gitleaks = sync.OnceValue(func() *Detector { return newDetector(builtin.Gitleaks()) })

// New has a user's own rules and finds what gitleaks finds with them.
func New(cfg *secret.Config) (*Detector, error) {
	tables, err := match.Derive(engine.Exprs(cfg))
	if err != nil {
		return nil, err
	}
	return newDetector(builtin.Set{Config: cfg, Tables: tables, Digest: digestOf(cfg)}), nil
}

func newDetector(s builtin.Set) *Detector {
	return &Detector{
		cfg:    s.Config,
		engine: sync.OnceValues(func() (*engine.Engine, error) { return engine.Load(s.Config, s.Tables) }),
		digest: s.Digest,
	}
}

// Digest tells detectors apart: two with the same digest find the same.
func (d *Detector) Digest() string { return d.digest }

// ByID is the rules by their identifiers.
func (d *Detector) ByID() map[string]*secret.Rule {
	rules := make(map[string]*secret.Rule, len(d.cfg.Rules))
	for i := range d.cfg.Rules {
		rules[d.cfg.Rules[i].ID] = &d.cfg.Rules[i]
	}
	return rules
}

// Rules is what the detector looks for. Nobody may change it.
func (d *Detector) Rules() []secret.Rule { return d.cfg.Rules }

func digestOf(cfg *secret.Config) string {
	text, err := json.Marshal(cfg)
	if err != nil {
		panic("BUG: rules have no JSON form: " + err.Error())
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

var errTruncated = errors.New("too many places look like secrets; not all were looked at")

// Find is the matches in text, the whole of what stands at path or a part of it, with so many encodings undone. With an
// error there may be matches too.
func (d *Detector) Find(ctx context.Context, path, text string, depth int) ([]Match, error) {
	e, err := d.engine()
	if err != nil {
		return nil, err
	}
	result := e.Search(ctx, path, text, depth)
	if len(result.Matches) == 0 && !result.Truncated {
		return nil, ctx.Err()
	}
	var list []Match
	var stands []*engine.Match
	for i := range result.Matches {
		if m, ok := d.weigh(path, text, &result.Matches[i]); ok {
			list, stands = append(list, m), append(stands, &result.Matches[i])
		}
	}
	for i := range list {
		list[i].Fingerprint = fingerprint(text, stands, i)
	}
	if d.own {
		list = best(list)
	}
	if result.Truncated {
		return list, errTruncated
	}
	return list, ctx.Err()
}

// Match is a secret in a text, with all that a finding says of it and nothing of the text itself.
type Match struct {
	Rule        *secret.Rule
	Start, End  int  // in the text, in bytes; where something was decoded, all that it was decoded from
	Guess       bool // it goes by a name
	Severity    string
	Decoded     []string // encodings that were undone
	Entropy     float32
	Fingerprint string       // see allow.Fingerprint
	Comment     allow.Source // on its line

	part bool // of what another rule finds whole, where it does
}

// weigh says whether a match stands, and what is to be told of it.
func (d *Detector) weigh(path, text string, m *engine.Match) (Match, bool) {
	f := Match{Rule: m.Rule, Start: m.SecretStart, End: m.SecretEnd, Decoded: m.Decoded, Entropy: m.Entropy}
	if f.Start == f.End {
		f.Start, f.End = m.Start, m.End
	}
	if f.Start == f.End {
		return f, false // a rule about paths alone has no place in a text
	}
	if ok, known := check.Valid(m.Rule.Check, m.Secret); known && !ok {
		return f, false
	}
	if d.own {
		j := judge.Default()
		before, after := judge.Around(text, f.Start, f.End)
		f.Guess, f.part = j.IsGuess(m.Rule.ID, m.Rule.Judge), j.IsPart(m.Rule.ID)
		drop, _ := j.Verdict(judge.Case{Rule: m.Rule.ID, Guess: m.Rule.Judge, Path: path, Secret: m.Secret, Before: before, After: after})
		if drop {
			return f, false
		}
	}
	f.Severity = d.severity(path, &f)
	f.Comment = allow.Comment(lineAround(text, f.Start, f.End))
	if len(m.Decoded) == 0 {
		f.End = tokenEnd(text, f.Start, f.End)
	}
	return f, true
}

func (d *Detector) severity(path string, m *Match) string {
	severity := Severity(m.Rule)
	if d.own {
		return judge.Default().Severity(path, severity)
	}
	return severity
}

// Severity is how bad what a rule finds is: critical, high, medium or low.
func Severity(r *secret.Rule) string {
	if r.Judge || judge.Default().IsGuess(r.ID, false) {
		return cmp.Or(r.Severity, "medium")
	}
	return cmp.Or(r.Severity, "high")
}
