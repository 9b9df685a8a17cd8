package rules

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

// Law: operator and isProgram say what their expressions say.
func TestOperatorsEqualTheirExpressions(t *testing.T) {
	c := defaultContent()
	assign, program := regexp.MustCompile(assignPattern), regexp.MustCompile("(?m)"+programPattern)
	parts := []string{"=", ":", ">", "=>", ":=", "?=", "+=", "==", " ", "\t", "\n", "\r\n", "\v", "\"", "'", "`", "]", ")", "\\", "value", "val", "</key>", "</name>",
		"<string>", "<value>", "<", ",", "x", "package a", "package a;", "import (", "from a.b import c", "#include <", "<?php", "pub fn x", "fn x", "func (", "func", "def x",
		"class y", "export async function ", "const z", "use a::b;", "using A.B;", "namespace ", "public ", "module ", "require(", "\xff", "k: v"}
	random := rand.New(rand.NewPCG(1, 2))
	hits := 0
	for range 60_000 {
		var b strings.Builder
		for range random.IntN(9) {
			b.WriteString(parts[random.IntN(len(parts))])
		}
		text := []byte(b.String())
		want := -1
		if m := assign.FindIndex(text); m != nil {
			want = m[1]
			hits++
		}
		if got := c.operator(text); got != want {
			t.Fatalf("operator(%q) = %d, want %d", text, got, want)
		}
		if got, want := c.isProgram(text), program.Match(text); got != want {
			t.Fatalf("isProgram(%q) = %v, want %v", text, got, want)
		}
	}
	if hits < 1000 {
		t.Errorf("only %d operators", hits)
	}
}
