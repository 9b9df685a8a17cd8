package engine

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"cofferdam/rules/secret"
)

// Law: answers that were kept are those that were given, but for the last one of a run that was stopped in it. They
// hold no text.
func TestAnswersAreKept(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("COFFERDAM_SCAN_ORACLE", dir)
	cfg := &secret.Config{Rules: []secret.Rule{{ID: "a"}}}
	list := []found{{Rule: "r", StartLine: 1, Secret: "canary", Match: "canary", Line: "canary", Entropy: 3.25}, {Rule: "s", Tags: []string{"canary"}}}
	given := map[string][2]answer{}
	for i, texts := range [][2]answer{{{}, {}}, {newAnswer(list[:1]), newAnswer(list)}, {{failed: true}, newAnswer(list[1:])}} {
		a := newAnswers(t, "kept", cfg)
		key := a.key("a.go", fmt.Sprint(i))
		given[key] = texts
		if err := a.put(key, texts); err != nil {
			t.Fatal(err)
		}
		if _, err := a.file.WriteString("0123 -,01"); err != nil { // and here it is stopped
			t.Fatal(err)
		}
	}
	known := newAnswers(t, "kept", cfg).known
	if diff := gocmp.Diff(given, known, gocmp.Comparer(answer.equal)); diff != "" {
		t.Errorf("kept answers differ (-want +got):\n%s", diff)
	}
	for _, other := range []*answers{newAnswers(t, "kept", &secret.Config{Rules: []secret.Rule{{ID: "b"}}}), newAnswers(t, "other", cfg)} {
		for _, key := range []string{other.key("b.go", "0"), other.key("a.go0", "")} {
			if _, ok := other.get(key); ok {
				t.Errorf("an answer to another question is known")
			}
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "kept"))
	if err != nil {
		t.Fatal(err)
	}
	if len(text) == 0 || len(text) > 500 {
		t.Errorf("%d bytes are kept", len(text))
	}
}

// Law: findings stand for the same trace where they are the same but for the last digits of an entropy, and only there.
func TestTracesTellFindingsApart(t *testing.T) {
	base := found{Rule: "r", StartLine: 1, EndLine: 2, StartColumn: 3, EndColumn: 4, Line: "l", Match: "m", Secret: "s", Tags: []string{"t"}, Entropy: 3}
	for name, c := range map[string]struct {
		change func(*found)
		same   bool
	}{
		"nothing": {func(*found) {}, true}, "last digit": {func(f *found) { f.Entropy += 1e-6 }, true}, "entropy": {func(f *found) { f.Entropy += 0.01 }, false},
		"rule": {func(f *found) { f.Rule = "x" }, false}, "start line": {func(f *found) { f.StartLine++ }, false}, "end line": {func(f *found) { f.EndLine++ }, false},
		"start column": {func(f *found) { f.StartColumn++ }, false}, "end column": {func(f *found) { f.EndColumn++ }, false},
		"line": {func(f *found) { f.Line = "x" }, false}, "match": {func(f *found) { f.Match = "x" }, false}, "secret": {func(f *found) { f.Secret = "x" }, false},
		"border of texts": {func(f *found) { f.Match, f.Secret = "ms", "" }, false}, "tags": {func(f *found) { f.Tags = nil }, false},
		"tag": {func(f *found) { f.Tags = []string{"x"} }, false}, "required": {func(f *found) { f.Required = []found{base} }, false},
	} {
		t.Run(name, func(t *testing.T) {
			other := base
			c.change(&other)
			if got := newAnswer([]found{base}).equal(newAnswer([]found{other})); got != c.same {
				t.Errorf("equal: %v, want %v", got, c.same)
			}
		})
	}
	if newAnswer([]found{base}).equal(newAnswer([]found{base, base})) || newAnswer(nil).equal(answer{failed: true}) {
		t.Error("answers of different lengths are equal")
	}
}
