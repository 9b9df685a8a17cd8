package stage

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"cofferdam/overlay"
	"cofferdam/rules"
	"cofferdam/scan"
	"cofferdam/workspace"
)

const (
	// maxRounds bounds how often a workspace that does not come to rest is looked at again.
	maxRounds = 8
	// maxMoves is how often a file may change while it is staged before it is hidden: a log that a server writes.
	maxMoves = 3
)

var errChanged = errors.New("changed while it was read")

// UnsettledError says that a workspace kept changing while a view of it was built, so that no moment could be found at
// which all that the view shows had been scanned.
type UnsettledError struct {
	Path   workspace.Path // one that changed last
	Rounds int
}

func (e *UnsettledError) Error() string {
	return fmt.Sprintf("stage: %q and perhaps more kept changing: %d scans did not find the workspace at rest", e.Path, e.Rounds)
}

// Build builds the view in dirs. It returns when all that the view shows was scanned and found to pass: what
// changed or came since the report was made is scanned, and the plan made again, until nothing does. A file that goes
// on changing is hidden; a workspace that does is an *UnsettledError. When Build fails or ctx ends, what is in dirs is
// unfit for use.
//
// The lower layer of an overlay is the live workspace: what the host changes later, the view shows.
func (p *Plan) Build(ctx context.Context, root *workspace.Root, set *rules.Set, report *scan.Report, dirs Dirs) (*View, error) {
	b, err := newBuilder(p, root, set, report, dirs)
	if err != nil {
		return nil, fmt.Errorf("stage %s: %w", root.Path(), err)
	}
	var view *View
	if p.Kind == Copy {
		view, err = b.copied(ctx, dirs.Copy)
		if err == nil {
			err = b.keep(view, dirs.Mask)
		}
	} else {
		view, err = b.masked(ctx, dirs)
	}
	if err != nil {
		return nil, fmt.Errorf("stage %s: %w", root.Path(), err)
	}
	b.redactor.search.remember()
	return view, nil
}

// builder brings report, plan and view into agreement.
type builder struct {
	root    *workspace.Root
	set     *rules.Set
	options Options
	report  *scan.Report
	plan    *Plan
	moves   map[workspace.Path]int // how often a path changed

	redactor *redactor
}

func newBuilder(p *Plan, root *workspace.Root, set *rules.Set, report *scan.Report, dirs Dirs) (*builder, error) {
	if report.Root != root.Path() {
		return nil, fmt.Errorf("BUG: the report is of %s", report.Root)
	}
	o := Options{Kind: p.Kind, Git: p.Git, Set: set, barred: map[workspace.Path]string{},
		unfit: map[workspace.Path]string{}, tainted: map[workspace.Path]string{}, plain: map[workspace.Path]bool{}}
	plan, err := NewPlan(report, o)
	if err != nil {
		return nil, err
	}
	return &builder{root: root, set: set, options: o, report: report, plan: plan, moves: map[workspace.Path]int{}, redactor: newRedactor(root, set, dirs)}, nil
}

// rescan scans what changed since the last scan and returns the paths that a view of the plan so far shows otherwise
// than they were scanned.
func (b *builder) rescan(ctx context.Context) (*scan.Report, []workspace.Path, error) {
	next, err := scan.Rescan(ctx, b.root, b.set, scan.Options{}, b.report)
	if err != nil {
		return nil, nil, err
	}
	return next, changed(b.plan, b.report.Ledger, next.Ledger), nil
}

// adopt makes the plan again, of a new report. A file that has moved too often is hidden from now on.
func (b *builder) adopt(next *scan.Report, moved []workspace.Path) (err error) {
	for _, path := range moved {
		b.moves[path]++
		delete(b.options.unfit, path)
		delete(b.options.tainted, path)
		delete(b.options.plain, path)
		line := ledger(next.Ledger).find(path)
		if b.moves[path] >= maxMoves && line != nil && line.Type == workspace.File {
			b.options.barred[path] = "it kept changing, or could not be read, while it was staged"
		}
	}
	b.report = next
	b.plan, err = NewPlan(next, b.options)
	return err
}

