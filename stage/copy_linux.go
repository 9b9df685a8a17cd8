package stage

import (
	"context"
	"fmt"

	"cofferdam/overlay"
	"cofferdam/rules"
	"cofferdam/scan"
	"cofferdam/workspace"
)

// copied builds a copy in dir. After a last look at the workspace it copies what the plan shows; where a file was not as
// it was scanned, it scans and plans again, until all were. Then it scans the copy.
func (b *builder) copied(ctx context.Context, dir string) (*View, error) {
	c, err := newCopier(b.root, dir)
	if err != nil {
		return nil, err
	}
	defer c.close()
	if err := b.renew(ctx, nil); err != nil {
		return nil, err
	}
	var moved []workspace.Path
	for range maxRounds {
		unread, err := b.redact(ctx)
		if err != nil {
			return nil, err
		}
		manifest := b.plan.manifest()
		if len(unread) == 0 {
			unread, err = hashRest(ctx, b.root, manifest)
		}
		if err != nil {
			return nil, err
		}
		if len(unread) > 0 {
			if err := b.renew(ctx, unread); err != nil {
				return nil, err
			}
			moved = unread
			continue
		}
		b.asShown(manifest)
		c.redacted = b.texts()
		copied, paths, err := b.round(ctx, c, manifest.Visible)
		if err != nil {
			return nil, err
		}
		if copied != nil {
			return b.copyView(c, manifest, copied)
		}
		moved = paths
	}
	return nil, &UnsettledError{firstOf(moved), maxRounds}
}

func firstOf(paths []workspace.Path) workspace.Path {
	if len(paths) == 0 {
		return workspace.Dot
	}
	return paths[0]
}

// round copies want and scans the copy. Where something moved it scans the workspace again instead, and returns no
// report of the copy.
func (b *builder) round(ctx context.Context, c *copier, want []workspace.Entry) (copied *scan.Report, moved []workspace.Path, err error) {
	if moved, err = c.copy(ctx, want); err != nil {
		return nil, nil, err
	}
	if len(moved) == 0 {
		if err := c.finish(want); err != nil {
			return nil, nil, err
		}
		if copied, err = scan.Scan(ctx, c.dst, b.set, scan.Options{Hash: true}); err != nil {
			return nil, nil, err
		}
		if moved, err = c.compare(ctx, want, copied.Ledger); err != nil {
			return nil, nil, err
		}
	}
	if len(moved) == 0 {
		return copied, nil, b.proveClean(copied)
	}
	return nil, moved, b.renew(ctx, moved)
}

// compare returns the files whose copies do not hold what was scanned, and forgets them: a write through a mapping
// shows in the fingerprint only later. Anything else that differs is an error.
func (c *copier) compare(ctx context.Context, want []workspace.Entry, got ledger) (moved []workspace.Path, err error) {
	for i := range want {
		e := &want[i]
		if i >= len(got) || got[i].Path != e.Path || got[i].Type != e.Type || got[i].Target != e.Target {
			return nil, fmt.Errorf("copy %q: BUG: the copy has something else there", e.Path)
		}
		if e.Type != workspace.File || got[i].Hash == e.Hash {
			continue
		}
		if !got[i].Hash.Known() { // over the limit of the scan, and passed by the user
			if err := hashFile(ctx, c.dst, &got[i].Entry); err != nil {
				return nil, err
			}
			if got[i].Hash == e.Hash {
				continue
			}
		}
		moved = append(moved, e.Path)
	}
	if len(got) != len(want) {
		return nil, fmt.Errorf("copy: BUG: the copy has %d paths, want %d", len(got), len(want))
	}
	for _, path := range moved {
		if err := c.forget(path); err != nil {
			return nil, err
		}
	}
	return moved, nil
}

// proveClean makes a plan of the copy as if it were the workspace: it must have nothing to hide.
func (b *builder) proveClean(copied *scan.Report) error {
	judged := *copied
	judged.Root = b.report.Root // Links by the workspace's own path lead into the view.
	o := b.options
	o.Kind, o.Git, o.barred = Copy, GitNone, nil
	plan, err := NewPlan(&judged, o)
	if err != nil {
		return err
	}
	for _, d := range plan.Decisions {
		if !d.Empty && !b.provenText(copied, &d) {
			return fmt.Errorf("the finished copy is not clean: %q: %s", d.Path, d.Why)
		}
	}
	return nil
}

// provenText reports whether d is only that a file could have secrets by its name, and is one that was redacted, or had
// nothing to redact.
func (b *builder) provenText(copied *scan.Report, d *Decision) bool {
	line := copied.Find(d.Path)
	return d.Action == rules.Redact && (b.plan.Redacts(d.Path) || b.options.plain[d.Path]) && len(copied.FindingsIn(d.Path)) == 0 && line.Credential == ""
}

// keep puts into dir what of a copy the command must not change, since the copy itself is the command's: the texts of
// redacted files, and the repositories that are made for it.
func (b *builder) keep(view *View, dir string) error {
	if dir == "" {
		return nil
	}
	view.Mask, view.Repositories = dir, b.repositories()
	for _, at := range view.Repositories {
		if err := view.keepRepository(at); err != nil {
			return err
		}
	}
	return b.keepTexts(dir)
}

func (b *builder) keepTexts(dir string) error {
	if len(b.plan.Redacted()) == 0 {
		return nil
	}
	m, err := overlay.NewMask(dir, b.root)
	if err != nil {
		return err
	}
	defer m.Close()
	for _, path := range b.plan.Redacted() {
		if err := b.show(m, path); err != nil {
			return err
		}
	}
	return m.Finish()
}

// copyView is the view of a finished copy.
func (b *builder) copyView(c *copier, manifest *workspace.Manifest, copied *scan.Report) (*View, error) {
	dir := c.dst.Path()
	view := &View{Kind: Copy, Root: b.root.Path(), Copy: dir, GitHost: b.plan.showsGit(b.report.Ledger),
		Plan: b.plan, Report: b.report, Manifest: manifest, Copied: &workspace.Manifest{}, Book: b.book(), Finder: b.redactor.finder}
	for i := range copied.Ledger {
		view.Copied.Visible = append(view.Copied.Visible, copied.Ledger[i].Entry)
	}
	root, err := c.dst.Lookup(workspace.Dot)
	if err != nil {
		return nil, err
	}
	view.Copied.Visible = insert(view.Copied.Visible, root)
	return view, addRoot(manifest, b.root, dir)
}
