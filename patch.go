package cofferdam

import (
	"context"
	"io"

	"cofferdam/scan/history"
)

// ScanPatch searches what a patch adds.
func (p *Project) ScanPatch(ctx context.Context, patch io.Reader, o ScanOptions) (*Scanned, error) {
	r, err := history.Patch(ctx, patch, p.searcher(o))
	if err != nil {
		return nil, err
	}
	return p.less(r, o)
}
