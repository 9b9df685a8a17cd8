package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cofferdam/rules/secret/sample"
)

const someReview = `
tree = [{ name = 'a', title = 'tree A' }]
[[class]]
title = 'tokens of tests'
why = 'Tolerated.'
places = [{ tree = 'a', rules = ['github-pat'], path = '_test\.go$' }]
`

// scanned is the tally of a tree with a token in each of some files.
func scanned(t *testing.T, files ...string) (*review, tally, string) {
	t.Helper()
	dir := t.TempDir()
	token, _ := sample.Expand("{{check:github:ghp_}}", 1)
	for _, name := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("token = "+token+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r, err := loadReview([]byte(someReview))
	if err != nil {
		t.Fatal(err)
	}
	n, err := r.scan(t.Context(), source{"a", dir})
	if err != nil {
		t.Fatal(err)
	}
	return r, n, token
}

func TestFindingsAreCountedByClass(t *testing.T) {
	r, n, _ := scanned(t, "a_test.go", "b_test.go")
	if n.files != 2 || n.findings != 2 || n.classes[0] != 2 || len(n.unknown) != 0 {
		t.Errorf("%d files, %d findings, classes %v, unknown %v; want 2, 2, [2] and none", n.files, n.findings, n.classes, n.unknown)
	}
	table := r.table([]tally{n})
	for _, want := range []string{"| tree A | 2 | 2 | 10000.0 |", "| tokens of tests | 2 | Tolerated. |", "| `github-pat` | 2 |"} {
		if !strings.Contains(table, want) {
			t.Errorf("the table lacks %q:\n%s", want, table)
		}
	}
}

func TestAFindingInNoClassIsNamedWithoutItsValue(t *testing.T) {
	_, n, token := scanned(t, "a_test.go", "b.go")
	if len(n.unknown) != 1 || n.classes[0] != 1 {
		t.Fatalf("unknown %v, classes %v; want one and [1]", n.unknown, n.classes)
	}
	if got, want := n.unknown[0], "a: github-pat at b.go:1"; got != want {
		t.Errorf("unknown = %q, want %q", got, want)
	}
	if strings.Contains(n.unknown[0], token) {
		t.Error("the name of a finding has its value")
	}
}

func TestCountFailsWhereSomethingIsNotReviewed(t *testing.T) {
	dir := t.TempDir()
	token, _ := sample.Expand("{{check:github:ghp_}}", 1)
	if err := os.WriteFile(filepath.Join(dir, "a.txt"), []byte(token), 0o600); err != nil {
		t.Fatal(err)
	}
	page := filepath.Join(t.TempDir(), "trees.md")
	err := run(t.Context(), []string{"-tree", "moby=" + dir, page})
	if err == nil || !strings.Contains(err.Error(), "moby: github-pat at a.txt:1") {
		t.Errorf("run = %v, want an error that names the finding", err)
	}
	if text, _ := os.ReadFile(page); !strings.Contains(string(text), "| moby 28.5.1 | 1 | 1 |") {
		t.Errorf("the page lacks the tree:\n%s", text)
	}
}

func TestReviewsThatMakeNoSenseAreErrors(t *testing.T) {
	for name, text := range map[string]string{
		"unknown key":  "x = 1",
		"unknown tree": "[[class]]\ntitle = 'a'\nwhy = 'b'\nplaces = [{ tree = 'c', rules = ['d'], path = 'e' }]",
		"no rules":     strings.ReplaceAll(someReview, "'github-pat'", ""),
		"no why":       strings.ReplaceAll(someReview, "why = 'Tolerated.'", ""),
		"expression":   strings.ReplaceAll(someReview, `_test\.go$`, "("),
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := loadReview([]byte(text)); err == nil {
				t.Error("loadReview = nil, want an error")
			}
		})
	}
}

func TestTheReviewOfTheTreesLoads(t *testing.T) {
	if _, err := loadReview(reviewed); err != nil {
		t.Error(err)
	}
}
