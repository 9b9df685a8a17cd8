package stage

import (
	"cofferdam/rules"
	"cofferdam/scan"
	"cofferdam/workspace"
)

// Annotate fills in the action for every line and every finding of r, the report that the plan was made of. Nothing that a
// plan is made of depends on it.
func (p *Plan) Annotate(r *scan.Report) {
	for i := range r.Ledger {
		r.Ledger[i].Action = string(rules.Pass)
	}
	for _, d := range p.Decisions {
		p.annotate(r.Ledger, d)
	}
	for i := range r.Findings {
		r.Findings[i].Action = p.action(r.Findings[i].Path)
	}
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
	if d := p.find(path); d != nil {
		return string(d.Action)
	}
	if d := p.covering(path); d != nil {
		return string(d.Action)
	}
	return string(rules.Pass)
}
