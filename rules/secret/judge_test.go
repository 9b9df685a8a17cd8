package secret

import (
	"slices"
	"strings"
	"testing"
)

func TestJudgementIsWhole(t *testing.T) {
	j := Judge()
	lists := map[string][]string{
		"guesses": j.Guesses, "machine": j.Machine, "encoded": j.Encoded, "pairs": j.Pairs, "lists": j.Lists, "parts": j.Parts,
		"words": j.Placeholders.Words, "markers": j.Placeholders.Markers, "inside": j.Placeholders.Inside, "syntax": j.Placeholders.Syntax,
		"runs": j.Placeholders.Runs, "prose": j.Placeholders.Prose, "begin": j.References.Begin,
		"passwords": j.Keys.Passwords, "harmless": j.Keys.Harmless, "fixtures": j.Paths.Fixtures, "locales": j.Paths.Locales,
		"locks": j.Paths.Locks, "code": j.Paths.Code, "documents": j.Paths.Documents, "live": j.Paths.Live,
	}
	for name, list := range lists {
		if len(list) == 0 {
			t.Errorf("%s is empty", name)
		}
		for i, word := range list {
			switch {
			case word == "":
				t.Errorf("%s has an empty word, which everything has in it", name)
			case word != strings.ToLower(word):
				t.Errorf("%s has %q; want lower case", name, word)
			case slices.Index(list, word) != i:
				t.Errorf("%s has %q twice", name, word)
			}
		}
	}
}

func TestBadJudgementIsRefused(t *testing.T) {
	row := strings.Repeat("a", 26)
	rows := func(n int, row string) string { return "[model]\npairs = [" + strings.Repeat("'"+row+"',", n) + "]" }
	for name, text := range map[string]string{
		"unknown key": "guess = ['x']\n" + rows(26, row),
		"few rows":    rows(25, row),
		"short row":   rows(26, row[1:]),
		"no digit":    rows(26, row[1:]+"!"),
		"no TOML":     "[",
	} {
		if _, err := parseJudgement([]byte(text)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := parseJudgement([]byte(rows(26, row))); err != nil {
		t.Errorf("a right one: %v", err)
	}
}
