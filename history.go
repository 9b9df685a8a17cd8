package cofferdam

import (
	"context"

	"cofferdam/internal/git"
	"cofferdam/scan"
	"cofferdam/scan/history"
)

// ScanHistory searches every version that a file of the project ever had, or those that a range of revisions brought in.
func (p *Project) ScanHistory(ctx context.Context, revisions []string, o ScanOptions) (*Scanned, error) {
	repo, err := git.Open(p.Root.Path())
	if err != nil {
		return nil, err
	}
	remember := o.scan()
	remember.CacheDir = p.cacheDir
	objects := scan.OpenObjects(p.Root.Path(), p.Rules, remember)
	r, err := history.Search(ctx, repo, p.searcher(o), history.Options{Range: revisions, Progress: o.Progress, Cache: objects})
	// What was found before it was stopped is not searched for again.
	objects.Write(err == nil && len(revisions) == 0)
	if err != nil {
		return nil, err
	}
	return p.less(r, o)
}
