package match

import (
	"reflect"
	"strings"
	"sync"
	"testing"
)

func TestDeriveNamesTheBadExpression(t *testing.T) {
	for _, bad := range []string{"(", "a{2,1}", "[z-a]", "\\8"} {
		_, err := Derive([]Expr{{Regex: "fine"}, {Regex: bad}})
		if err == nil || !strings.Contains(err.Error(), "expression 1:") {
			t.Errorf("Derive of %q = %v, want an error of expression 1", bad, err)
		}
	}
}

// Law: Derive depends on nothing but the expressions.
func TestDeriveIsPure(t *testing.T) {
	exprs := gitleaksExprs()[:40]
	first, err := Derive(exprs)
	if err != nil {
		t.Fatal(err)
	}
	second, err := Derive(exprs)
	if err != nil || !reflect.DeepEqual(first, second) {
		t.Errorf("two tables of the same expressions differ (%v)", err)
	}
}

func TestFindAllAllocatesNothingWhereNothingMatches(t *testing.T) {
	set := gitleaksOracle().set
	text := strings.Repeat("if key == nil { return token, errors.New(\"no api key\") } // \u00e9\n", 400)
	find := func() {
		set.FindAll(text, func(rule, start, end int) { t.Errorf("rule %d matches at %d", rule, start) })
	}
	find()
	if n := testing.AllocsPerRun(50, find); n > 1 { // the pool can be emptied in between
		t.Errorf("FindAll allocates %v times", n)
	}
}

// Law: searches at the same time find what they find one after the other.
func TestFindAllIsSafeForConcurrentUse(t *testing.T) {
	exprs := gitleaksExprs()
	tables, err := Derive(exprs)
	if err != nil {
		t.Fatal(err)
	}
	texts := madeUp()[:8]
	for i := range texts {
		texts[i] = texts[i][:1000] + "\napi_key = \"" + strings.Repeat("a1B2c3D4", i+2) + "\"\n" + texts[i][1000:]
	}
	spans := func(s *Set, text string) (list []int) {
		s.FindAll(text, func(rule, start, end int) { list = append(list, rule, start, end) })
		return list
	}
	alone, together := Load(exprs, tables), Load(exprs, tables)
	var wg sync.WaitGroup
	for _, text := range texts {
		want := spans(alone, text)
		if len(want) == 0 {
			t.Fatal("nothing matches")
		}
		for range 4 {
			wg.Go(func() {
				if got := spans(together, text); !reflect.DeepEqual(got, want) {
					t.Errorf("got %v, want %v", got, want)
				}
			})
		}
	}
	wg.Wait()
}
