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
	_, plan, err := p.plan(ctx, stage.Options{}, scan.Options{Progress: progress})
	if err != nil {
		return stage.Decision{}, err
	}
	return plan.Decision(path), nil
}
