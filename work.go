package cofferdam

import (
	"context"
	"errors"
	"fmt"

	"cofferdam/apply"
	"cofferdam/change"
	"cofferdam/overlay"
	"cofferdam/session"
	"cofferdam/stage"
	"cofferdam/workspace"
)

// Work is a session whose command has ended, opened with its project: what diff, apply and undo are about. It holds
// the session's lock until Close.
type Work struct {
	Session *session.Session
	Root    *workspace.Root
	Base    *workspace.Manifest // what was visible when the view was made, with what has landed since
	Content *workspace.Root     // the tree that holds the new sides: the upper layer or the copy

	// Committed says that the command wrote to branches of the view's repositories. It is known after Changes.
	Committed bool

	// Recovered says what was done about applies that were cut off.
	Recovered []string

	copied *workspace.Manifest // what the files of a copy were like when it was made

	redactions redactions
	snapshots  snapshots
	known      *apply.Secrets  // once they were asked for
	mask       *workspace.Root // likewise
	bases      *bases          // likewise

	landed []int // the journals that have something in the project, oldest first, as they were found

	shared bool // Root belongs to a Project, which closes it
}

// Wanted picks the sessions that a verb can be about, where none is named.
type Wanted func(session.Info) bool

// Pending wants sessions that may have changes to land.
func Pending(i session.Info) bool { return !i.Busy && i.State != session.Staging }

// Landed wants sessions of which something was applied.
func Landed(i session.Info) bool { return !i.Busy && i.Journals > 0 }

// FindSession is the session whose id begins with ref, of whatever project, or the newest wanted of the project in dir.
func FindSession(h Host, dir, ref string, wanted Wanted) (session.Info, error) {
	store, err := OpenStore(h)
	if err != nil {
		return session.Info{}, err
	}
	all, err := store.List()
	if err != nil {
		return session.Info{}, err
	}
	return session.Find(all, ref, func(i session.Info) bool { return i.Project == dir && wanted(i) })
}

// OpenWork locks the session that info names, opens its project, and brings to an end what an earlier apply or undo
// left undone.
func OpenWork(ctx context.Context, info session.Info) (*Work, error) {
	if info.Problem != nil {
		return nil, info.Problem
	}
	s, err := session.Open(info)
	if err != nil {
		return nil, err
	}
	w := &Work{Session: s}
	if err := w.load(ctx); err != nil {
		w.Close()
		return nil, err
	}
	return w, nil
}

func (w *Work) load(ctx context.Context) error {
	s := w.Session
	if s.State == session.Staging {
		return fmt.Errorf("session %s was cut off before its command ran: it holds no changes", s.ID)
	}
	root, err := workspace.Open(s.Project)
	if err != nil {
		return err
	}
	w.Root = root
	if st := root.Stat(); st.Dev != s.ProjectDev || st.Ino != s.ProjectIno {
		return fmt.Errorf("refusing to use session %s: %s is not the directory that it was made of", s.ID, s.Project)
	}
	if w.Base, err = s.LoadManifest(manifestFile); err != nil {
		return err
	}
	if w.Base, err = lateIn(s, w.Base); err != nil {
		return err
	}
	if stage.Kind(s.Stage) == stage.Copy {
		if w.copied, err = s.LoadManifest(copiedFile); err != nil {
			return err
		}
	}
	if w.redactions, err = loadRedactions(s); err != nil {
		return err
	}
	if w.snapshots, err = loadSnapshots(s); err != nil {
		return err
	}
	if w.Content, err = workspace.Open(contentDir(s)); err != nil {
		return err
	}
	return w.catchUp(ctx)
}

// catchUp brings cut off applies to an end and makes what landed part of the base, so that it is no change any more.
func (w *Work) catchUp(ctx context.Context) error {
	for n := 1; n <= w.Session.Journals; n++ {
		r, err := apply.Recover(ctx, w.Root, w.Session.Journal(n))
		if err != nil {
			return fmt.Errorf("recover apply %d of session %s: %w", n, w.Session.ID, err)
		}
		w.Recovered = append(w.Recovered, recovered(r)...)
		landed, err := apply.Landed(w.Session.Journal(n))
		if err != nil {
			return err
		}
		if len(landed) > 0 {
			w.landed = append(w.landed, n)
		}
		w.Base = w.Base.Updated(entriesOf(landed))
	}
	return nil
}

// Close gives everything back, the lock last.
func (w *Work) Close() error {
	var errs []error
	if w.Content != nil {
		errs = append(errs, w.Content.Close())
	}
	if w.bases != nil {
		errs = append(errs, w.bases.close())
	}
	if w.mask != nil {
		errs = append(errs, w.mask.Close())
	}
	if w.Root != nil && !w.shared {
		errs = append(errs, w.Root.Close())
	}
	return errors.Join(append(errs, w.Session.Close())...)
}

// manifestFile is the state file of a session that holds what was visible.
const manifestFile = "manifest"

// copiedFile is the state file of a session with a copy that holds what the copy's files were like.
const copiedFile = "copied"

func contentDir(s *session.Session) string {
	if stage.Kind(s.Stage) == stage.Copy {
		return s.Copy()
	}
	return s.Upper()
}

// Changes is what the command changed and what has not landed yet.
func (w *Work) Changes(ctx context.Context) (*change.Set, error) {
	set, err := w.read(ctx)
	if err != nil {
		return nil, fmt.Errorf("read changes of session %s: %w", w.Session.ID, err)
	}
	return set, nil
}

func (w *Work) read(ctx context.Context) (set *change.Set, err error) {
	if w.copied != nil {
		set, err = stage.ReadCopy(ctx, w.Content, w.Base, w.copied)
	} else {
		set, err = w.readUpper(ctx)
	}
	if err != nil {
		return nil, err
	}
	set, w.Committed = w.snapshots.without(set)
	return set, nil
}

func (w *Work) readUpper(ctx context.Context) (*change.Set, error) {
	// A killed sandbox may have been about to make a directory renamable.
	layers := overlay.Layers{Lower: []string{w.Session.Mask(), w.Root.Path()}, Upper: w.Session.Upper(), Work: w.Session.Work()}
	if err := overlay.PutBack(layers); err != nil {
		return nil, err
	}
	return overlay.Read(ctx, w.Content, w.Base)
}

// recovered says what was done about a cut off apply or undo, and what could not be.
func recovered(r *apply.Recovery) []string {
	var lines []string
	if r.RolledBack {
		lines = append(lines, "an apply or undo was cut off, and has been taken back")
	}
	for _, l := range r.Left {
		lines = append(lines, fmt.Sprintf("%q stays as you changed it (%s); what was there before is in %q", l.Path, l.Why, l.Backup))
	}
	return lines
}

func entriesOf(landed map[workspace.Path]apply.Landing) []workspace.Entry {
	entries := make([]workspace.Entry, 0, len(landed))
	for path, l := range landed {
		if e, whole := l.Entry(path); whole {
			entries = append(entries, e)
		}
	}
	return entries
}
