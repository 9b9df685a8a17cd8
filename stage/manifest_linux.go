package stage

import (
	"cmp"
	"context"
	"io/fs"
	"slices"

	"cofferdam/rules"
	"cofferdam/workspace"

	"golang.org/x/sys/unix"
)

// emptied is the paths that the view shows as empty directories.
func (p *Plan) emptied(lines ledger) []workspace.Path {
	var paths []workspace.Path
	for _, d := range p.Decisions {
		if d.Empty {
			paths = append(paths, d.Path)
		}
	}
	if p.showsGit(lines) {
		paths = append(paths, gitName) // to be bound over
	}
	return paths
}

// showsGit reports whether there is a .git of the host to show.
func (p *Plan) showsGit(lines ledger) bool { return p.Git == GitHost && lines.index(gitName) >= 0 }

// visible is the indexes of the lines that the view shows, in path order.
func (p *Plan) visible(lines ledger) []int {
	hidden := make([]bool, len(lines))
	for i := range p.Decisions {
		d := &p.Decisions[i]
		if d.Action == rules.Redact {
			continue
		}
		if at := lines.index(d.Path); at >= 0 && !(d.Empty && lines[at].Type == workspace.Dir) {
			hidden[at] = true
		}
		from, to := lines.below(d.Path)
		for at := from; at < to; at++ {
			hidden[at] = true
		}
	}
	shown := make([]int, 0, len(lines))
	for i := range lines {
		if !hidden[i] {
			shown = append(shown, i)
		}
	}
	return shown
}

// manifest is what the plan shows and hides of the ledger that it was made of, without the root's own entry.
func (p *Plan) manifest() *workspace.Manifest {
	lines := ledger(p.report.Ledger)
	shown := p.visible(lines)
	m := &workspace.Manifest{Visible: make([]workspace.Entry, 0, len(shown)+1)}
	for _, i := range shown {
		m.Visible = append(m.Visible, lines[i].Entry)
	}
	for _, d := range p.Decisions {
		if d.Action != rules.Redact {
			m.Hidden = append(m.Hidden, hiddenEntry(lines, d.Path))
		}
	}
	if p.showsGit(lines) {
		m.Hidden = append(m.Hidden, hiddenEntry(lines, gitName))
		workspace.SortEntries(m.Hidden)
	}
	return m
}

func hiddenEntry(lines ledger, path workspace.Path) workspace.Entry {
	line := lines.find(path)
	if line == nil {
		return workspace.Entry{Path: path} // What could not even be looked at has no fingerprint.
	}
	e := line.Entry
	e.Hash = workspace.Hash{}
	return e
}

// insert adds an entry to entries, which are in path order.
func insert(entries []workspace.Entry, e workspace.Entry) []workspace.Entry {
	i, _ := slices.BinarySearchFunc(entries, e.Path, func(e workspace.Entry, p workspace.Path) int { return cmp.Compare(e.Path, p) })
	return slices.Insert(entries, i, e)
}

// hashRest fills in the hash of the files that the scan did not read, which are there because the user passed them,
// and returns those that cannot be read as the ledger knows them.
func hashRest(ctx context.Context, root *workspace.Root, m *workspace.Manifest) (unread []workspace.Path, err error) {
	for i := range m.Visible {
		e := &m.Visible[i]
		if e.Type != workspace.File || e.Hash.Known() {
			continue
		}
		if err := hashFile(ctx, root, e); err != nil {
			unread = append(unread, e.Path)
		}
	}
	return unread, ctx.Err()
}

func hashFile(ctx context.Context, root *workspace.Root, e *workspace.Entry) error {
	f, err := root.OpenFile(e.Path)
	if err != nil {
		return err
	}
	defer f.Close()
	return e.HashOpen(ctx, f, make([]byte, 128<<10))
}

// addRoot gives m the entry of the root: the workspace's, with the mode that the root of the view came to have.
func addRoot(m *workspace.Manifest, root *workspace.Root, view string) error {
	e, err := root.Lookup(workspace.Dot)
	if err != nil {
		return err
	}
	shown, err := workspace.Open(view)
	if err != nil {
		return err
	}
	defer shown.Close()
	e.Mode = shown.Stat().Mode
	m.Visible = insert(m.Visible, e)
	return nil
}

// matchModes gives the directories that the mask shows the modes that they have there: one who is not in a directory's
// group cannot give the mask's its setgid bit.
func matchModes(m *workspace.Manifest, mask string, decisions []Decision) error {
	root, err := workspace.Open(mask)
	if err != nil {
		return err
	}
	defer root.Close()
	seen := map[workspace.Path]bool{}
	for _, d := range decisions {
		dir := d.Path.Dir()
		if d.Empty {
			dir = d.Path
		}
		for ; dir != workspace.Dot && !seen[dir]; dir = dir.Dir() {
			seen[dir] = true
			e := m.Find(dir)
			if e == nil || e.Mode&unix.S_ISGID == 0 {
				continue
			}
			masked, err := root.Lookup(dir)
			if err != nil {
				return &fs.PathError{Op: "look up in mask", Path: string(dir), Err: err}
			}
			e.Mode = masked.Mode
		}
	}
	return nil
}
