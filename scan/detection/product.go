package detection

import (
	"context"
	"errors"

	"cofferdam/scan"
	"cofferdam/workspace"
)

// Product finds what a scan with the built-in rules finds. It fails where a text could not be searched whole.
func Product(ctx context.Context) Find {
	searcher := scan.NewSearcher(scan.Options{})
	return func(path string, raw []byte) ([]Span, error) {
		findings, incomplete, err := searcher.Search(ctx, workspace.Path(path), raw)
		if err != nil {
			return nil, err
		}
		if len(incomplete) > 0 {
			return nil, errors.New(incomplete[0].Reason)
		}
		var spans []Span
		for _, f := range findings {
			spans = append(spans, Span{Start: int(f.Offset), End: int(f.Offset + f.Length)})
		}
		return spans, nil
	}
}
