package late

import (
	"slices"

	"cofferdam/workspace"
)

// Hide is base as if paths had been hidden from the beginning: what the sandbox did to hide them is no change that the
// command made, a file of the command's own there collides, and a directory that holds one is not deleted whole. One that
// could not be hidden is left as it is; one of which nobody knows, because the process that hid it was killed, is not.
func Hide(base *workspace.Manifest, paths []Path) *workspace.Manifest {
	hidden := map[workspace.Path]bool{}
	dirs := map[workspace.Path]workspace.Entry{}
	for _, p := range paths {
		if p.Problem != "" {
			continue
		}
		hidden[p.Path] = true
		for _, d := range p.Dirs {
			dirs[d.Path] = withMode(base.Find(d.Path), d)
		}
	}
	if len(hidden) == 0 {
		return base
	}
	m := &workspace.Manifest{Hidden: slices.Clone(base.Hidden), Visible: make([]workspace.Entry, 0, len(base.Visible)+len(dirs))}
	for _, e := range base.Visible {
		if _, again := dirs[e.Path]; !again && !covered(hidden, e.Path) {
			m.Visible = append(m.Visible, e)
		}
	}
	for path, e := range dirs {
		if !covered(hidden, path) {
			m.Visible = append(m.Visible, e)
		}
	}
	for path := range hidden {
		if !base.Covers(path) {
			m.Hidden = append(m.Hidden, workspace.Entry{Path: path})
		}
	}
	workspace.SortEntries(m.Visible)
	workspace.SortEntries(m.Hidden)
	return m
}

// withMode is a directory as it has become.
func withMode(old *workspace.Entry, d Dir) workspace.Entry {
	e := workspace.Entry{Path: d.Path}
	if old != nil && old.Type == workspace.Dir {
		e = *old
	}
	e.Type, e.Mode = workspace.Dir, d.Mode
	return e
}

// covered reports whether a path or a directory around it is among hidden.
func covered(hidden map[workspace.Path]bool, path workspace.Path) bool {
	for ; path != workspace.Dot; path = path.Dir() {
		if hidden[path] {
			return true
		}
	}
	return false
}
