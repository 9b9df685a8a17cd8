package match

import (
	"regexp"
	"regexp/syntax"
	"sync"
)

// Expr is a regular expression in the syntax of package regexp. With keywords, it counts only in a text whose lower
// case, as strings.ToLower has it, contains one of them; so they have to be in lower case.
type Expr struct {
	Regex    string
	Keywords []string
}

// Set is expressions to look for. It is safe for concurrent use.
type Set struct {
	rules   []rule
	cuts    []cut
	windows []verifier
	search  []searcher
	plain   *sieve
	odd     func() *buckets // of the windows with an odd rune, of all rules
	binder  *binder
	pool    sync.Pool
}

// rule is an expression, compiled when it is first needed.
type rule struct {
	regexp func() *regexp.Regexp
	first  func() *preferred

	leftmost func() *leftmost // nil where an expression matches the empty text
}

// New is Derive and Load.
func New(exprs []Expr) (*Set, error) {
	t, err := Derive(exprs)
	if err != nil {
		return nil, err
	}
	return Load(exprs, t), nil
}

// Load makes a Set of exprs and the tables that were derived from them. It compiles nothing yet.
func Load(exprs []Expr, t *Tables) *Set {
	s := &Set{rules: make([]rule, len(exprs))}
	m := &memory{}
	for i := range exprs {
		text := exprs[i].Regex
		s.rules[i] = rule{
			regexp:   sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) }),
			first:    sync.OnceValue(func() *preferred { return newExact(text, m) }),
			leftmost: sync.OnceValue(func() *leftmost { return newLeftmost(text, m) }),
		}
	}
	classes := make([][256]bool, len(t.Classes))
	for i, bitmap := range t.Classes {
		classes[i] = table(bitmap)
	}
	s.cuts = newCuts(t, classes)
	s.windows = newVerifiers(t, classes)
	s.binder = newBinder(s, classes, m)
	s.search = newSearchers(exprs, t, m)
	s.plain = newSieve(t, pass{})
	s.odd = sync.OnceValue(func() *buckets { return newBuckets(t, pass{odd: true}) })
	s.pool.New = func() any { return newScan(s) }
	return s
}

// FindAll calls emit for each match of each expression in text, those of an expression in order, as
// regexp.FindAllStringIndex finds them. Where nothing matches it allocates nothing but, at first, its own machinery.
func (s *Set) FindAll(text string, emit func(rule, start, end int)) {
	sc := s.pool.Get().(*scan)
	defer s.pool.Put(sc)
	sc.findAll(text, emit)
}

func mustParse(expr string) *syntax.Regexp {
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		panic("BUG: an expression that Derive took does not compile: " + err.Error())
	}
	return re
}
