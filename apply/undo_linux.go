package apply

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"cofferdam/change"
	"cofferdam/workspace"
)

// ErrNothing says that a journal has nothing in place that could be undone.
var ErrNothing = errors.New("nothing to undo")

// ErrUnfinished says that a journal was interrupted: Recover has to run first.
var ErrUnfinished = errors.New("an earlier apply or undo was interrupted and has to be recovered first")

// Undo takes back what the journal directory has in place: the inverse plan, with the same checks and the same
// promises as Apply. Where the user has changed since what had landed, that is a conflict.
func Undo(ctx context.Context, root *workspace.Root, journal string, o Options) (*Result, error) {
	unlock, err := lockRoot(root)
	if err != nil {
		return nil, err
	}
	defer unlock()
	h, err := readHistory(journal)
	if err != nil {
		return nil, err
	}
	switch h.status() {
	case Applied:
	case Unfinished:
		return nil, fmt.Errorf("undo %s: %w", journal, ErrUnfinished)
	default:
		return nil, fmt.Errorf("undo %s: %w", journal, ErrNothing)
	}
	home, err := openArea(root, journal, slotsDir)
	if err != nil {
		return nil, err
	}
	defer home.close()
	u := &undo{history: h, home: home, landed: map[workspace.Path]int{}, secrets: o.Secrets}
	plan, err := u.plan(ctx, root)
	if err != nil {
		return nil, fmt.Errorf("plan undo: %w", err)
	}
	if len(plan.Conflicts) > 0 && o.Conflict != Skip {
		return nil, &ConflictError{Conflicts: plan.Conflicts}
	}
	r := &Result{Same: plan.Same, Kept: plan.Kept, Held: plan.Held, Skipped: plan.Conflicts, Secrets: plan.Secrets}
	if len(plan.Ops) == 0 {
		return r, nil
	}
	t := &transaction{root: root, dir: journal, number: len(h.episodes) + 1, digest: plan.Digest, calls: calls{o.before}, tasks: u.inverse(plan)}
	err = t.run(ctx, func(ctx context.Context) error { return t.restage(ctx, home) })
	return t.finished(r, err)
}

// undo is the inverse of what a history has in place.
type undo struct {
	*history
	home   *area
	tasks  []task
	landed map[workspace.Path]int // index into tasks

	secrets *Secrets
}

// plan is NewPlan with the two sides of every change exchanged, and what landed as the manifest.
func (u *undo) plan(ctx context.Context, root *workspace.Root) (*Plan, error) {
	var entries []workspace.Entry
	u.tasks, entries = u.inPlace()
	base, set := &workspace.Manifest{}, &change.Set{}
	for i := range u.tasks {
		t := &u.tasks[i]
		u.landed[t.Path] = i
		inverse, ok := change.New(t.Path, t.New, t.Old)
		if !ok {
			return nil, fmt.Errorf("journal: %q does not change", t.Path)
		}
		set.Changes = append(set.Changes, inverse)
		if t.New.Type != workspace.None {
			base.Visible = append(base.Visible, entries[i])
		}
	}
	set.Sort()
	slices.SortFunc(base.Visible, func(a, b workspace.Entry) int { return cmp.Compare(a.Path, b.Path) })
	p, err := newPlanner(root, base, set, PlanOptions{Secrets: u.secrets})
	if err != nil {
		return nil, err
	}
	p.undo, p.inverse = true, map[workspace.Path]*merge{}
	u.checkBackups(p)
	return p.plan(ctx)
}

// checkBackups takes out what has no sound backup: a process that had held the file open went on writing into it.
func (u *undo) checkBackups(p *planner) {
	for i := range p.items {
		it := &p.items[i]
		t := &u.tasks[u.landed[it.Path]]
		if f := u.redacted[t.slot]; f != nil {
			u.invert(p, it, f)
			continue
		}
		if t.action != take && t.action != swap {
			continue
		}
		e, err := u.home.lookup(t.slot)
		switch {
		case err != nil:
			it.clash(Backup, "its backup cannot be read: %v", err)
		case e.Type != it.New.Type:
			it.clash(Backup, "its backup is gone")
		case !holdsStill(u.home.root, e, backupOf(e, it.New)):
			it.clash(Backup, "its backup was written to after the apply")
		}
	}
}

// invert has a redacted file made again, from the values that the workspace has now.
func (u *undo) invert(p *planner, it *item, f *redactedFile) {
	if u.secrets == nil {
		it.clash(Backup, "its values are in the workspace alone, and the session does not know them again")
		return
	}
	p.inverse[it.Path] = inverseOf(it.Path, p.root, f, u.secrets)
}

// backupOf is what the backup e of side must be. A directory may have been made writable to be moved.
func backupOf(e workspace.Entry, side change.Side) workspace.Entry {
	e.Mode, e.Size, e.Hash, e.Target = side.Mode, side.Size, side.Hash, side.Target
	return e
}

// inverse makes the tasks of an undo: what was swapped is swapped back, what was put is taken, in the same slots.
func (u *undo) inverse(plan *Plan) []task {
	var tasks []task
	for i := range plan.Ops {
		t := &u.tasks[u.landed[plan.Ops[i].Path]]
		tasks = append(tasks, task{Op: plan.Ops[i], slot: t.slot, action: t.action.inverse()})
	}
	return tasks
}

// restage brings the backups to where a rename leads into the workspace. Mostly they are there.
func (t *transaction) restage(ctx context.Context, home *area) error {
	return t.each(ctx, func(ctx context.Context, task *task) error {
		if task.action != put && task.action != swap {
			return nil
		}
		if err := t.restageOne(ctx, task, home); err != nil {
			return fmt.Errorf("bring back %q: %w", task.Path, err)
		}
		return nil
	})
}

func (t *transaction) restageOne(ctx context.Context, task *task, home *area) error {
	if task.made != nil {
		return (&stager{transaction: t}).stage(ctx, task)
	}
	if t.area.inProject() {
		if err := t.carry(ctx, home, task.slot, task.New); err != nil {
			return err
		}
	}
	e, err := t.area.lookup(task.slot)
	if err == nil && e.Type == workspace.Dir && e.Mode&writable != writable && os.Geteuid() != 0 {
		err = t.makeWritable(task.slot, e)
	}
	if err != nil {
		return err
	}
	return t.noteStaged(task)
}

// makeWritable lets the owner move a directory. It gets its mode when what it holds is complete.
func (t *transaction) makeWritable(slot int, e workspace.Entry) error {
	dir, err := t.area.root.OpenDir(slotPath(slot))
	if err != nil {
		return err
	}
	defer dir.Close()
	return t.calls.chmod(dir, e.Mode|0o700)
}
