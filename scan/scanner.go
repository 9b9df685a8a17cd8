package scan

import (
	"context"
	"os"
	"sync"

	"cofferdam/rules"
	"cofferdam/workspace"
)

// scanner takes what the walk finds, and gives regular files to its readers.
type scanner struct {
	root   *workspace.Root
	set    *rules.Set
	opts   Options
	engine func() (engine, error)
	files  chan Line
	uid    uint32
	gid    uint32

	mu       sync.Mutex
	report   Report
	failed   map[workspace.Path]string // directories that were visited and could not be read
	progress Progress
}

func newScanner(root *workspace.Root, set *rules.Set, opts Options) *scanner {
	s := &scanner{root: root, set: set, opts: opts, failed: map[workspace.Path]string{}, files: make(chan Line, 256)}
	s.engine = func() (engine, error) { return defaultEngine() }
	s.uid, s.gid = uint32(os.Getuid()), uint32(os.Getgid())
	s.report.Root = root.Path()
	return s
}

// Visit implements workspace.Visitor.
func (s *scanner) Visit(e workspace.Entry) (descend bool) {
	l := Line{Entry: e, Verdict: s.set.Decide(e.Path, e.Type)}
	switch {
	case e.Mount != s.root.Stat().Mount:
		l.State = Mount
	case e.Path.Base() == ".git":
		l.State = Unit
	case e.Type == workspace.Dir:
		l.State = Directory
	case e.Type == workspace.Symlink:
		l.State = Symlink
	case e.Type == workspace.File:
		if !s.reuse(l) {
			s.files <- l
		}
		return false
	default:
		l.State = Special
	}
	s.add(l, nil)
	return l.State == Directory
}

// Fail implements workspace.Visitor. A directory that cannot be read has a line already, a name that cannot has none.
func (s *scanner) Fail(path workspace.Path, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failed[path] = reason(err)
	if isMount(err) {
		s.failed[path] = string(Mount)
	}
}

// add puts a line and its findings into the report.
func (s *scanner) add(l Line, findings []Finding) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.report.Ledger = append(s.report.Ledger, l)
	s.report.Findings = append(s.report.Findings, findings...)
	if l.Type == workspace.File {
		s.progress.Files++
		if s.opts.Progress != nil && s.progress.Files%256 == 0 {
			s.opts.Progress(s.progress)
		}
	}
}

// reuse takes the line of the report before for a file that has not changed since it was read.
func (s *scanner) reuse(l Line) bool {
	if s.opts.Prior == nil {
		return false
	}
	old := s.opts.Prior.Find(l.Path)
	if old == nil || old.State != Scanned || old.Verdict != l.Verdict || !old.Stat.Unchanged(l.Stat) || old.Ctime > old.readAt-clockStep {
		return false
	}
	line := *old
	line.Stat, line.Action = l.Stat, ""
	var findings []Finding
	for _, f := range s.opts.Prior.FindingsIn(l.Path) {
		f.Action = ""
		findings = append(findings, f)
	}
	s.add(line, findings)
	s.mu.Lock()
	s.report.Reused++
	s.mu.Unlock()
	return true
}

// clockStep is how much later than a change of a file a second one can happen and leave the same times: file systems
// stamp with the clock of the last timer tick, 10 ms where it is slow.
const clockStep = 20e6

func (s *scanner) readFiles(ctx context.Context) {
	for l := range s.files {
		if ctx.Err() == nil {
			s.readFile(ctx, l)
		}
	}
}

// readFile reads and judges one file.
func (s *scanner) readFile(ctx context.Context, l Line) {
	c, err := read(ctx, s.root, l.Path)
	switch {
	case isMount(err):
		l.State = Mount
	case err != nil:
		l.State, l.Reason = Unreadable, reason(err)
	}
	if l.State != "" {
		s.add(l, nil)
		return
	}
	l.State, l.Stat, l.Hash, l.readAt = Scanned, c.stat, c.hash, c.readAt
	s.mu.Lock()
	s.report.Bytes += int64(len(c.raw))
	s.progress.Bytes += int64(len(c.raw))
	s.mu.Unlock()
	if why, ok := s.set.Credential(l.Verdict, c.raw); ok {
		l.Credential = why
	}
	findings, err := s.findings(ctx, l.Path, c.raw)
	if err != nil {
		l.State, l.Reason = Unreadable, reason(err)
	}
	s.add(l, findings)
}

func (s *scanner) findings(ctx context.Context, path workspace.Path, raw []byte) ([]Finding, error) {
	engine, err := s.engine()
	if err != nil {
		return nil, err
	}
	t := newText(raw)
	matches, err := engine.find(ctx, path, t.body)
	if err != nil {
		return nil, err
	}
	return toFindings(path, t, matches), nil
}

// finish puts the report together after everything has been visited.
func (s *scanner) finish() *Report {
	r := &s.report
	for i := range r.Ledger {
		l := &r.Ledger[i]
		if why, ok := s.failed[l.Path]; ok {
			l.State, l.Reason = Unreadable, why
			if why == string(Mount) {
				l.State, l.Reason = Mount, ""
			}
			delete(s.failed, l.Path)
		}
	}
	for path, why := range s.failed {
		if path == workspace.Dot {
			r.Incomplete = append(r.Incomplete, Incomplete{path, why})
		} else {
			r.Ledger = append(r.Ledger, Line{Entry: workspace.Entry{Path: path}, State: Unreadable, Reason: why, Verdict: s.set.Decide(path, workspace.None)})
		}
	}
	for i := range r.Ledger {
		s.account(&r.Ledger[i])
	}
	r.sort()
	if s.opts.Progress != nil {
		s.opts.Progress(s.progress)
	}
	return r
}

// account enters a line into the lists that it belongs to.
func (s *scanner) account(l *Line) {
	r := &s.report
	switch l.State {
	case Unreadable:
		r.Incomplete = append(r.Incomplete, Incomplete{l.Path, l.Reason})
	case Mount:
		r.Mounts = append(r.Mounts, l.Path)
		r.Incomplete = append(r.Incomplete, Incomplete{l.Path, "a mount point: what lies in it was not read"})
	}
	if l.Type != workspace.None && l.State != Mount && (l.UID != s.uid || l.GID != s.gid) {
		r.Foreign = append(r.Foreign, l.Path)
	}
}
