package cofferdam

import (
	"context"

	"cofferdam/scan"
	"cofferdam/stage"
	"cofferdam/workspace"
)

// Explain says what a view does with one path and which rule decided. It scans the whole project: a link anywhere may
// be the reason.
func (p *Project) Explain(ctx context.Context, path workspace.Path, progress func(scan.Progress)) (stage.Decision, error) {
	report, err := scan.Scan(ctx, p.Root, p.Rules, scan.Options{Progress: progress})
	if err != nil {
		return stage.Decision{}, err
	}
	plan, err := stage.NewPlan(report, stage.Options{Set: p.Rules})
	if err != nil {
		return stage.Decision{}, err
	}
	return plan.Decision(path), nil
}
