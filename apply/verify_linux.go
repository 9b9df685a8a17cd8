package apply

import (
	"context"
	"fmt"

	"cofferdam/workspace"
)

// verify reads what came out once more. A process that held a file open may have written into it after it was swapped
// out; and between a look at a file and its rename there is room for a write that restores size and time.
func (t *transaction) verify(ctx context.Context) error {
	return t.each(ctx, func(_ context.Context, task *task) error {
		if task.action != take && task.action != swap {
			return nil
		}
		e, err := t.area.lookup(task.slot)
		if err != nil {
			return fmt.Errorf("verify backup of %q: %w", task.Path, err)
		}
		want := task.Host
		if e.Type == want.Type && e.Ino == want.Ino && holdsStill(t.area.root, e, want) {
			return nil
		}
		return clash(task.Path, EditEdit, "the workspace has written to it while it was replaced")
	})
}

// holdsStill reports whether a backup has the content of want; a directory, that it is empty.
func holdsStill(at *workspace.Root, e, want workspace.Entry) bool {
	switch {
	case e.Type == workspace.Symlink:
		return e.Target == want.Target
	case e.Type == workspace.Dir:
		empty, err := isEmpty(at, e.Path)
		return err == nil && empty
	case e.Type != workspace.File:
		return true
	case e.Size != want.Size || e.Mode != want.Mode:
		return false
	case !want.Hash.Known():
		return e.Mtime == want.Mtime
	}
	hash, stat, err := at.HashFile(e.Path)
	return err == nil && hash == want.Hash && stat.Ino == e.Ino
}

// landed is the fingerprint of every path after the run.
func (t *transaction) landed() commitRecord {
	r := commitRecord{Version: recordVersion}
	for i := range t.tasks {
		now := t.landing(&t.tasks[i])
		if t.redacted[t.tasks[i].slot] != nil || t.number > 1 && t.tasks[i].made != nil {
			now.Hash = workspace.Hash{}
		}
		r.Landed = append(r.Landed, recordOfEntry(now))
	}
	return r
}

// landing is what a task put in place. Where the path shows something else already, that is the user's edit, and must
// not pass for ours: then it is what was staged.
func (t *transaction) landing(task *task) workspace.Entry {
	ours := task.in
	if task.action == chmod {
		ours = task.Host
	}
	if task.New.Type == workspace.None {
		return workspace.Entry{Path: task.Path}
	}
	ours.Mode = task.New.Mode
	now, err := t.root.Lookup(task.Path)
	switch {
	case err != nil || !sameInode(now.Stat, ours.Stat) || now.Type != workspace.Symlink && now.Mode != ours.Mode:
	case now.Type == workspace.File && (now.Size != ours.Size || now.Mtime != ours.Mtime):
	default:
		ours.Stat = now.Stat
	}
	ours.Hash, ours.Target = task.New.Hash, task.New.Target
	return ours
}
