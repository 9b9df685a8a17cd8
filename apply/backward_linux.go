package apply

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"

	"cofferdam/workspace"
)

// leftover is a Left with the slot that holds the backup, -1 where there is none.
type leftover struct {
	path workspace.Path
	slot int
	why  string
}

// backward takes steps back, last first. Whether one was done is read from its slot, so it may run over steps that
// were never done, and again after it was interrupted. What the user changed meanwhile it leaves. An error means that
// the workspace is in between, and that backward has to run again.
func (t *transaction) backward(steps []step) ([]leftover, error) {
	var left []leftover
	for i := len(steps) - 1; i >= 0; i-- {
		l, err := t.revert(&steps[i])
		if err != nil {
			return left, fmt.Errorf("take back %q: %w", steps[i].path, err)
		}
		if l != nil {
			left = append(left, *l)
		}
	}
	return left, nil
}

func (t *transaction) revert(s *step) (*leftover, error) {
	if s.action != chmod {
		done, err := t.isDone(s)
		if err != nil || !done {
			return nil, err
		}
	}
	dir, name, err := t.openParent(s.path)
	var gone *clashError
	switch {
	case errors.As(err, &gone) && s.action == chmod:
		return nil, nil
	case errors.As(err, &gone):
		return s.left(gone.Detail), nil
	case err != nil:
		return nil, err
	}
	defer dir.Close()
	if s.action == chmod {
		return t.revertMode(dir, name, s)
	}
	return t.revertAt(dir, name, s)
}

// isDone tells from the slot alone: the path belongs to the user.
func (t *transaction) isDone(s *step) (bool, error) {
	e, err := t.area.lookup(s.slot)
	if err != nil {
		return false, err
	}
	switch s.action {
	case put:
		return e.Type == workspace.None, nil
	case take:
		return e.Type != workspace.None, nil
	}
	return e.Type != workspace.None && !sameInode(e.Stat, s.in.Stat), nil
}

func (s *step) left(why string) *leftover {
	l := &leftover{s.path, s.slot, why}
	if s.action == put {
		l.slot = -1
	}
	return l
}

// revertAt takes back a step that was done at name in dir, unless the user has changed what stands there.
func (t *transaction) revertAt(dir *os.File, name string, s *step) (*leftover, error) {
	now, err := workspace.StatAt(dir, name)
	if errors.Is(err, fs.ErrNotExist) {
		now, err = workspace.Stat{}, nil
	}
	switch {
	case err != nil:
		return nil, err
	case s.action == put && now.Type == workspace.None:
		return nil, nil // The user deleted it, which is how it was before.
	case !t.stillOurs(dir, name, now, s):
		return s.left("the workspace has changed it meanwhile"), nil
	}
	back := s.action.inverse()
	switch err := t.move(back, dir, name, s.slot); {
	case errors.Is(err, fs.ErrExist) || errors.Is(err, fs.ErrNotExist) || errors.Is(err, unix.EBUSY):
		return s.left("the workspace has changed it meanwhile"), nil
	case err != nil:
		return nil, err
	}
	return t.checkBack(dir, name, s)
}

// stillOurs reports whether what stands at the path is what the step put there, content included.
func (t *transaction) stillOurs(dir *os.File, name string, now workspace.Stat, s *step) bool {
	in := s.in
	if in.Type == workspace.None || now.Type == workspace.None {
		return now.Type == in.Type
	}
	if !sameInode(now, in.Stat) {
		return false
	}
	at, err := below(dir)
	if err != nil {
		return false
	}
	defer at.Close()
	return sameContent(at, workspace.Path(name), now, in)
}

// below is the tree of an open directory, so that it can be read by the same names even when it was moved.
func below(dir *os.File) (*workspace.Root, error) { return workspace.Open(procPath(dir)) }

func sameContent(at *workspace.Root, name workspace.Path, now workspace.Stat, want workspace.Entry) bool {
	switch now.Type {
	case workspace.Dir:
		empty, err := isEmpty(at, name)
		return err == nil && empty
	case workspace.File:
		if now.Mode != want.Mode || now.Size != want.Size || !want.Hash.Known() {
			return false
		}
		hash, stat, err := at.HashFile(name)
		return err == nil && hash == want.Hash && stat.Ino == now.Ino
	}
	return true // A link has no content but its inode.
}

// checkBack looks at what came back into the slot: if the user was faster, it goes out again.
func (t *transaction) checkBack(dir *os.File, name string, s *step) (*leftover, error) {
	if s.action == take {
		return nil, nil
	}
	e, err := t.area.lookup(s.slot)
	if err != nil {
		return nil, err
	}
	if sameInode(e.Stat, s.in.Stat) && sameContent(t.area.root, slotPath(s.slot), e.Stat, s.in) {
		return nil, nil
	}
	if err := t.move(s.action, dir, name, s.slot); err != nil {
		return nil, fmt.Errorf("what the user put there meanwhile is in %s: %w", t.area.root.Path()+"/"+slotPath(s.slot).Base(), err)
	}
	return s.left("the workspace has changed it meanwhile"), nil
}

// revertMode sets the mode back. Where the path has another inode now, or the step was never done, there is nothing to
// set back: then the mode is not ours.
func (t *transaction) revertMode(dir *os.File, name string, s *step) (*leftover, error) {
	now, err := workspace.StatAt(dir, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	case !sameInode(now, s.in.Stat) || now.Mode != s.in.Mode:
		return nil, nil
	}
	err = t.setMode(dir, name, s.path, s.in.Stat, s.in.Mode, s.out.Mode)
	var raced *clashError
	if errors.As(err, &raced) {
		return nil, nil
	}
	return nil, err
}