// renew scans what changed and makes the plan again, when files could not be dealt with as the report has them.
func (b *builder) renew(ctx context.Context, moved []workspace.Path) error {
	next, _, err := b.rescan(ctx)
	if err != nil {
		return err
	}
	return b.adopt(next, moved)
}

// masked builds an overlay.
func (b *builder) masked(ctx context.Context, dirs Dirs) (*View, error) {
	manifest, err := b.settle(ctx, dirs.Mask)
	if err != nil {
		return nil, err
	}
	view := &View{Kind: b.plan.Kind, Root: b.root.Path(), Lower: []string{dirs.Mask, b.root.Path()}, Mask: dirs.Mask,
		GitHost: b.plan.showsGit(b.report.Ledger), Plan: b.plan, Report: b.report, Manifest: manifest, Book: b.book(), Finder: b.redactor.finder}
	view.Repositories = b.repositories()
	top := dirs.Mask
	if b.plan.Kind == Overlay {
		view.Upper, view.Work = dirs.Upper, dirs.Work
		top = dirs.Upper
		if err := overlay.PrepareUpper(dirs.Upper, b.root); err != nil {
			return nil, err
		}
	}
	return view, errors.Join(matchModes(manifest, dirs.Mask, b.plan.Decisions), addRoot(manifest, b.root, top))
}

// settle builds the mask and the manifest, whose files all have their hash.
func (b *builder) settle(ctx context.Context, mask string) (*workspace.Manifest, error) {
	for {
		if err := b.settleMask(ctx, mask); err != nil {
			return nil, err
		}
		manifest := b.plan.manifest()
		unread, err := hashRest(ctx, b.root, manifest)
		if err != nil || len(unread) == 0 {
			b.asShown(manifest)
			return manifest, err
		}
		if err := b.renew(ctx, unread); err != nil { // What stays so is hidden after a few rounds, so this ends.
			return nil, err
		}
	}
}

// settleMask builds the mask until a walk finds the workspace as the mask was made for.
func (b *builder) settleMask(ctx context.Context, dir string) error {
	var moved []workspace.Path
	for range maxRounds {
		if unread, err := b.redact(ctx); err != nil {
			return err
		} else if len(unread) > 0 {
			if err := b.renew(ctx, unread); err != nil {
				return err
			}
			moved = unread
			continue
		}
		maskErr := b.mask(dir) // perhaps because a directory is not one any more
		next, paths, err := b.rescan(ctx)
		if err != nil {
			return err
		}
		before := b.plan
		if err := b.adopt(next, paths); err != nil {
			return err
		}
		added := differing(before, b.plan)
		if len(paths) == 0 && len(added) == 0 {
			return maskErr
		}
		moved = append(paths, added...)
	}
	return &UnsettledError{moved[0], maxRounds}
}

// mask builds the mask of the plan in dir, in place of what is there.
func (b *builder) mask(dir string) (err error) {
	if err := clearDir(dir); err != nil {
		return err
	}
	m, err := overlay.NewMask(dir, b.root)
	if err != nil {
		return err
	}
	defer m.Close()
	for _, d := range b.plan.Decisions {
		switch {
		case d.Action == rules.Redact:
			err = b.show(m, d.Path)
		case !d.Empty:
			err = m.Hide(d.Path)
		}
		if err != nil {
			return err
		}
	}
	for _, path := range b.plan.emptied(b.report.Ledger) {
		if err := m.Empty(path); err != nil {
			return err
		}
	}
	return m.Finish()
}

// show puts the text of a redacted file into the mask.
func (b *builder) show(m *overlay.Mask, path workspace.Path) error {
	f := b.redactor.files[path]
	return m.File(path, bytes.NewReader(f.Text), f.stat.Mode)
}
