package redact

import (
	"testing"

	"cofferdam/scan"
)

// TestDigest: one set has one digest, in any order; another set or key has another.
func TestDigest(t *testing.T) {
	known := func(texts ...string) *Known {
		var values []Value
		for _, text := range texts {
			values = append(values, Value{Secret: scan.NewSecret(text), Name: "n" + text[:1], Rule: "r"})
		}
		return NewKnown(values)
	}
	one, two := "Tr0ub4dor"+"-first-7Q", "Tr0ub4dor"+"-second-9Z"
	key := []byte("key")
	base := known(one, two).Digest(key)
	if known(two, one).Digest(key) != base {
		t.Error("the order counts")
	}
	seen := map[[32]byte]string{base: "both"}
	for name, sum := range map[string][32]byte{
		"one": known(one).Digest(key), "none": known().Digest(key), "another key": known(one, two).Digest([]byte("kez")),
		"joined": known(one + two).Digest(key),
	} {
		if same, twice := seen[sum]; twice {
			t.Errorf("%s and %s have one digest", name, same)
		}
		seen[sum] = name
	}
	if (*Known)(nil).Digest(key) != known().Digest(key) {
		t.Error("nil is not the empty set")
	}
}
