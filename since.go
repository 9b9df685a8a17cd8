package cofferdam

import (
	"context"

	"cofferdam/internal/git"
	"cofferdam/scan/history"
	"cofferdam/stage"
)

// ScanSince reads the whole project and keeps what came in after the revision, committed or not.
func (p *Project) ScanSince(ctx context.Context, revision string, o ScanOptions) (*Scanned, error) {
	repo, err := git.Open(p.Root.Path())
	if err != nil {
		return nil, err
	}
	r, plan, err := p.plan(ctx, stage.Options{}, o.scan())
	if err != nil {
		return nil, err
	}
	plan.Annotate(r)
	r, err = history.Since(ctx, repo, p.searcher(o), revision, r)
	if err != nil {
		return nil, err
	}
	return p.less(r, o)
}
