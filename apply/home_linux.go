package apply

import (
	"context"
	"fmt"
	"path/filepath"

	"cofferdam/change"
	"cofferdam/workspace"
)

// toHome is t with the journal directory's own slots as its area, for copies that go there.
func (t *transaction) toHome() (*transaction, error) {
	home, err := openArea(t.root, t.dir, slotsDir)
	if err != nil {
		return nil, err
	}
	return &transaction{root: t.root, dir: t.dir, number: t.number, calls: t.calls, area: home}, nil
}

// carryHome copies the backups of an apply to the journal directory, before the private directory in the workspace
// goes. An undo has its backups there already, and what it takes out came from the upper layer.
func (t *transaction) carryHome(ctx context.Context) error {
	if t.number != 1 {
		return nil
	}
	home, err := t.toHome()
	if err != nil {
		return err
	}
	defer home.area.close()
	err = t.each(ctx, func(ctx context.Context, task *task) error {
		if task.action != take && task.action != swap || t.redacted[task.slot] != nil {
			return nil
		}
		if err := home.carry(ctx, t.area, task.slot, contentOf(task.Host)); err != nil {
			return fmt.Errorf("keep backup of %q: %w", task.Path, err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := t.calls.sync(home.area.dir); err != nil {
		return fmt.Errorf("sync backups: %w", err)
	}
	return nil
}

func contentOf(e workspace.Entry) change.Side { return change.Side{Size: e.Size, Hash: e.Hash} }

// keepBackups moves the backups of paths that could not be put back to where they outlast the transaction, and points
// the leftovers there.
func (t *transaction) keepBackups(ctx context.Context, left []leftover) error {
	if !t.area.inProject() {
		return nil
	}
	home, err := t.toHome()
	if err != nil {
		return err
	}
	defer home.area.close()
	free := 0
	for i := range left {
		if left[i].slot < 0 {
			continue
		}
		if free, err = home.area.free(free); err != nil {
			return err
		}
		if err := home.carryAs(ctx, t.area, left[i].slot, free); err != nil {
			return fmt.Errorf("keep backup of %q: %w", left[i].path, err)
		}
		left[i].slot = free
	}
	return t.calls.sync(home.area.dir)
}

// free is the first empty slot from i on.
func (a *area) free(i int) (int, error) {
	for ; ; i++ {
		e, err := a.lookup(i)
		if err != nil || e.Type == workspace.None {
			return i, err
		}
	}
}

func leftIn(dir string, r abortRecord) []Left {
	var left []Left
	for _, l := range r.Left {
		one := Left{Path: workspace.Path(l.Path), Why: l.Why}
		if l.Slot >= 0 {
			one.Backup = filepath.Join(dir, slotsDir, slotPath(l.Slot).Base())
		}
		left = append(left, one)
	}
	return left
}
