package match

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/zricethezav/gitleaks/v8/config"
	"github.com/zricethezav/gitleaks/v8/detect"
	"github.com/zricethezav/gitleaks/v8/logging"

	"github.com/rs/zerolog"
)

// gitleaksExprs is the expressions of gitleaks' default rules, in the order of their names.
var gitleaksExprs = sync.OnceValue(func() []Expr {
	logging.Logger = zerolog.Nop()
	d, err := detect.NewDetectorDefaultConfig()
	if err != nil {
		panic(err)
	}
	var rules []config.Rule
	for _, rule := range d.Config.Rules {
		if rule.Regex != nil {
			rules = append(rules, rule)
		}
	}
	slices.SortFunc(rules, func(a, b config.Rule) int { return strings.Compare(a.RuleID, b.RuleID) })
	var exprs []Expr
	for _, rule := range rules {
		exprs = append(exprs, Expr{rule.Regex.String(), rule.Keywords})
	}
	return exprs
})

// oracle is a Set with what it is compared with.
type oracle struct {
	exprs   []Expr
	regexps []*regexp.Regexp
	set     *Set
}

func newOracle(tb testing.TB, exprs []Expr) *oracle {
	tb.Helper()
	set, err := New(exprs)
	if err != nil {
		tb.Fatal(err)
	}
	o := &oracle{exprs: exprs, set: set}
	for _, e := range exprs {
		o.regexps = append(o.regexps, regexp.MustCompile(e.Regex))
	}
	return o
}

var gitleaksOracle = sync.OnceValue(func() *oracle { return newOracle(&testing.B{}, gitleaksExprs()) })

// check compares the matches of all expressions in text, and returns how many there are.
func (o *oracle) check(tb testing.TB, text string) (matches int) {
	tb.Helper()
	got := make([][][]int, len(o.exprs))
	o.set.FindAll(text, func(rule, start, end int) { got[rule] = append(got[rule], []int{start, end}) })
	lower := strings.ToLower(text)
	for i, re := range o.regexps {
		keywords := o.exprs[i].Keywords
		if len(got[i]) == 0 && len(keywords) > 0 && !slices.ContainsFunc(keywords, func(word string) bool { return strings.Contains(lower, word) }) {
			continue
		}
		want := re.FindAllStringIndex(text, -1)
		if !slices.EqualFunc(got[i], want, slices.Equal[[]int]) {
			tb.Fatalf("%q (%q) in %q:\n got %v\nwant %v", o.exprs[i].Regex, keywords, clipped(text), got[i], want)
		}
		matches += len(want)
	}
	return matches
}

func clipped(text string) string {
	if len(text) > 6000 {
		return fmt.Sprintf("%s ... (%d bytes)", text[:6000], len(text))
	}
	return text
}

// Law: for every expression and text, the spans are those of package regexp.
func TestFindAllEqualsRegexp(t *testing.T) {
	o := gitleaksOracle()
	random := rand.New(rand.NewPCG(1, 2))
	matches := 0
	for round := range 4 {
		for i := range o.exprs {
			matches += o.check(t, randomText(random, o.exprs, i))
		}
		if testing.Short() && round == 0 {
			break
		}
	}
	if matches < len(o.exprs) {
		t.Errorf("only %d matches in texts made for %d expressions", matches, len(o.exprs))
	}
}

func TestFindAllEqualsRegexpForExtraExpressions(t *testing.T) {
	exprs := extraExprs()
	o := newOracle(t, exprs)
	random := rand.New(rand.NewPCG(13, 14))
	matches := 0
	for range 4 {
		for i := range exprs {
			matches += o.check(t, randomText(random, exprs, i))
		}
	}
	if matches < len(exprs) {
		t.Errorf("only %d matches in texts made for %d expressions", matches, len(exprs))
	}
}

// Law: as above, for expressions made at random.
func TestFindAllEqualsRegexpForRandomExpressions(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	matches := 0
	for range 150 {
		matches += checkRandomExprs(t, random)
	}
	if matches < 150 {
		t.Errorf("only %d matches", matches)
	}
}

func checkRandomExprs(tb testing.TB, random *rand.Rand) (matches int) {
	tb.Helper()
	var exprs []Expr
	for range 1 + random.IntN(4) {
		e := Expr{Regex: randomExpr(random, 3)}
		if random.IntN(3) == 0 {
			e.Keywords = []string{[]string{"key", "k", "si", "secret", "\u00e9"}[random.IntN(5)]}
		}
		exprs = append(exprs, e)
	}
	o := newOracle(tb, exprs)
	for range 4 {
		matches += o.check(tb, randomText(random, exprs, random.IntN(len(exprs))))
	}
	return matches
}

func FuzzFindAllEqualsRegexp(f *testing.F) {
	random := rand.New(rand.NewPCG(5, 6))
	for i := range gitleaksExprs() {
		f.Add(randomText(random, gitleaksExprs(), i))
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) < 20_000 {
			gitleaksOracle().check(t, text)
		}
	})
}

func FuzzFindAllEqualsRegexpForRandomExpressions(f *testing.F) {
	f.Add(uint64(1), uint64(2))
	f.Fuzz(func(t *testing.T, a, b uint64) { checkRandomExprs(t, rand.New(rand.NewPCG(a, b))) })
}

// mustParseForTest is the syntax tree that texts are made from.
func mustParseForTest(expr string) *syntax.Regexp {
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		panic(err)
	}
	return re
}
