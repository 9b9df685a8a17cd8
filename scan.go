package cofferdam

import (
	"context"

	"cofferdam/scan"
	"cofferdam/stage"
)

// Scan reads the whole project and says what it found, with the plan of a view without that.
func (p *Project) Scan(ctx context.Context, progress func(scan.Progress)) (*scan.Report, *stage.Plan, error) {
	report, plan, err := p.plan(ctx, stage.Options{}, progress)
	if err != nil {
		return nil, nil, err
	}
	return plan.Annotate(report), plan, nil
}

// plan scans the project and decides what a view of it shows.
func (p *Project) plan(ctx context.Context, o stage.Options, progress func(scan.Progress)) (*scan.Report, *stage.Plan, error) {
	report, err := scan.Scan(ctx, p.Root, p.Rules, scan.Options{Progress: progress})
	if err != nil {
		return nil, nil, err
	}
	o.Set = p.Rules
	plan, err := stage.NewPlan(report, o)
	return report, plan, err
}
