package match

import (
	"regexp/syntax"
	"testing"
)

// Law: ASCII has the bytes that the instruction's own method matches.
func TestASCIIIsMatchRune(t *testing.T) {
	exprs := append(gitleaksExprs(), Expr{Regex: `(?i)k|s|[^k]|(?-s:.)|(?s:.)|[[:^word:]]\b$`})
	for _, e := range exprs {
		prog, err := syntax.Compile(mustParse(e.Regex).Simplify())
		if err != nil {
			t.Fatal(err)
		}
		for i := range prog.Inst {
			in := &prog.Inst[i]
			got := ASCII(in)
			for b := range rune(0x80) {
				want := false
				switch in.Op {
				case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
					want = in.MatchRune(b)
				}
				if has := got[b/64]>>(b%64)&1 != 0; has != want {
					t.Fatalf("%v of %.80q takes %q: %t, want %t", in, e.Regex, b, has, want)
				}
			}
		}
	}
}

// Law: what is reserved is enough, and not several times too much.
func TestInstsOfIsEnough(t *testing.T) {
	for _, e := range gitleaksExprs() {
		re := mustParse(e.Regex)
		a := newAutomaton(false, 0, nil)
		a.add(re, 0)
		if n := instsOf(re) + 1; len(a.insts) > n || n > 2*len(a.insts)+10 {
			t.Errorf("%.80q has %d instructions, reserved were %d", e.Regex, len(a.insts), n)
		}
	}
}
