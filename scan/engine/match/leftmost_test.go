package match

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

// Law: leftmost finds what package regexp does, in texts made of an expression's own syntax and of others'.
func TestLeftmostEqualsRegexp(t *testing.T) {
	o := gitleaksOracle()
	random := rand.New(rand.NewPCG(51, 52))
	sc := newScan(o.set)
	done, left, matches := 0, 0, 0
	for i := range o.exprs {
		l := newLeftmost(o.exprs[i].Regex, &memory{})
		if l == nil {
			continue
		}
		for range 4 {
			text := strings.Repeat(randomText(random, o.exprs, i), 1+random.IntN(3))
			sc.begin(text)
			if !sc.byLeftmost(l, 0, len(text)) {
				left++
				sc.reset()
				continue
			}
			done++
			want := o.regexps[i].FindAllStringIndex(text, -1)
			if len(want) != len(sc.matches) {
				t.Fatalf("%q in %q: %d matches, want %v, have %v", o.exprs[i].Regex, text, len(sc.matches), want, sc.matches)
			}
			for n, m := range sc.matches {
				if want[n][0] != m.start || want[n][1] != m.end {
					t.Fatalf("%q in %q: match %d is %v, want %v", o.exprs[i].Regex, text, n, m, want[n])
				}
			}
			matches += len(want)
			sc.reset()
		}
	}
	t.Logf("%d searches, %d matches; %d searches were left to package regexp", done, matches, left)
	if matches == 0 || left > done/10 {
		t.Errorf("%d searches with %d matches, %d left to package regexp", done, matches, left)
	}
}

func TestLeftmostAtEdges(t *testing.T) {
	for _, expr := range []string{`\bab\b`, `(?m)^a+$`, `^a`, `a$`, `(?m)a$\n^b`, `\Ba\B`, `a|ab`, `ab|a`, `a+?`, `a+`, `(?i)k+`, `\x{212a}`, `[^a]b`, `(?s).b`, `a.*?b`, `a.*b`, `(a|b)(c|bcd)`, `\Aa|a\z`} {
		l, re := newLeftmost(expr, &memory{}), regexp.MustCompile(expr)
		sc := newScan(gitleaksOracle().set)
		random := rand.New(rand.NewPCG(53, 54))
		for range 2000 {
			var b strings.Builder
			for range random.IntN(12) {
				b.WriteString([]string{"a", "b", "c", "d", "k", "K", "\u212a", "\u017f", "\n", " ", "\xff", "\u20ac"}[random.IntN(12)])
			}
			text := b.String()
			sc.begin(text)
			if !sc.byLeftmost(l, 0, len(text)) {
				sc.reset()
				continue
			}
			want := re.FindAllStringIndex(text, -1)
			for n := range max(len(want), len(sc.matches)) {
				if n >= len(want) || n >= len(sc.matches) || want[n][0] != sc.matches[n].start || want[n][1] != sc.matches[n].end {
					t.Fatalf("%q in %q: %v, want %v", expr, text, sc.matches, want)
				}
			}
			sc.reset()
		}
	}
}
