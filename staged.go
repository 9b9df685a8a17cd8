package cofferdam

import (
	"context"

	"cofferdam/internal/git"
	"cofferdam/scan/history"
)

// ScanStaged searches what the next git commit would bring in.
func (p *Project) ScanStaged(ctx context.Context, o ScanOptions) (*Scanned, error) {
	repo, err := git.Open(p.Root.Path())
	if err != nil {
		return nil, err
	}
	r, err := history.Staged(ctx, repo, p.searcher(o))
	if err != nil {
		return nil, err
	}
	return p.less(r, o)
}
