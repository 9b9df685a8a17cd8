package apply

import (
	"cmp"
	"slices"

	"cofferdam/change"
	"cofferdam/workspace"
)

// action is what one step does to one path, atomically.
type action uint8

const (
	put   action = iota + 1 // the slot goes to the path, where nothing is
	take                    // what is at the path goes to the empty slot
	swap                    // both change places
	chmod                   // the mode changes in place
)

func (a action) inverse() action {
	switch a {
	case put:
		return take
	case take:
		return put
	}
	return a
}

// task is an op with its place in the staging area. A task is one step, and a directory's may be two: it is put or
// swapped in writable, and gets its mode when what it holds is complete.
type task struct {
	Op
	slot   int
	action action
	in     workspace.Entry // what is staged in the slot
	keeps  string          // why its backup stays as it is, values and all
}

func newTask(op Op, slot int) task {
	t := task{Op: op, slot: slot, action: actionOf(&op)}
	if op.loses && op.made == nil {
		t.keeps = "its values went away with it"
	}
	return t
}

// actionOf chooses how an op is done.
func actionOf(op *Op) action {
	switch {
	case op.Host.Type == workspace.None:
		return put
	case op.New.Type == workspace.None:
		return take
	case !modeOnly(&op.Change):
		return swap
	case op.New.Type == workspace.File && op.Host.Nlink > 1:
		// The other names may lie outside the workspace, a package manager's store for one; the view gave the agent a
		// file of its own.
		return swap
	}
	return chmod
}

func modeOnly(c *change.Change) bool {
	return c.Old.Type == c.New.Type && (c.New.Type == workspace.Dir || c.New.Type == workspace.File && c.Old.Hash == c.New.Hash && c.New.Hash.Known())
}

// step is one atomic move. in is what is at the path after it, out what was there before. Whether it has been done
// shows in the slot, which nobody else touches, or, for chmod, in the mode.
type step struct {
	action action
	path   workspace.Path
	slot   int
	in     workspace.Entry
	out    workspace.Entry
}

// writable is what a directory's mode needs so that its owner can change names in it, and can move it.
const writable = 0o300

// compiler turns tasks into steps in the order that makes every prefix safe: nothing is put where a directory is
// missing, and links come when no path can lead through them any more.
type compiler struct {
	root     *workspace.Root
	euid     int
	tasks    map[workspace.Path]*task
	unlocked map[workspace.Path]workspace.Entry // directories made writable for a while, as they are
	steps    []phased
}

type phase int

const (
	unlocking  phase = iota
	deleting         // deepest first
	replacing        // a type by another
	makingDirs       // top down
	placing          // files
	modes            // of files
	linking
	locking // directories, deepest first
)

type phased struct {
	step
	phase phase
}

func compile(root *workspace.Root, euid int, tasks []task) ([]step, error) {
	c := &compiler{root: root, euid: euid, tasks: map[workspace.Path]*task{}, unlocked: map[workspace.Path]workspace.Entry{}}
	for i := range tasks {
		c.tasks[tasks[i].Path] = &tasks[i]
	}
	for i := range tasks {
		if err := c.unlockFor(&tasks[i]); err != nil {
			return nil, err
		}
	}
	for i := range tasks {
		c.add(&tasks[i])
	}
	c.lock()
	slices.SortStableFunc(c.steps, func(a, b phased) int {
		if a.phase == b.phase && (a.phase == deleting || a.phase == locking) {
			return cmp.Compare(b.path, a.path)
		}
		return cmp.Or(cmp.Compare(a.phase, b.phase), cmp.Compare(a.path, b.path))
	})
	steps := make([]step, len(c.steps))
	for i := range c.steps {
		steps[i] = c.steps[i].step
	}
	return steps, nil
}

// unlockFor makes writable what the task's step needs so: the directory that holds the path, and a directory that is
// itself moved, because its ".." changes. Privilege needs no permission.
func (c *compiler) unlockFor(t *task) error {
	if c.euid == 0 || t.action == chmod {
		return nil
	}
	if t.Host.Type == workspace.Dir {
		c.unlock(t.Host)
	}
	dir := t.Path.Dir()
	if parent := c.tasks[dir]; parent != nil && (parent.action == put || parent.action == swap) {
		return nil // staged writable
	}
	if _, ok := c.unlocked[dir]; ok {
		return nil
	}
	e, err := c.root.Lookup(dir)
	if replaced(err) {
		return clash(t.Path, Parent, "its directory is gone or is a symlink now")
	}
	if err != nil {
		return err
	}
	c.unlock(e)
	return nil
}

func (c *compiler) unlock(e workspace.Entry) {
	if _, ok := c.unlocked[e.Path]; ok || e.Mode&writable == writable || int(e.UID) != c.euid {
		return
	}
	c.unlocked[e.Path] = e
	c.addChmod(unlocking, e, e.Mode, e.Mode|0o700)
}

func (c *compiler) addChmod(p phase, e workspace.Entry, from, to uint32) {
	if from == to {
		return
	}
	s := step{action: chmod, path: e.Path, in: e, out: e}
	s.out.Mode, s.in.Mode = from, to
	c.steps = append(c.steps, phased{s, p})
}

// modeNow is the mode of a directory in the workspace when the unlocking is done.
func (c *compiler) modeNow(e workspace.Entry) uint32 {
	if _, ok := c.unlocked[e.Path]; ok {
		return e.Mode | 0o700
	}
	return e.Mode
}

func (c *compiler) add(t *task) {
	if t.action == chmod {
		if t.New.Type == workspace.Dir {
			c.addChmod(locking, t.Host, c.modeNow(t.Host), t.New.Mode)
		} else {
			c.addChmod(modes, t.Host, t.Host.Mode, t.New.Mode)
		}
		return
	}
	s := step{action: t.action, path: t.Path, slot: t.slot, in: t.in, out: t.Host}
	s.in.Path = t.Path
	if t.Host.Type == workspace.Dir {
		s.out.Mode = c.modeNow(t.Host)
	}
	c.steps = append(c.steps, phased{s, phaseOf(t)})
	if t.New.Type == workspace.Dir {
		c.addChmod(locking, s.in, s.in.Mode, t.New.Mode)
	}
}

func phaseOf(t *task) phase {
	switch {
	case t.action == take:
		return deleting
	case t.New.Type == workspace.Symlink:
		return linking
	case t.action == swap && t.New.Type != t.Host.Type:
		return replacing
	case t.New.Type == workspace.Dir:
		return makingDirs
	}
	return placing
}

// lock gives the directories that were only made writable for a while their modes back.
func (c *compiler) lock() {
	for path, e := range c.unlocked {
		if c.tasks[path] == nil {
			c.addChmod(locking, e, e.Mode|0o700, e.Mode)
		}
	}
}
