package cofferdam

import (
	"context"
	"io"

	"cofferdam/scan"
	"cofferdam/workspace"
)

// ScanText searches one text, which is taken to stand at path.
func (p *Project) ScanText(ctx context.Context, path workspace.Path, r io.Reader, o ScanOptions) (*Scanned, error) {
	found, err := p.searcher(o).SearchReader(ctx, path, r)
	if err != nil {
		return nil, err
	}
	return p.less(found, o)
}

// searcher finds secrets in texts that are no files of the project.
func (p *Project) searcher(o ScanOptions) *scan.Searcher {
	return scan.NewSearcher(o.scan()).Judging(p.Rules)
}
