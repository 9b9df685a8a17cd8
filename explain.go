package cofferdam

import (
	"context"
	"slices"

	"cofferdam/scan"
	"cofferdam/scan/allow"
	"cofferdam/stage"
	"cofferdam/workspace"
)

// Explained is what a view does with a path, and what was found in it.
type Explained struct {
	Decision stage.Decision
	Findings []Known  // in the order of a report; one without a line is the file itself, as a credential file
	Notes    []string // as those of Scanned
}

// Known is a finding with what declares it known, if anything does.
type Known struct {
	scan.Finding
	By allow.Decision
}

// Explain says what a view does with one path, which rule decided, and what was found there. It scans the whole project:
// a link anywhere may be the reason.
func (p *Project) Explain(ctx context.Context, path workspace.Path, o ScanOptions) (*Explained, error) {
	r, plan, err := p.plan(ctx, stage.Options{}, o.scan())
	if err != nil {
		return nil, err
	}
	policy, notes, err := p.policy(o.Known)
	if err != nil {
		return nil, err
	}
	e := &Explained{Decision: plan.Decision(path), Notes: notes}
	plan.Annotate(r)
	one := scan.Report{Findings: slices.DeleteFunc(r.All(), func(f scan.Finding) bool {
		return f.Path != path && f.Path != path+"/"
	})}
	for i, by := range policy.Decide(one.Questions()) {
		e.Findings = append(e.Findings, Known{one.Findings[i], by})
	}
	return e, nil
}
