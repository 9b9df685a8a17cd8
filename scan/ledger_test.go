package scan

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"cofferdam/workspace"
)

// Law: the ledger has every path that a walk finds, once and in path order, with names that sort before and behind a
// slash, and however many readers share a directory.
func TestLedgerIsInPathOrder(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 4))
	dir := t.TempDir()
	names := []string{"a", "a-b", "a.b", "a/b", "a0", "aa", "A", "!", "~", "\xff", "b c"}
	for i := range 400 {
		path := names[random.IntN(len(names))] + "_"
		for range random.IntN(5) {
			path += "/" + names[random.IntN(len(names))] + "_"
		}
		write(t, dir, fmt.Sprintf("%s/%d", path, i), "")
	}
	for i := range 3000 {
		write(t, dir, fmt.Sprintf("flat/%x", i*7919), "")
	}
	root := open(t, dir)
	want, _, err := workspace.List(t.Context(), root, nil)
	must(t, err)
	for _, workers := range []int{1, 2, 16} {
		r := scanWith(t, root, Options{Workers: workers}, noEngine{})
		if !slices.EqualFunc(r.Ledger, want, func(l Line, e workspace.Entry) bool { return l.Path == e.Path && l.Stat == e.Stat }) {
			t.Errorf("%d workers: the ledger has %d lines, the walk %d, or another order", workers, len(r.Ledger), len(want))
		}
	}
}

// A name that comes up twice while its directory changes has one line, and what failed has one too.
func TestLedgerOfOddListings(t *testing.T) {
	s := newScanner(open(t, t.TempDir()), nil, Options{Workers: 1})
	one := newReader(t.Context(), s)
	one.listings = []listing{
		{".", []*record{{path: "d", state: Directory}, {path: "f", state: Scanned}}},
		{".", []*record{{path: "e", state: Directory}, {path: "f", state: Scanned}}},
	}
	lines := s.ledger([]*reader{one}, map[workspace.Path]string{"d": "gone", "e": string(Mount), ".": "never a line"})
	var got []string
	for _, l := range lines {
		got = append(got, fmt.Sprintf("%s %s %s", l.Path, l.State, l.Reason))
	}
	if want := []string{"d unreadable gone", "e mount ", "f scanned "}; !slices.Equal(got, want) {
		t.Errorf("ledger %q, want %q", got, want)
	}
}
