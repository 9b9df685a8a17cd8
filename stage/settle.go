package stage

import (
	"cofferdam/scan"
	"cofferdam/workspace"
)

// changed is the paths, in path order, by which a view that was made for old shows something else than old says, now
// that the workspace is like now: what is new, what is not as it was, and directories that are gone.
func changed(p *Plan, old, now ledger) []workspace.Path {
	var paths []workspace.Path
	note := func(path workspace.Path) {
		if p.covering(path) == nil {
			paths = append(paths, path)
		}
	}
	i, j := 0, 0
	for i < len(old) || j < len(now) {
		switch {
		case j == len(now) || i < len(old) && old[i].Path < now[j].Path:
			if old[i].Type == workspace.Dir {
				note(old[i].Path)
			}
			i++
		case i == len(old) || now[j].Path < old[i].Path:
			note(now[j].Path)
			j++
		default:
			if !sameLine(&old[i], &now[j]) {
				note(now[j].Path)
			}
			i, j = i+1, j+1
		}
	}
	return paths
}

// sameLine reports whether a path is as it was. What came and went in a directory is seen at its own path, so times of
// directories do not count.
func sameLine(old, now *scan.Line) bool {
	if old.Type == workspace.Dir {
		return old.SameFile(now.Stat) && old.Mode == now.Mode && old.UID == now.UID && old.GID == now.GID
	}
	return old.Unchanged(now.Stat) && old.UID == now.UID && old.GID == now.GID && old.Target == now.Target
}

// differing is the paths on which the decisions of two plans differ.
func differing(a, b *Plan) []workspace.Path {
	var paths []workspace.Path
	one := func(p, q *Plan) {
		for i := range p.Decisions {
			d := &p.Decisions[i]
			if o := q.find(d.Path); o == nil || o.Empty != d.Empty || o.Action != d.Action {
				paths = append(paths, d.Path)
			}
		}
	}
	one(a, b)
	one(b, a)
	return paths
}
