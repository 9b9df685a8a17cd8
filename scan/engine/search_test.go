package engine

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cofferdam/rules/secret"
)

// Law: a text without matches costs no allocation.
func TestNothingFoundAllocatesNothing(t *testing.T) {
	p := defaultPair(t)
	text := strings.Repeat("func add(a, b int) int {\n\treturn a + b // the sum of both\n}\n", 200)
	p.engine.Find(t.Context(), "add.go", text, 5) // makes what is made once
	if n := testing.AllocsPerRun(20, func() { p.engine.Find(t.Context(), "add.go", text, 5) }); n > 0 {
		t.Errorf("%v allocations, want none", n)
	}
}

// Law: an Engine may be used by many at once, and finds what it finds alone.
func TestFindIsConcurrent(t *testing.T) {
	p := newPair(t, hostileConfig())
	w := newWriter(3, nil)
	texts := make([]string, 40)
	want := make([][]found, len(texts))
	for i := range texts {
		texts[i] = w.document() + "key=abc\nuser=x\n"
		want[i] = p.own(t, "a.go", texts[i], 5)
	}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for i, text := range texts {
				if diff := cmp.Diff(want[i], p.own(t, "a.go", text, 5)); diff != "" {
					t.Errorf("differs from the first time (-want +got):\n%s", diff)
				}
			}
		})
	}
	group.Wait()
}

func TestFindStopsWhenCancelled(t *testing.T) {
	p := newPair(t, hostileConfig())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if list := p.engine.Find(ctx, "a.go", "key=abc", 5); len(list) > 0 {
		t.Errorf("%d matches after cancellation", len(list))
	}
	if list := p.engine.Find(t.Context(), "a.go", "key=abc", 5); len(list) != 1 {
		t.Errorf("%d matches in the next search, want 1", len(list))
	}
}

func TestConfigThatExtendsIsRefused(t *testing.T) {
	for name, cfg := range map[string]*secret.Config{
		"extends": {Extends: &secret.Extension{UseDefault: true}}, "targets": {Targeted: []secret.Targeted{{Rules: []string{"a"}}}},
		"bad expression": {Rules: []secret.Rule{{ID: "a", Regex: "("}}},
	} {
		if _, err := New(cfg); err == nil {
			t.Errorf("%s: New succeeds", name)
		}
	}
}
