// Package engine finds secrets in a text with the rules of a secret.Config. What it finds is what the detector of gitleaks
// finds in the same text, taken as one fragment, with the same rules: an equality that its tests hold it to.
//
// All filters of a match have to pass, so the cheapest goes first, and most of what they need is made on demand: most
// texts have no match, and of most rules no text ever needs the expression.
package engine

import (
	"context"
	"fmt"
	"sync"

	"cofferdam/rules/secret"
	"cofferdam/scan/engine/match"
)

// Engine finds secrets. It is safe for concurrent use.
type Engine struct {
	rules    []*rule
	global   []*skip // of the config, for all rules
	content  *match.Set
	byExpr   []*rule           // by the numbers that content gives their expressions
	named    func() *match.Set // the paths of rules about paths alone
	byPath   []*rule           // by the numbers that named gives them
	searches sync.Pool
}

// Result is what was found in a text.
type Result struct {
	Matches   []Match // by start, end, rule in the order of the config, and depth
	Truncated bool    // there is more than that, or what would have allowed some of it was not tried
}

// New is Load with tables that it derives, which takes milliseconds for each hundred rules.
func New(cfg *secret.Config) (*Engine, error) {
	tables, err := match.Derive(Exprs(cfg))
	if err != nil {
		return nil, fmt.Errorf("config %q: %w", cfg.Title, err)
	}
	return Load(cfg, tables)
}

// Exprs is what the tables of Load are derived from: the expressions of the rules that look into texts by themselves.
func Exprs(cfg *secret.Config) []match.Expr {
	var exprs []match.Expr
	for i := range cfg.Rules {
		if r := &cfg.Rules[i]; searched(r) {
			exprs = append(exprs, match.Expr{Regex: r.Regex, Keywords: r.Keywords})
		}
	}
	return exprs
}

func searched(r *secret.Rule) bool { return r.Regex != "" && !r.SkipReport }

// Load makes the engine of a config that is whole and that package secret has read or checked, with the tables that were
// derived from its Exprs. Expressions compile when they are first needed; one that does not is a bug of the caller.
func Load(cfg *secret.Config, tables *match.Tables) (*Engine, error) {
	if cfg.Extends != nil || len(cfg.Targeted) > 0 {
		return nil, fmt.Errorf("config %q is not whole: it extends another", cfg.Title)
	}
	e := &Engine{content: match.Load(Exprs(cfg), tables)}
	e.searches.New = func() any { return newSearch(e) }
	checks := e.addGlobal(cfg.Allowlists)
	for i := range cfg.Rules {
		r := newRule(&cfg.Rules[i], i, checks)
		e.rules = append(e.rules, r)
		switch {
		case searched(r.Rule):
			e.byExpr = append(e.byExpr, r)
		case !r.SkipReport:
			e.byPath = append(e.byPath, r)
		}
	}
	e.connect()
	e.named = sync.OnceValue(e.buildNamed)
	return e, nil
}

func (e *Engine) addGlobal(lists []secret.Allowlist) []*check {
	var checks []*check
	for i := range lists {
		skips, own := newAllowlist(&lists[i])
		e.global = append(e.global, skips...)
		checks = append(checks, own...)
	}
	return checks
}

// connect hands each composite rule those that it requires. One that is missing, since a config on top disabled it,
// leaves the rule without findings.
func (e *Engine) connect() {
	byID := make(map[string]*rule, len(e.rules))
	for _, r := range e.rules {
		byID[r.ID] = r
	}
	for _, r := range e.rules {
		for _, q := range r.Required {
			r.required = append(r.required, requirement{Required: q, rule: byID[q.Rule]})
		}
	}
}

func (e *Engine) buildNamed() *match.Set {
	paths := make([]string, len(e.byPath))
	for i, r := range e.byPath {
		paths[i] = r.Path
	}
	return openSet(paths)
}

// Find is what is found in text, the whole of a file at path, as it is and decoded up to depth times. A result cut short
// because ctx is done is returned as it is; see Search for one that is too long.
func (e *Engine) Find(ctx context.Context, path, text string, depth int) []Match {
	return e.Search(ctx, path, text, depth).Matches
}

// Search is Find for those who want to know whether that was all.
func (e *Engine) Search(ctx context.Context, path, text string, depth int) Result {
	s := e.searches.Get().(*search)
	defer e.searches.Put(s)
	return s.run(ctx, path, text, depth)
}
