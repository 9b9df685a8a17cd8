package scan

import (
	"context"
	"slices"
	"time"

	"cofferdam/rules"
	"cofferdam/workspace"
)

// reader is one worker of a scan: it looks at what the walk shows it, and reads files while their directory is open. It
// shares nothing that it writes.
type reader struct {
	*scanner
	ctx       context.Context
	desk      desk
	file      file // the one that is being read
	member    desk // for what is in archives
	dir       workspace.Path
	rules     rules.Dir // for what lies in dir
	enteredAt int64     // before anything in dir was asked for its fingerprint; nanoseconds since the epoch
	records   []*record // of dir
	store     recordStore
	last      *rules.Verdict

	listings   []listing
	findings   []Finding
	incomplete []Incomplete
	failed     map[workspace.Path]string // directories that were visited and could not be read, and names
	bytes      int64
	reused     int
}

func newReader(ctx context.Context, s *scanner) *reader {
	return &reader{scanner: s, ctx: ctx, failed: map[workspace.Path]string{}}
}

// Enter implements workspace.Sweeper.
func (r *reader) Enter(dir workspace.Path) {
	r.flush()
	r.dir, r.rules, r.enteredAt = dir, r.set.In(dir), time.Now().UnixNano()
}

// flush ends a directory, or a part of one.
func (r *reader) flush() {
	if len(r.records) == 0 {
		return
	}
	slices.SortFunc(r.records, byPath)
	r.listings = append(r.listings, listing{r.dir, slices.Clone(r.records)})
	clear(r.records)
	r.records = r.records[:0]
}

func (r *reader) add(rec record) { r.records = append(r.records, r.store.add(rec)) }

// Fail implements workspace.Sweeper. A directory that cannot be read has a line already, a name that cannot has none.
func (r *reader) Fail(path workspace.Path, err error) {
	r.failed[path] = reason(err)
	if isMount(err) {
		r.failed[path] = string(Mount)
	}
}

// Visit implements workspace.Sweeper.
func (r *reader) Visit(p *workspace.Place) (descend bool) {
	if p.Type == workspace.File && p.Base() != gitName && r.opts.Prior == nil && r.memory.empty() {
		return r.open(p)
	}
	e, err := p.Lookup()
	if err != nil {
		r.Fail(p.Path, err)
		return false
	}
	rec := record{path: p.Path, stat: e.Stat, verdict: r.verdict(p.Path, e.Type)}
	switch {
	case r.unread(&rec, &e):
		r.add(rec)
		return rec.state == Directory
	case r.reuse(&rec) || r.recall(&rec):
		return false
	}
	return r.open(p)
}

// unread enters what is no file to be read, and reports whether e is.
func (r *reader) unread(rec *record, e *workspace.Entry) bool {
	switch {
	case e.Mount != r.root.Stat().Mount:
		rec.state = Mount
	case e.Path.Base() == gitName:
		rec.state = Unit
	case e.Type == workspace.Dir:
		rec.state = Directory
	case e.Type == workspace.Symlink:
		rec.state = Symlink
		rec.detail().target = e.Target
		r.searchTarget(rec)
	case e.Type != workspace.File:
		rec.state = Special
	default:
		return false
	}
	return true
}

// verdict is what the rules say of a path in the directory at hand; nil for nothing. Most directories hold files of one kind.
func (r *reader) verdict(path workspace.Path, t workspace.Type) *rules.Verdict {
	v := r.rules.Decide(path.Base(), t)
	if v == (rules.Verdict{}) {
		return nil
	}
	if r.last == nil || *r.last != v {
		own := v
		r.last = &own
	}
	return r.last
}

// open reads what should be a regular file. Where it is none, or cannot be opened, what stands there is looked at.
func (r *reader) open(p *workspace.Place) (descend bool) {
	f := &r.file
	stat, err := p.Open(&f.Handle)
	if err != nil {
		return r.closed(p, err)
	}
	f.path, f.stat, f.verdict = p.Path, stat, r.verdict(p.Path, workspace.File)
	rec := record{path: p.Path, verdict: f.verdict}
	r.take(&rec, f, r.readOrCopy(p, f))
	return false
}

// take enters what reading f has brought.
func (r *reader) take(rec *record, f *file, err error) {
	rec.state, rec.stat, rec.readAt = Scanned, f.stat, f.readAt
	if err != nil {
		rec.state = Unreadable
		rec.detail().reason = reason(err)
		if isMount(err) {
			rec.state = Mount
		}
	}
	if f.hash.Known() {
		rec.detail().hash = f.hash
	}
	if f.credential != "" {
		rec.detail().credential = f.credential
	}
	if err == nil {
		r.remember(f)
	}
	r.findings = append(r.findings, f.findings...)
	r.incomplete = append(r.incomplete, f.problems...)
	r.bytes += f.bytes
	r.add(*rec)
	r.meter.file(len(f.findings))
}

// closed enters what could not be opened as a regular file.
func (r *reader) closed(p *workspace.Place, why error) (descend bool) {
	e, err := p.Lookup()
	if err != nil {
		r.Fail(p.Path, err)
		return false
	}
	if e.Type != workspace.File {
		p.Type = e.Type // It was replaced since the directory was read.
		return r.Visit(p)
	}
	rec := record{path: p.Path, stat: e.Stat, state: Unreadable, verdict: r.verdict(p.Path, e.Type)}
	if isMount(why) {
		rec.state = Mount
	} else {
		rec.detail().reason = reason(why)
	}
	r.add(rec)
	r.meter.file(0)
	return false
}

// searchTarget looks for secrets in the text of a symlink.
func (r *reader) searchTarget(rec *record) {
	f := &file{path: rec.path}
	raw := []byte(rec.more.target)
	p := piece{raw: raw, last: true, to: len(raw), lines: lineCounter{line: 1}}
	err := r.findAll(f, &r.member, &p)
	if err != nil {
		r.incomplete = append(r.incomplete, Incomplete{rec.path, reason(err)})
	}
	f.findings = p.place(f.findings, 0)
	r.findings = append(r.findings, f.findings...)
}

// clockStep is how much later than a change of a file a second one can happen and leave the same times: file systems
// stamp with the clock of the last timer tick, 10 ms where it is slow.
const clockStep = 20e6

// reuse takes the line of the report before for a file that has not changed since it was read.
func (r *reader) reuse(rec *record) bool {
	if r.opts.Prior == nil {
		return false
	}
	old := r.opts.Prior.Find(rec.path)
	if old == nil || old.State != Scanned || !old.Stat.Unchanged(rec.stat) || old.Ctime > old.readAt-clockStep || r.opts.Hash && !old.Hash.Known() {
		return false
	}
	if v := rec.verdict; v == nil && old.Verdict != (rules.Verdict{}) || v != nil && *v != old.Verdict {
		return false
	}
	rec.state, rec.readAt = Scanned, old.readAt
	if old.Hash.Known() || old.Credential != "" {
		rec.detail().hash, rec.detail().credential = old.Hash, old.Credential
	}
	r.incomplete = append(r.incomplete, r.opts.Prior.incompleteIn(rec.path)...)
	findings := r.opts.Prior.FindingsIn(rec.path)
	for _, f := range findings {
		f.Action = ""
		r.findings = append(r.findings, f)
	}
	r.add(*rec)
	r.reused++
	r.meter.file(len(findings))
	return true
}
