package rules

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
)

// plainAssignment is findAssignment without what saves it work.
func plainAssignment(c *contentRules, content []byte, rule PathRule) (string, bool) {
	program := c.isProgram(content)
	for _, a := range walkKeys(c, content) {
		if program && rule.Code {
			return "", false
		}
		if rule.Action == Redact {
			a.kind = passwordKey
		}
		v, quoted := value(content[a.value:])
		line := content[bytes.LastIndexByte(content[:a.start], '\n')+1 : a.start]
		if !quoted && bytes.IndexByte(line, '{') >= 0 {
			v = firstOfFlow(v)
		}
		key := string(content[a.start:a.end])
		if mayCount(v, quoted) && (quoted || !program) && c.counts(a.kind, key, string(v)) {
			return key, true
		}
	}
	return "", false
}

// Law: findAssignment finds the first key whose value counts, under every rule, in programs and in other text.
func TestFindAssignmentEqualsPlain(t *testing.T) {
	values := strings.Fields(`hunter2 changeme "hunter2" 'a1b2c3d4e5' words-and-more {token:a1b2c3d4} ${X} | "%s" ./a <b> true`)
	lines := []string{"\npackage a\n", "\nimport (\n", "\nconst x\n", "\n{", "\n", "\n", " ", strings.Repeat("\n# a comment", 200)}
	c, random := defaultContent(), rand.New(rand.NewPCG(1, 2))
	found, none := 0, 0
	for range 10_000 {
		var b strings.Builder
		for range random.IntN(12) {
			b.WriteString(lines[random.IntN(len(lines))])
			b.WriteString(keyParts[random.IntN(len(keyParts))])
			b.WriteString([]string{":", "=", ": ", `": `, "\n"}[random.IntN(5)])
			b.WriteString(values[random.IntN(len(values))])
		}
		rule := PathRule{Action: []Action{Redact, Inspect}[random.IntN(2)], Code: random.IntN(2) == 0}
		text := []byte(b.String())
		got, ok := c.findAssignment(text, rule)
		want, wanted := plainAssignment(c, text, rule)
		if got != want || ok != wanted {
			t.Fatalf("findAssignment(%q, %+v) = %q, %v, want %q, %v", text, rule, got, ok, want, wanted)
		}
		if ok {
			found++
		} else {
			none++
		}
	}
	if min(found, none) < 500 {
		t.Errorf("%d found, %d not", found, none)
	}
}
