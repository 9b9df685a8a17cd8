package engine

import (
	"regexp/syntax"
	"slices"
	"sync"

	"cofferdam/scan/engine/match"
)

// expression is one that is only asked whether it matches: of an allowlist, or for paths. It is made ready when it is
// first asked. Package match is some hundred times faster than package regexp at the long alternations that these are.
type expression struct {
	source string
	set    func() *match.Set
	asked  sync.Pool // of *question
}

// question is one call of FindAll. It is kept, since what it passes on would be allocated each time.
type question struct {
	matched bool
	answer  func(rule, start, end int)
}

// newExpression is nil for no expression.
func newExpression(source string) *expression {
	if source == "" {
		return nil
	}
	e := &expression{source: source}
	e.set = sync.OnceValue(func() *match.Set { return openSet([]string{source}) })
	e.asked.New = func() any {
		q := &question{}
		q.answer = func(_, _, _ int) { q.matched = true }
		return q
	}
	return e
}

func (e *expression) matches(text string) bool {
	q := e.asked.Get().(*question)
	defer e.asked.Put(q)
	q.matched = false
	e.set().FindAll(text, q.answer)
	return q.matched
}

// openSet is a Set without derived tables, which goes over all of a text with an automaton. Deriving takes milliseconds,
// and it pays for itself on many megabytes alone.
func openSet(sources []string) *match.Set {
	exprs := make([]match.Expr, len(sources))
	tables := &match.Tables{}
	for i, source := range sources {
		exprs[i].Regex = source
		re, err := syntax.Parse(source, syntax.Perl)
		if err != nil {
			panic("BUG: an expression that was checked does not compile: " + err.Error())
		}
		tables.Searched = append(tables.Searched, match.Search{Rule: i, Plain: mayBeEmpty(re), Open: true})
	}
	return match.Load(exprs, tables)
}

// mayBeEmpty says whether an expression can match no text at all, assertions left aside.
func mayBeEmpty(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpLiteral, syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL, syntax.OpNoMatch:
		return false
	case syntax.OpCapture, syntax.OpPlus:
		return mayBeEmpty(re.Sub[0])
	case syntax.OpRepeat:
		return re.Min == 0 || mayBeEmpty(re.Sub[0])
	case syntax.OpConcat:
		return !slices.ContainsFunc(re.Sub, func(sub *syntax.Regexp) bool { return !mayBeEmpty(sub) })
	case syntax.OpAlternate:
		return slices.ContainsFunc(re.Sub, mayBeEmpty)
	}
	return true
}
