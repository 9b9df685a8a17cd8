package stage

import (
	"slices"

	"cofferdam/rules"
	"cofferdam/scan"
	"cofferdam/workspace"
)

// Annotate is a copy of r, the report that the plan was made of, with the action filled in for every line and every
// finding.
func (p *Plan) Annotate(r *scan.Report) *scan.Report {
	annotated := *r
	annotated.Ledger = slices.Clone(r.Ledger)
	annotated.Findings = slices.Clone(r.Findings)
	for i := range annotated.Ledger {
		annotated.Ledger[i].Action = string(rules.Pass)
	}
	for _, d := range p.Decisions {
		p.annotate(annotated.Ledger, d)
	}
	for i := range annotated.Findings {
		annotated.Findings[i].Action = p.action(annotated.Findings[i].Path)
	}
	return &annotated
}

func (p *Plan) annotate(lines ledger, d Decision) {
	if i := lines.index(d.Path); i >= 0 {
		lines[i].Action = string(d.Action)
	}
	from, to := lines.below(d.Path)
	for i := from; i < to; i++ {
		lines[i].Action = string(d.Action)
	}
}

func (p *Plan) action(path workspace.Path) string {
	if d := p.covering(path); d != nil {
		return string(d.Action)
	}
	return string(rules.Pass)
}
