package scan

import (
	"context"

	"cofferdam/scan/detect"
	"cofferdam/workspace"
)

// detector is the engine of a scan.
type detector struct {
	*detect.Detector
	depth int
}

func (d detector) find(ctx context.Context, path workspace.Path, text string) ([]match, error) {
	list, err := d.Find(ctx, string(path), text, d.depth)
	if len(list) == 0 {
		return nil, err
	}
	matches := make([]match, 0, len(list))
	for _, m := range list {
		if placeholders(text[m.Start:m.End]) {
			continue
		}
		matches = append(matches, match{
			rule: m.Rule.ID, description: m.Rule.Description, severity: m.Severity, why: m.Rule.Why, start: m.Start, end: m.End,
			decoded: m.Decoded, tags: m.Rule.Tags, entropy: m.Entropy, fingerprint: m.Fingerprint, comment: m.Comment,
		})
	}
	return matches, err
}
