package main

import (
	"context"
	"fmt"

	"cofferdam/scan"
	"cofferdam/workspace"
)

// tally is how much a scan reports of a tree.
type tally struct {
	tree       tree
	files      int
	findings   int
	severities map[string]int
	rules      map[string]int
	classes    []int
	incomplete int      // what was not read whole
	unknown    []string // findings in no class
}

func (r *review) scan(ctx context.Context, s source) (tally, error) {
	t, ok := r.tree(s.name)
	if !ok {
		return tally{}, fmt.Errorf("classes.toml does not know the tree")
	}
	root, err := workspace.Open(s.dir)
	if err != nil {
		return tally{}, err
	}
	defer root.Close()
	report, err := scan.Scan(ctx, root, nil, scan.Options{NoCache: true})
	if err != nil {
		return tally{}, err
	}
	return r.tally(t, report), nil
}

func (r *review) tally(t tree, report *scan.Report) tally {
	n := tally{tree: t, severities: map[string]int{}, rules: map[string]int{}, classes: make([]int, len(r.Classes)), incomplete: len(report.Incomplete)}
	for i := range report.Ledger {
		if report.Ledger[i].State == scan.Scanned {
			n.files++
		}
	}
	for _, f := range report.All() {
		n.findings++
		n.severities[f.Severity]++
		n.rules[f.Rule]++
		if class := r.classOf(t.Name, f.Rule, string(f.Path)); class >= 0 {
			n.classes[class]++
		} else {
			n.unknown = append(n.unknown, fmt.Sprintf("%s: %s at %s:%d", t.Name, f.Rule, f.Path, f.Line))
		}
	}
	return n
}
