package apply

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"cofferdam/change"
	"cofferdam/placeholder"
	"cofferdam/workspace"
)

// planner decides the fates. It reads the workspace and writes nothing.
type planner struct {
	root    *workspace.Root
	base    *workspace.Manifest
	options PlanOptions
	set     *placeholder.Set // of the session

	items  []item // path order, so a directory comes before what it holds
	byPath map[workspace.Path]int
	dirs   map[workspace.Path]string // why a path is no directory in the workspace, "" where it is one
	strays []Conflict                // what the user added inside directories that are to go
	stray  map[workspace.Path]workspace.Path
	gone   map[workspace.Hash]bool // contents of files that are deleted

	// undo: the changes are the inverse of what landed, so what is put back was the user's own, a setuid program as
	// well as a repository.
	undo    bool
	inverse map[workspace.Path]*merge // undo: files that are not put back but made again
}

// NewPlan compares what a command changed with what the workspace holds now. base is what the command's view showed when
// it was made. NewPlan reads the workspace and writes nothing. What cannot land is in the plan; the error is for a set
// that does not belong to base, and for ctx.
func NewPlan(ctx context.Context, root *workspace.Root, base *workspace.Manifest, set *change.Set, o PlanOptions) (*Plan, error) {
	p, err := newPlanner(root, base, set, o)
	if err != nil {
		return nil, fmt.Errorf("plan apply: %w", err)
	}
	return p.plan(ctx)
}

func newPlanner(root *workspace.Root, base *workspace.Manifest, set *change.Set, o PlanOptions) (*planner, error) {
	p := &planner{
		root: root, base: base, options: o, set: o.Secrets.set(),
		items:  make([]item, len(set.Changes)),
		byPath: make(map[workspace.Path]int, len(set.Changes)),
		dirs:   map[workspace.Path]string{},
		stray:  map[workspace.Path]workspace.Path{},
		gone:   map[workspace.Hash]bool{},
	}
	for i, c := range set.Changes {
		if i > 0 && set.Changes[i-1].Path >= c.Path {
			return nil, fmt.Errorf("change %q is out of order", c.Path)
		}
		if err := p.checkChange(&c); err != nil {
			return nil, err
		}
		c.New = plain(c.New)
		if c.Kind == change.Delete && c.Old.Type == workspace.File {
			p.gone[c.Old.Hash] = true
		}
		p.items[i] = item{Change: c}
		p.byPath[c.Path] = i
	}
	return p, nil
}

// plain leaves of a side what means something for its type, so that what lands can be compared with it.
func plain(s change.Side) change.Side {
	switch s.Type {
	case workspace.None:
		return change.Side{}
	case workspace.File:
		s.Target = ""
	case workspace.Symlink:
		return change.Side{Type: s.Type, Mode: 0o777, Target: s.Target}
	default:
		return change.Side{Type: s.Type, Mode: s.Mode}
	}
	return s
}

// checkChange refuses a change that does not start from the manifest: its old side would be no base to compare with.
func (p *planner) checkChange(c *change.Change) error {
	if _, err := workspace.ParsePath(string(c.Path)); err != nil {
		return err
	}
	var old change.Side
	if e := p.base.Find(c.Path); e != nil {
		old = change.SideOf(*e)
	}
	want, _ := change.New(c.Path, c.Old, c.New)
	switch {
	case c.Path != workspace.Dot && c.Old != old:
		return fmt.Errorf("change %q does not start from the manifest", c.Path)
	case want.Kind != c.Kind:
		return fmt.Errorf("change %q is called %s and is not", c.Path, c.Kind)
	}
	return nil
}

func (p *planner) plan(ctx context.Context) (*Plan, error) {
	searched := !p.undo && p.options.Secrets != nil && p.options.Content != nil
	if !p.undo {
		p.refuseAll()
	}
	if searched {
		if err := p.eachItem(ctx, p.checkName); err != nil {
			return nil, err
		}
	}
	for i := range p.items {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if it := &p.items[i]; it.fate == undecided {
			if err := p.compare(ctx, it); err != nil {
				return nil, err
			}
		}
	}
	if err := p.eachItem(ctx, p.mergeItem); err != nil {
		return nil, err
	}
	if searched {
		if err := p.eachItem(ctx, p.checkContent); err != nil {
			return nil, err
		}
	}
	// Path order reversed: what a directory holds is settled before the directory.
	for i := len(p.items) - 1; i >= 0; i-- {
		p.settleDir(&p.items[i])
	}
	p.dropReplaced()
	return p.sorted(), nil
}

// eachItem calls f for every change, several at once.
func (p *planner) eachItem(ctx context.Context, f func(context.Context, *item) error) error {
	group, failed := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	const batch = 64
	for from := 0; from < len(p.items); from += batch {
		part := p.items[from:min(from+batch, len(p.items))]
		group.Go(func() error {
			for i := range part {
				if err := failed.Err(); err != nil {
					return err
				}
				if err := f(failed, &part[i]); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return ctx.Err()
}

func (p *planner) sorted() *Plan {
	plan := &Plan{Conflicts: p.strays}
	for i := range p.items {
		plan.Secrets = append(plan.Secrets, p.items[i].events...)
		switch it := &p.items[i]; it.fate {
		case lands:
			plan.Ops = append(plan.Ops, it.op())
		case same:
			plan.Same = append(plan.Same, it.Path)
		case kept:
			plan.Kept = append(plan.Kept, Kept{it.Path, it.why})
		case refused:
			plan.Refused = append(plan.Refused, Refusal{it.Path, it.why})
		case held:
			plan.Held = append(plan.Held, Held{it.Path, it.why})
		case conflicts:
			plan.Conflicts = append(plan.Conflicts, Conflict{it.Path, it.conflict, it.why})
		}
	}
	slices.SortFunc(plan.Conflicts, func(a, b Conflict) int { return cmp.Compare(a.Path, b.Path) })
	plan.Digest = p.digest()
	return plan
}

// at is the change of path, or nil.
func (p *planner) at(path workspace.Path) *item {
	if i, ok := p.byPath[path]; ok {
		return &p.items[i]
	}
	return nil
}
