package cofferdam

import (
	"context"

	"cofferdam/scan"
	"cofferdam/stage"
)

// StageTo writes a sanitized copy of the project to dest, which must not exist or be empty. What is there when
// StageTo fails never looks whole.
func (p *Project) StageTo(ctx context.Context, dest string, progress func(scan.Progress)) (*stage.Plan, *scan.Report, error) {
	report, plan, err := p.plan(ctx, stage.Options{Kind: stage.Copy}, scan.Options{Hash: true, Progress: progress})
	if err != nil {
		return nil, nil, err
	}
	view, err := plan.WriteCopy(ctx, p.Root, p.Rules, report, dest)
	if err != nil {
		return nil, nil, err
	}
	return view.Plan, view.Report, nil
}
