package scan

import (
	"context"
	"os"
	"sync"

	"cofferdam/rules"
	"cofferdam/scan/cache"
	"cofferdam/workspace"
)

const gitName = ".git"

// scanner is what the readers of one scan share.
type scanner struct {
	root   *workspace.Root
	set    *rules.Set
	opts   Options
	engine func() (engine, error)
	judge  func(rules.Verdict, []byte) (why string, ok bool) // whether a content makes a credential file
	unpack bool
	desks  desks
	twins  *twins
	memory *memory // nil where nothing is remembered
	meter  meter
}

func newScanner(root *workspace.Root, set *rules.Set, opts Options) *scanner {
	s := &scanner{root: root, set: set, opts: opts, judge: set.Credential, unpack: opts.Archives >= 0, desks: newDesks(opts.Workers), twins: newTwins()}
	s.meter.tell = opts.Progress
	depth := opts.Depth
	if depth == 0 {
		depth = DefaultDepth
	}
	s.engine = func() (engine, error) { return detector{opts.detector(), max(depth, 0)}, nil }
	return s
}

func (s *scanner) scan(ctx context.Context) (*Report, error) {
	if s.opts.remembers(s.root.Path()) {
		s.memory = newMemory(s.root.Path(), s.opts)
	}
	readers := make([]*reader, s.opts.Workers)
	for i := range readers {
		readers[i] = newReader(ctx, s)
	}
	var counting sync.WaitGroup
	survey, stop := context.WithCancel(ctx)
	if s.opts.Progress != nil {
		counting.Go(func() { s.meter.survey(survey, s.root) })
	}
	err := workspace.Sweep(ctx, s.root, readers)
	stop()
	counting.Wait()
	if err != nil {
		return nil, err
	}
	if s.opts.Progress != nil {
		s.meter.show()
	}
	report := s.report(readers)
	s.memory.write(cache.Whole)
	return report, nil
}

// report puts together what the readers have.
func (s *scanner) report(readers []*reader) *Report {
	r := &Report{Root: s.root.Path(), Hashed: s.opts.Hash}
	failed := map[workspace.Path]string{}
	for _, reader := range readers {
		reader.flush()
		r.Findings = append(r.Findings, reader.findings...)
		r.Incomplete = append(r.Incomplete, reader.incomplete...)
		r.Bytes += reader.bytes
		r.Reused += reader.reused
		for path, why := range reader.failed {
			failed[path] = why
		}
	}
	r.Ledger = s.ledger(readers, failed)
	uid, gid := uint32(os.Getuid()), uint32(os.Getgid())
	for i := range r.Ledger {
		r.account(&r.Ledger[i], uid, gid)
	}
	if why, ok := failed[workspace.Dot]; ok {
		r.Incomplete = append(r.Incomplete, Incomplete{workspace.Dot, why})
	}
	r.sort()
	return r
}

// account enters a line into the lists that it belongs to.
func (r *Report) account(l *Line, uid, gid uint32) {
	switch l.State {
	case Unreadable:
		r.Incomplete = append(r.Incomplete, Incomplete{l.Path, l.Reason})
	case Mount:
		r.Mounts = append(r.Mounts, l.Path)
		r.Incomplete = append(r.Incomplete, Incomplete{l.Path, "a mount point: what lies in it was not read"})
	}
	if l.Type != workspace.None && l.State != Mount && (l.UID != uid || l.GID != gid) {
		r.Foreign = append(r.Foreign, l.Path)
	}
}
