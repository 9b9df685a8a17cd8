package scan

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"sync"

	"cofferdam/rules"
	"cofferdam/workspace"
)

// Searcher finds secrets in texts that are no files of a tree, as a scan would in a file. It is safe for concurrent use.
type Searcher struct {
	scanner *scanner
	names   *rules.Set // nil where texts have no names to judge
	readers sync.Pool
}

// NewSearcher makes one; of the options it heeds what decides about the content of a file.
func NewSearcher(o Options) *Searcher {
	o.Workers, o.Progress, o.Prior, o.Hash = 1, nil, nil, false
	return &Searcher{scanner: newScanner(nil, rules.NewSet(nil, nil), o)}
}

// Judging makes s report, as a finding without a line, what is a credential file by what set says of its path: by its name,
// or by its content where the name has that decide and nothing was found in it.
func (s *Searcher) Judging(set *rules.Set) *Searcher {
	s.names = set
	return s
}

// Search finds the secrets in raw, the whole of what stands at path, and says what of it could not be searched.
func (s *Searcher) Search(ctx context.Context, path workspace.Path, raw []byte) ([]Finding, []Incomplete, error) {
	r, ok := s.readers.Get().(*reader)
	if !ok {
		r = newReader(ctx, s.scanner)
	}
	defer s.readers.Put(r)
	r.ctx = ctx
	f := &file{path: path}
	if err := r.search(f, "", nil, &desk{raw: raw}, len(raw), true); err != nil {
		if ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		f.problems = append(f.problems, Incomplete{path, reason(err)})
	}
	if credential := s.credential(path, raw, len(f.findings) > 0); credential != nil {
		f.findings = append(f.findings, *credential)
	}
	return f.findings, f.problems, nil
}

func (s *Searcher) credential(path workspace.Path, raw []byte, found bool) *Finding {
	if s.names == nil {
		return nil
	}
	l := Line{Entry: workspace.Entry{Path: path}, Verdict: s.names.Decide(path, workspace.File)}
	if !found {
		l.Credential, _ = s.names.Credential(l.Verdict, raw)
	}
	if !l.byName() && l.Credential == "" {
		return nil
	}
	f := l.Finding()
	return &f
}

// maxText bounds a text that is read from a stream, in bytes.
const maxText = 1 << 30

// SearchReader is Search for a text that is still to be read, as a report without a ledger.
func (s *Searcher) SearchReader(ctx context.Context, path workspace.Path, r io.Reader) (*Report, error) {
	var b bytes.Buffer
	n, err := b.ReadFrom(io.LimitReader(r, maxText+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	if n > maxText {
		return nil, fmt.Errorf("read %s: over the limit of %d MiB", path, maxText>>20)
	}
	findings, incomplete, err := s.Search(ctx, path, b.Bytes())
	if err != nil {
		return nil, err
	}
	return &Report{Findings: findings, Incomplete: incomplete, Bytes: n, Texts: 1}, nil
}
