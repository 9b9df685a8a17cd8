package fields

import "testing"

// For every list of keys: no two are the same after unique.
func TestUniqueKeys(t *testing.T) {
	for _, keys := range [][]string{{"a", "a", "a"}, {"a#2", "a", "a"}, {"a", "a", "a#2"}, {"a#2", "a#2", "a", "a", "a#2#2"}} {
		e := emitter{seen: map[string]int{}}
		seen := map[string]bool{}
		for _, key := range keys {
			u := e.unique(key)
			if seen[u] {
				t.Errorf("%q: %q comes twice", keys, u)
			}
			seen[u] = true
		}
	}
}

// What is PEM by its marks alone is taken line by line only where its blocks are closed.
func TestBlocksThatAreNotClosedAreHiddenWhole(t *testing.T) {
	f, _ := Of("a.yml", "")
	text := "password: |\n  -----BEGIN CERTIFICATE-----\n  hunter2hunter2\n"
	fields, err := f.Read([]byte(text))
	if err != nil || len(secretsOf(fields)) != 2 {
		t.Errorf("%d secrets, %v; want both lines", len(secretsOf(fields)), err)
	}
}
