package cofferdam

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"cofferdam/scan"
	"cofferdam/scan/allow"
)

// less takes out of a report what is known.
func (p *Project) less(r *scan.Report, o ScanOptions) (*Scanned, error) {
	policy := o.Known
	policy.Project.Comments = true
	var err error
	if policy.Project.Ignore, err = readIgnored(p, string(allow.CofferdamIgnore), allow.ReadIgnores); err != nil {
		return nil, err
	}
	if policy.Project.Gitleaks, err = readIgnored(p, string(allow.GitleaksIgnore), allow.ReadFingerprints); err != nil {
		return nil, err
	}
	rest, suppressed := r.Without(policy)
	return &Scanned{Report: rest, Suppressed: suppressed}, nil
}

// readIgnored reads one of the project's own lists; nil where it has none.
func readIgnored[T any](p *Project, name string, read func(io.Reader) (*T, error)) (*T, error) {
	text, err := p.readOwn(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	list, err := read(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return list, nil
}
