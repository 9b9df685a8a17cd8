package apply

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"golang.org/x/sys/unix"

	"cofferdam/workspace"
)

// Options change how Apply and Undo work. The zero value is the strictest.
type Options struct {
	Conflict ConflictMode // Skip or, whatever else it is, Fail: how conflicts are resolved is for the plan
	Secrets  *Secrets     // for Undo, where the session has any

	before func(call string) error // tests: see calls
}

// Apply lands plan in root, whole or not at all. The new contents are read from the same paths below content and must
// have the hashes of the plan. journal is a directory of its own for this apply, which Apply makes; it must lie
// outside the workspace.
//
// A *ConflictError means that the workspace is as the user has it, and so does any other error, but for a
// *FailedError that says it is unfinished. When ctx is cancelled, what was done is taken back.
func Apply(ctx context.Context, root, content *workspace.Root, plan *Plan, journal string, o Options) (*Result, error) {
	if len(plan.Conflicts) > 0 && o.Conflict != Skip {
		return nil, &ConflictError{Conflicts: plan.Conflicts}
	}
	r := &Result{Same: plan.Same, Kept: plan.Kept, Held: plan.Held, Refused: plan.Refused, Skipped: plan.Conflicts, Secrets: plan.Secrets}
	if len(plan.Ops) == 0 {
		return r, nil
	}
	unlock, err := lockRoot(root)
	if err != nil {
		return nil, err
	}
	defer unlock()
	if err := makeJournal(root, journal); err != nil {
		return nil, err
	}
	t := &transaction{root: root, dir: journal, number: 1, digest: plan.Digest, calls: calls{o.before}, redacted: redacted{}}
	for i := range plan.Ops {
		t.tasks = append(t.tasks, newTask(plan.Ops[i], i))
	}
	if err := t.recheck(); err != nil {
		return nil, err
	}
	err = t.run(ctx, func(ctx context.Context) error { return t.stageAll(ctx, content) })
	return t.finished(r, err)
}

// makeJournal makes the journal directory, or takes an empty one.
func makeJournal(root *workspace.Root, dir string) error {
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("make journal: %w", err)
	}
	r, err := workspace.Open(dir)
	if err != nil {
		return fmt.Errorf("open journal: %w", err)
	}
	defer r.Close()
	if strings.HasPrefix(r.Path()+"/", root.Path()+"/") {
		return fmt.Errorf("open journal %s: it lies inside the workspace", dir)
	}
	if stat := r.Stat(); int(stat.UID) != os.Geteuid() || stat.Mode&0o077 != 0 {
		return fmt.Errorf("open journal %s: it is open to others", dir)
	}
	for _, used := range []string{areaFile, journalFile(1)} {
		if _, err := r.Lookup(workspace.Path(used)); !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("open journal %s: it is already in use", dir)
		}
	}
	return nil
}

// recheck compares the workspace with what the plan saw, before anything is written. Touched files are read again, so
// that the steps have a fresh fingerprint to go by.
func (t *transaction) recheck() error {
	var changed []Conflict
	incoming := map[workspace.Path]bool{}
	for i := range t.tasks {
		task := &t.tasks[i]
		if incoming[task.Path.Dir()] {
			incoming[task.Path] = true // Its directory is not there yet.
			continue
		}
		if task.New.Type == workspace.Dir && task.action != chmod {
			incoming[task.Path] = true
		}
		if why := t.stale(task); why != "" {
			changed = append(changed, Conflict{task.Path, EditEdit, why})
		}
	}
	if len(changed) > 0 {
		return &ConflictError{Conflicts: changed}
	}
	return nil
}

// stale says how the workspace differs from what the plan saw.
func (t *transaction) stale(task *task) string {
	now, err := t.root.Lookup(task.Path)
	if errors.Is(err, fs.ErrNotExist) {
		now, err = workspace.Entry{Path: task.Path}, nil
	}
	was := &task.Host
	switch {
	case err != nil:
		return err.Error()
	case now.Type != was.Type || now.Mode != was.Mode || now.Target != was.Target:
		return "the workspace has changed it since the plan was made"
	case now.Type != workspace.File || now.Unchanged(was.Stat):
		now.Hash = was.Hash
	case !was.Hash.Known() || now.Size != was.Size:
		return "the workspace has changed it since the plan was made"
	default:
		if err := rehash(t.root, &now); err != nil {
			return err.Error()
		}
		if now.Hash != was.Hash {
			return "the workspace has changed it since the plan was made"
		}
	}
	task.Host = now
	return ""
}

// finished turns a run into its result. What is left to clean up does not change that it is committed.
func (t *transaction) finished(r *Result, err error) (*Result, error) {
	if t.area != nil {
		defer t.area.close()
	}
	if err != nil {
		return nil, err
	}
	for i := range t.tasks {
		task := &t.tasks[i]
		r.Landed = append(r.Landed, task.Change)
		for _, text := range notesOn(task) {
			r.Notes = append(r.Notes, Note{task.Path, text})
		}
	}
	if err := t.clean(); err != nil {
		r.Notes = append(r.Notes, Note{workspace.Dot, err.Error()})
	}
	return r, nil
}

func notesOn(t *task) (notes []string) {
	if text := noteOn(t); text != "" {
		notes = append(notes, text)
	}
	if t.Merged {
		notes = append(notes, "merged with your edits")
	}
	if t.keeps != "" {
		notes = append(notes, "the old one is kept in the session, values and all, until it is discarded: "+t.keeps)
	}
	return notes
}

func noteOn(t *task) string {
	host := &t.Host
	switch {
	case t.action != swap || host.Type != workspace.File:
		return ""
	case host.Nlink > 1:
		return fmt.Sprintf("was one of %d hard links; the other names keep the old content", host.Nlink)
	case os.Geteuid() != 0 && int(host.UID) != os.Geteuid():
		return fmt.Sprintf("belonged to user %d and is yours now", host.UID)
	case host.Mode&(unix.S_ISUID|unix.S_ISGID) != 0:
		return fmt.Sprintf("had mode %04o and has %04o now", host.Mode, t.New.Mode)
	}
	return ""
}
