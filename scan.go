package cofferdam

import (
	"context"

	"cofferdam/scan"
	"cofferdam/stage"
)

// Scan reads the whole project and says what it found, with the plan of a view without that.
func (p *Project) Scan(ctx context.Context, progress func(scan.Progress)) (*scan.Report, *stage.Plan, error) {
	report, err := scan.Scan(ctx, p.Root, p.Rules, scan.Options{Progress: progress})
	if err != nil {
		return nil, nil, err
	}
	plan, err := stage.NewPlan(report, stage.Options{Set: p.Rules})
	if err != nil {
		return nil, nil, err
	}
	return plan.Annotate(report), plan, nil
}
