package cofferdam

import (
	"context"

	"cofferdam/scan"
	"cofferdam/stage"
)

// Scan reads the whole project and says what it found, with what a view would do about it.
func (p *Project) Scan(ctx context.Context, progress func(scan.Progress)) (*scan.Report, error) {
	report, err := scan.Scan(ctx, p.Root, p.Rules, scan.Options{Progress: progress})
	if err != nil {
		return nil, err
	}
	plan, err := stage.NewPlan(report, stage.Options{Set: p.Rules})
	if err != nil {
		return nil, err
	}
	return plan.Annotate(report), nil
}
