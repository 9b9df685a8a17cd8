package gitview

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"cofferdam/internal/git"
)

// Land replays the commits of bundle, what BundleCommand wrote in the view, onto the project's commits that the
// view's stand for, and lets refs/cofferdam/<session> name the last one. What the view hides stays in each commit as the
// project has it. The project's branches, index, configuration and files are not touched. store is the directory that
// Build wrote built into; no agent may have been able to write there.
//
// A commit that has no parent in the view, an amended first one for instance, lands as a child of the project's HEAD.
func (r *Repository) Land(ctx context.Context, built *Built, store string, bundle io.Reader, gate Gate, o LandOptions) (*Landed, error) {
	landed, err := r.land(ctx, built, store, bundle, gate, o)
	if err != nil {
		return nil, fmt.Errorf("land commits: %w", err)
	}
	return landed, nil
}

func (r *Repository) land(ctx context.Context, built *Built, store string, bundle io.Reader, gate Gate, o LandOptions) (_ *Landed, err error) {
	if !branchName(o.Session) || filepath.Base(o.Session) != o.Session {
		return nil, fmt.Errorf("%q cannot be part of the name of a ref", o.Session)
	}
	if built.Own {
		return nil, errors.New("BUG: the view's repository stands for none of the project's")
	}
	if built.Format != r.format.name {
		return nil, fmt.Errorf("the repository has %s objects, and had %s", r.format.name, built.Format)
	}
	l, err := r.newLander(ctx, built, store, gate, o)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, l.close()) }()
	b, err := l.receive(bundle)
	if err != nil {
		return nil, err
	}
	tip := b.refs["HEAD"]
	if o.Branch != "" {
		tip = b.refs[branches+o.Branch]
	}
	if tip != "" {
		err = l.replay(tip)
	}
	l.leave(b)
	if err != nil || len(l.landed.Commits) == 0 {
		return l.landed, err
	}
	return l.landed, l.publish(tip)
}

// leave notes the branches that have commits which did not land.
func (l *lander) leave(b *bundle) {
	for name, id := range b.refs {
		if _, landed := l.made[id]; !landed && name != "HEAD" {
			l.landed.Others = append(l.landed.Others, name)
		}
	}
	slices.Sort(l.landed.Others)
}

// lander brings commits back.
type lander struct {
	ctx     context.Context
	repo    *Repository
	built   *Built
	gate    Gate
	options LandOptions
	view    *git.Repo // objects of the view and of the bundle
	inside  *source   // those
	host    *source   // objects of the project, and what was made of the view's
	made    map[oid]oid
	pack    *pack
	nodes   int
	commit  oid // that is being replayed
	renames map[oid]string
	landed  *Landed
}

func (r *Repository) newLander(ctx context.Context, built *Built, store string, gate Gate, o LandOptions) (*lander, error) {
	if left, err := os.ReadDir(o.Scratch); err != nil || len(left) > 0 {
		return nil, errors.Join(err, fmt.Errorf("%s is not empty", o.Scratch))
	}
	if err := newLayout(r.format, nil).write(o.Scratch); err != nil {
		return nil, err
	}
	l := &lander{ctx: ctx, repo: r, built: built, gate: gate, options: o, made: map[oid]oid{}, landed: &Landed{}}
	l.view = &git.Repo{Top: o.Scratch, Dir: o.Scratch, Borrowed: []string{filepath.Join(store, "objects")}}
	for view, host := range built.Commits {
		from, err := r.format.parse(view)
		if err != nil {
			return nil, err
		}
		if l.made[from], err = r.format.parse(host); err != nil {
			return nil, err
		}
	}
	var err error
	if l.pack, err = newPack(r.format, o.Scratch, 0, Known{}); err != nil {
		return nil, err
	}
	if err := l.pack.hide(); err != nil { // It gets the real values.
		return nil, err
	}
	host := &git.Repo{Top: o.Scratch, Dir: o.Scratch, Borrowed: []string{filepath.Join(r.common.Path(), "objects")}}
	l.host = newSource(ctx, r.format, host, l.pack)
	return l, nil
}

func (l *lander) close() error {
	l.pack.abandon()
	if l.inside != nil {
		l.inside.close()
	}
	return l.host.close()
}

// receive takes in the bundle.
func (l *lander) receive(from io.Reader) (*bundle, error) {
	b, err := l.repo.format.readBundle(&cancelReader{l.ctx, from})
	if err != nil {
		return nil, err
	}
	if err := unpack(l.ctx, l.view, b.pack); err != nil {
		return nil, err
	}
	if err := l.checkSizes(); err != nil {
		return nil, err
	}
	l.inside = newSource(l.ctx, l.repo.format, l.view, nil)
	return b, nil
}

// checkSizes refuses objects that would not fit into memory, before any is read.
func (l *lander) checkSizes() error {
	limit := l.options.maxFile()
	return l.view.AllObjects(l.ctx, func(object git.Object) error {
		if object.Type != "blob" && object.Size > limit {
			return fmt.Errorf("%s %s has %d bytes, more than %d", object.Type, object.ID, object.Size, limit)
		}
		return nil
	})
}
