package scan

import (
	"cmp"
	"slices"

	"cofferdam/workspace"
)

func (r *Report) search(path workspace.Path) (int, bool) {
	return slices.BinarySearchFunc(r.Ledger, path, func(l Line, p workspace.Path) int { return cmp.Compare(l.Path, p) })
}

func findingsIn(findings []Finding, path workspace.Path) []Finding {
	compare := func(f Finding, p workspace.Path) int { return cmp.Compare(f.Path, p) }
	from, ok := slices.BinarySearchFunc(findings, path, compare)
	if !ok {
		return nil
	}
	to := from
	for to < len(findings) && findings[to].Path == path {
		to++
	}
	return findings[from:to]
}

// sort puts a report, but for the ledger, into its order, which does not depend on how the work was shared out.
func (r *Report) sort() {
	slices.SortFunc(r.Findings, compareFindings)
	r.Findings = slices.CompactFunc(r.Findings, func(a, b Finding) bool { return compareFindings(a, b) == 0 })
	slices.SortFunc(r.Incomplete, func(a, b Incomplete) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Reason, b.Reason))
	})
	slices.Sort(r.Mounts)
	slices.Sort(r.Foreign)
}

func compareFindings(a, b Finding) int {
	return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Member, b.Member), compareSpans(a, b))
}

func compareSpans(a, b Finding) int {
	return cmp.Or(cmp.Compare(a.Offset, b.Offset), cmp.Compare(a.Length, b.Length), cmp.Compare(a.Rule, b.Rule))
}

// incompleteIn is what was not read of the file at path, which was read else.
func (r *Report) incompleteIn(path workspace.Path) []Incomplete {
	compare := func(i Incomplete, p workspace.Path) int { return cmp.Compare(i.Path, p) }
	from, _ := slices.BinarySearchFunc(r.Incomplete, path, compare)
	to := from
	for to < len(r.Incomplete) && r.Incomplete[to].Path == path {
		to++
	}
	return r.Incomplete[from:to]
}
