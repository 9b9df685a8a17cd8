package engine_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/pelletier/go-toml/v2"
)

// configWriter writes random configs, some of them wrong in one place.
type configWriter struct {
	*rand.Rand
	dir string
}

func (w *configWriter) file(t *testing.T, depth int) string {
	doc := map[string]any{"title": w.pick("a", "b")}
	if depth < 2 && w.IntN(2) == 0 {
		doc["extend"] = map[string]any{"path": w.file(t, depth+1), "disabledRules": w.some("r0", "r1", "none")}
	}
	var rules []map[string]any
	for range w.IntN(4) {
		rules = append(rules, w.rule())
	}
	doc["rules"] = rules
	switch w.IntN(4) {
	case 0:
		doc["allowlists"] = []map[string]any{w.list(true), w.list(true)}
	case 1:
		doc["allowlist"] = w.list(false)
	}
	text, err := toml.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(w.dir, fmt.Sprintf("%d.toml", depth))
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func (w *configWriter) rule() map[string]any {
	r := map[string]any{"id": w.pick("r0", "r1", "r2", "r3"), "regex": w.pick("a", "(b)c", "(d)(e)?")}
	w.maybe(r, "description", w.pick("x", "y"))
	w.maybe(r, "path", w.pick("p", "q$"))
	w.maybe(r, "entropy", float64(w.IntN(8))/2)
	w.maybe(r, "keywords", w.some("K", "l", "\u0130", "a,b"))
	w.maybe(r, "tags", w.some("s", "t"))
	w.maybe(r, "skipReport", w.IntN(2) == 0)
	if w.IntN(4) == 0 {
		r["secretGroup"] = w.IntN(2)
	}
	if w.IntN(4) == 0 {
		r["allowlists"] = []map[string]any{w.list(false)}
	}
	if w.IntN(6) == 0 {
		r["allowlist"] = w.list(false)
	}
	if w.IntN(12) == 0 {
		q := map[string]any{"id": r["id"]}
		w.maybe(q, "withinLines", w.IntN(3))
		w.maybe(q, "withinColumns", w.IntN(3))
		r["required"] = []map[string]any{q}
	}
	w.spoil(r)
	return r
}

func (w *configWriter) list(global bool) map[string]any {
	l := map[string]any{"stopwords": w.some("U", "v", "V")}
	w.maybe(l, "regexes", w.some("(?i)a", "b"))
	w.maybe(l, "paths", w.some("p$", "q"))
	w.maybe(l, "commits", w.some("C1", "c1 ", "d"))
	w.maybe(l, "condition", w.pick("AND", "and", "OR", "||", "&&", ""))
	w.maybe(l, "regexTarget", w.pick("match", "line", "secret", ""))
	if global && w.IntN(4) == 0 {
		l["targetRules"] = w.some("r0", "r1")
	}
	w.spoil(l)
	return l
}

// spoil makes a mistake, once in a while.
func (w *configWriter) spoil(m map[string]any) {
	if w.IntN(30) > 0 {
		return
	}
	mistakes := map[string]any{
		"id": "", "regex": "(", "path": "[", "secretGroup": 7, "condition": "nor", "regexTarget": "mtach", "regexes": []string{"("},
		"stopwords": []string{}, "required": []map[string]any{{"id": "none"}},
	}
	key := w.pick(slices.Sorted(maps.Keys(mistakes))...)
	if _, ok := m[key]; ok {
		m[key] = mistakes[key]
	}
}

func (w *configWriter) pick(list ...string) string { return list[w.IntN(len(list))] }

func (w *configWriter) some(list ...string) []string {
	n := w.IntN(len(list)) + 1
	w.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list[:n]
}

func (w *configWriter) maybe(m map[string]any, key string, value any) {
	if w.IntN(3) == 0 {
		m[key] = value
	}
}
