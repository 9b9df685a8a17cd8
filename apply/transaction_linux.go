package apply

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	"cofferdam/workspace"
)

// transaction is one apply or undo on its way: staged, journalled, run, verified, committed, or taken back.
type transaction struct {
	root   *workspace.Root
	dir    string // the journal directory
	number int    // in the journal directory
	digest string
	calls  calls
	area   *area
	tasks  []task
	steps  []step

	mu       sync.Mutex
	redacted redacted

	redactedBytes int
}

// run takes a transaction from staging to commit. prepare fills the slots and the in side of the tasks.
func (t *transaction) run(ctx context.Context, prepare func(context.Context) error) error {
	if err := t.journal(ctx, prepare); err != nil {
		return t.abandon(err)
	}
	reached, err := t.forward(ctx)
	if err == nil {
		err = t.seal(ctx)
	}
	if err != nil {
		return t.takeBack(err, reached)
	}
	return nil
}

// journal brings everything on disk that the steps need, and then the plan of the steps.
func (t *transaction) journal(ctx context.Context, prepare func(context.Context) error) (err error) {
	if t.area, err = makeArea(t.root, t.dir, t.calls); err != nil {
		return err
	}
	if err := prepare(ctx); err != nil {
		return err
	}
	if err := t.writeRedacted(); err != nil {
		return err
	}
	if t.steps, err = compile(t.root, os.Geteuid(), t.tasks); err != nil {
		return err
	}
	if err := t.calls.sync(t.area.dir); err != nil {
		return fmt.Errorf("sync staging area: %w", err)
	}
	r, err := t.record()
	if err != nil {
		return err
	}
	return t.write(journalFile(t.number), r)
}

func (t *transaction) record() (journalRecord, error) {
	r := journalRecord{Version: recordVersion, Root: t.root.Stat().Ino, Area: t.area.name, Digest: t.digest}
	for i := range t.tasks {
		r.Tasks = append(r.Tasks, recordOfTask(&t.tasks[i]))
	}
	steps := make([]stepRecord, len(t.steps))
	for i := range t.steps {
		steps[i] = recordOfStep(&t.steps[i])
	}
	var err error
	r.Steps, err = json.Marshal(steps)
	return r, err
}

func (t *transaction) write(name string, value any) error {
	err := t.calls.record(filepath.Join(t.dir, name), func(w io.Writer) error {
		text, err := json.Marshal(value)
		if err != nil {
			return err
		}
		_, err = w.Write(append(text, '\n'))
		return err
	})
	if err != nil {
		return fmt.Errorf("write journal: %w", err)
	}
	return nil
}

// abandon cleans up before the first step. The journal goes before the slots that it speaks of.
func (t *transaction) abandon(cause error) error {
	err := t.calls.forget(t.dir, journalFile(t.number))
	if err == nil {
		err = t.clean()
	}
	if err != nil {
		return fmt.Errorf("%w; clean journal: %w", cause, err)
	}
	return asConflict(cause, nil)
}

// clean brings the journal directory to what its records say should be there.
func (t *transaction) clean() error {
	h, err := readHistory(t.dir)
	if err != nil {
		return err
	}
	return h.tidy(t.root, t.calls)
}

// seal makes a finished run final: what came out is what was expected, and all of it is on disk.
func (t *transaction) seal(ctx context.Context) error {
	if err := t.verify(ctx); err != nil {
		return err
	}
	if t.area.inProject() {
		if err := t.carryHome(ctx); err != nil {
			return err
		}
	}
	top, err := t.root.OpenDir(workspace.Dot)
	if err != nil {
		return err
	}
	defer top.Close()
	if err := t.calls.sync(top); err != nil {
		return fmt.Errorf("sync workspace: %w", err)
	}
	return t.write(commitFile(t.number), t.landed())
}
