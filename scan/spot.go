package scan

import (
	"context"
	"errors"
	"time"

	"cofferdam/rules"
	"cofferdam/workspace"
)

// Spot scans single paths of a tree, each as a scan of all would. It is for one goroutine.
type Spot struct{ reader *reader }

// NewSpot makes one. A nil set means the default rules. Nothing is remembered, and nothing hashed.
func NewSpot(root *workspace.Root, set *rules.Set, o Options) *Spot {
	if set == nil {
		set = rules.NewSet(nil, nil)
	}
	o.Workers, o.Progress, o.Prior, o.Hash, o.NoCache = 1, nil, nil, false, true
	return &Spot{newReader(context.Background(), newScanner(root, set, o))}
}

// Look is a report of what stands at path now, with one line. A file that somebody goes on writing is reported as far as it
// was read: it is the caller's to look again. The error is fs.ErrNotExist where there is nothing, and that of ctx.
func (s *Spot) Look(ctx context.Context, path workspace.Path) (*Report, error) {
	r, root := s.reader, s.reader.root
	r.ctx, r.rules, r.enteredAt = ctx, r.set.In(path.Dir()), time.Now().UnixNano()
	r.findings, r.incomplete, r.bytes = nil, nil, 0
	clear(r.records)
	r.records, r.store = r.records[:0], nil
	e, err := root.Lookup(path)
	if err != nil {
		return nil, err
	}
	rec := record{path: path, stat: e.Stat, verdict: r.verdict(path, e.Type)}
	if !r.unread(&rec, &e) {
		if err := s.read(&rec); err != nil {
			return nil, err
		}
	}
	if len(r.records) == 0 {
		r.add(rec)
	}
	report := &Report{Root: root.Path(), Findings: r.findings, Incomplete: r.incomplete, Bytes: r.bytes, Ledger: make([]Line, 1)}
	r.records[0].fill(&report.Ledger[0])
	report.account(&report.Ledger[0], e.UID, e.GID)
	return report, nil
}

// read reads a regular file.
func (s *Spot) read(rec *record) error {
	r, f := s.reader, &s.reader.file
	stat, err := r.root.OpenHandle(rec.path, &f.Handle)
	if err != nil {
		rec.state, rec.detail().reason = Unreadable, reason(err)
		return nil
	}
	f.path, f.stat, f.verdict = rec.path, stat, rec.verdict
	err = r.readOnce(f)
	f.Close()
	if errors.Is(err, errChanging) {
		err = nil
	}
	if r.ctx.Err() != nil {
		return r.ctx.Err()
	}
	r.take(rec, f, err)
	return nil
}
