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
	policy, notes, err := p.policy(o.Known)
	if err != nil {
		return nil, err
	}
	s := &Scanned{Notes: notes}
	s.Report, s.Suppressed = r.Without(policy)
	s.Unlisted = s.Report
	if policy.Operator.Baseline != nil {
		open := policy
		open.Operator.Baseline = nil
		s.Unlisted, _ = r.Without(open)
	}
	for _, list := range []*allow.Ignores{policy.Operator.Ignore, policy.Project.Ignore} {
		if list != nil && list.Exhausted() {
			s.Notes = append(s.Notes, "an ignore file was not heeded to its end: its patterns take too long to match")
		}
	}
	return s, nil
}

// policy adds to what the operator declares known what the project does, and says what of that could not be read. A list
// that is not obeyed may be broken: the project must not be able to stop a scan.
func (p *Project) policy(known allow.Policy) (policy allow.Policy, notes []string, err error) {
	policy = known
	policy.Project.Comments = true
	var failed [2]error
	policy.Project.Ignore, failed[0] = readIgnored(p, string(allow.CofferdamIgnore), allow.ReadIgnores)
	policy.Project.Gitleaks, failed[1] = readIgnored(p, string(allow.GitleaksIgnore), allow.ReadFingerprints)
	for _, err := range failed {
		switch {
		case err == nil:
		case policy.Trust:
			return policy, nil, err
		default:
			notes = append(notes, err.Error())
		}
	}
	return policy, notes, nil
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
