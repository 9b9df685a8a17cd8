package match

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

// Law: an expression finds what its rest finds, from as far before as the reluctant begin goes.
func TestReluctantBeginsAreWalkedBack(t *testing.T) {
	random := rand.New(rand.NewPCG(61, 62))
	for _, expr := range []string{`[ab.]{0,3}?(?:key|token)=x+`, `(?i)[\w.-]{0,5}?k=(\w{1,3})`, `.{0,2}?ab`, `.*?ab`, `(?s).*?b\b`, `[a-c]{0,4}?b(?:$|c)`, `([ab]{0,2}?(k)=)`, `[^=]{0,6}?=a`} {
		lead, _ := withoutReluctant(mustParse(expr))
		if lead == nil {
			t.Fatalf("%q has no reluctant begin", expr)
		}
		re := regexp.MustCompile(expr)
		set, err := New([]Expr{{Regex: expr}})
		if err != nil {
			t.Fatal(err)
		}
		matches := 0
		for range 3000 {
			var b strings.Builder
			for range random.IntN(14) {
				b.WriteString([]string{"a", "b", "c", "key", "token", "K", "k=", "=x", "\u212a", "\u017f", "\n", " ", "\xff", "\u20ac", ".", "ab"}[random.IntN(16)])
			}
			text := b.String()
			var got [][]int
			set.FindAll(text, func(_, start, end int) { got = append(got, []int{start, end}) })
			want := re.FindAllStringIndex(text, -1)
			for n := range max(len(want), len(got)) {
				if n >= len(want) || n >= len(got) || want[n][0] != got[n][0] || want[n][1] != got[n][1] {
					t.Fatalf("%q in %q: %v, want %v", expr, text, got, want)
				}
			}
			matches += len(want)
		}
		if matches == 0 {
			t.Errorf("%q matched nothing", expr)
		}
	}
}

func TestOtherBeginsAreKept(t *testing.T) {
	for _, expr := range []string{`[ab]{0,3}key`, `[ab]{1,3}?key`, `(?:ab){0,3}?key`, `key`, `[ab]{0,3}?`, `[ab]{0,3}?c*`, `\b[ab]{0,3}?key`} {
		if lead, _ := withoutReluctant(mustParse(expr)); lead != nil {
			t.Errorf("%q has its begin taken off", expr)
		}
	}
}
