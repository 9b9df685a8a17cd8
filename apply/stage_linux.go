package apply

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sys/unix"

	"cofferdam/workspace"
)

// stager makes the new sides of an apply in the slots.
type stager struct {
	*transaction
	content *workspace.Root
	heirs   map[workspace.Path]heritage // by directory
}

// stageAll stages every task that puts something in place. It stops at the first that it cannot.
func (t *transaction) stageAll(ctx context.Context, content *workspace.Root) error {
	s := &stager{transaction: t, content: content, heirs: map[workspace.Path]heritage{}}
	for i := range t.tasks {
		if err := s.findHeir(&t.tasks[i]); err != nil {
			return fmt.Errorf("stage %q: %w", t.tasks[i].Path, err)
		}
	}
	return t.each(ctx, func(ctx context.Context, task *task) error {
		if task.action != put && task.action != swap {
			return s.noteMade(ctx, task)
		}
		if err := s.stage(ctx, task); err != nil {
			return fmt.Errorf("stage %q: %w", task.Path, err)
		}
		return nil
	})
}

// each calls f for every task, several at once.
func (t *transaction) each(ctx context.Context, f func(context.Context, *task) error) error {
	group, failed := errgroup.WithContext(ctx)
	group.SetLimit(t.workers())
	for i := range t.tasks {
		if failed.Err() != nil {
			break
		}
		group.Go(func() error { return f(failed, &t.tasks[i]) })
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return ctx.Err()
}

func (t *transaction) workers() int {
	if t.calls.before != nil {
		return 1 // A test that counts calls wants them in one order.
	}
	return runtime.GOMAXPROCS(0)
}

// findHeir reads what a new file takes over from the nearest directory that is there already.
func (s *stager) findHeir(t *task) error {
	if t.action != put {
		return nil
	}
	dir := t.Path.Dir()
	if _, ok := s.heirs[dir]; ok {
		return nil
	}
	e, err := s.root.Lookup(dir)
	for at := dir; errors.Is(err, fs.ErrNotExist) || errors.Is(err, unix.ELOOP) || err == nil && e.Type != workspace.Dir; {
		at = at.Dir()
		e, err = s.root.Lookup(at)
	}
	if err == nil {
		s.heirs[dir], err = heirIn(s.root, e)
	}
	if replaced(err) {
		err = clash(t.Path, Parent, "its directory is gone or is a symlink now")
	}
	return err
}

func (s *stager) heritage(t *task) (heritage, error) {
	if t.action == put {
		return s.heirs[t.Path.Dir()].forType(t.New.Type), nil
	}
	h, err := heirOf(s.root, t.Host)
	if replaced(err) {
		err = clash(t.Path, EditEdit, "the workspace has replaced it just now")
	}
	if t.New.Type != workspace.File {
		h.xattrs = nil
	}
	return h, err
}

func (s *stager) stage(ctx context.Context, t *task) error {
	heir, err := s.heritage(t)
	if err != nil {
		return err
	}
	switch t.New.Type {
	case workspace.File:
		err = s.stageFile(ctx, t, heir)
	case workspace.Dir:
		err = s.makeDir(t.slot, t.New.Mode|0o700, heir)
	case workspace.Symlink:
		err = s.makeLink(t.slot, t.New.Target, heir)
	default:
		err = fmt.Errorf("BUG: staging a %s", t.New.Type)
	}
	if err != nil {
		return err
	}
	return s.noteStaged(t)
}

// noteStaged keeps the fingerprint of what the slot holds: recovery knows it again by that.
func (t *transaction) noteStaged(task *task) error {
	e, err := t.area.root.Lookup(slotPath(task.slot))
	if err != nil {
		return err
	}
	e.Path, e.Hash = task.Path, task.New.Hash
	task.in = e
	return nil
}

func (s *stager) stageFile(ctx context.Context, t *task, heir heritage) error {
	if t.made != nil {
		return s.stageMade(ctx, t, heir)
	}
	src, err := s.content.OpenFile(t.Path)
	if err != nil {
		return err
	}
	defer src.Close()
	dst, err := s.calls.create(s.area.root.Fd(), slotPath(t.slot).Base())
	if err != nil {
		return fmt.Errorf("create: %w", err)
	}
	defer dst.Close()
	if err := copyContent(ctx, dst, src, t.New, s.calls); err != nil {
		return err
	}
	return s.finish(dst, t.slot, t.New.Mode, heir)
}

// finish gives a new file or directory its owner, attributes and mode, whatever the umask.
func (t *transaction) finish(f *os.File, slot int, mode uint32, heir heritage) error {
	if err := heir.give(t.calls, f, t.area.root.Fd(), slotPath(slot).Base()); err != nil {
		return fmt.Errorf("hand down owner and attributes: %w", err)
	}
	if err := t.calls.chmod(f, mode); err != nil {
		return fmt.Errorf("set mode %04o: %w", mode, err)
	}
	// chmod drops setgid in silence where the user is not in the group.
	stat, err := workspace.StatFile(f)
	if err == nil && stat.Mode != mode {
		err = fmt.Errorf("set mode %04o: it became %04o", mode, stat.Mode)
	}
	return err
}

func (t *transaction) makeDir(slot int, mode uint32, heir heritage) error {
	name := slotPath(slot)
	if err := t.calls.mkdir(t.area.root.Fd(), name.Base(), 0o700); err != nil {
		return fmt.Errorf("make directory: %w", err)
	}
	f, err := t.area.root.OpenDir(name)
	if err != nil {
		return err
	}
	defer f.Close()
	return t.finish(f, slot, mode, heir)
}

func (t *transaction) makeLink(slot int, target string, heir heritage) error {
	name := slotPath(slot).Base()
	if err := t.calls.symlink(target, t.area.root.Fd(), name); err != nil {
		return fmt.Errorf("make link: %w", err)
	}
	return heir.giveOwner(t.calls, t.area.root.Fd(), name)
}
