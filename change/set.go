package change

import (
	"cmp"
	"slices"

	"cofferdam/workspace"
)

func (s *Set) search(path workspace.Path) (int, bool) {
	return slices.BinarySearchFunc(s.Changes, path, func(c Change, p workspace.Path) int { return cmp.Compare(c.Path, p) })
}

// Sort puts the changes into path order.
func (s *Set) Sort() {
	slices.SortFunc(s.Changes, func(a, b Change) int { return cmp.Compare(a.Path, b.Path) })
}

// Select is the part of s whose paths equal one of paths or lie within one, with the new directories around them that
// they cannot do without; all of s where paths is empty.
func (s *Set) Select(paths []workspace.Path) *Set {
	if len(paths) == 0 {
		return s
	}
	picked := map[workspace.Path]bool{}
	for _, c := range s.Changes {
		if slices.ContainsFunc(paths, func(p workspace.Path) bool { return p == workspace.Dot || c.Path == p || c.Path.Within(p) }) {
			picked[c.Path] = true
			s.pickParents(c, picked)
		}
	}
	return s.Without(func(c Change) bool { return !picked[c.Path] })
}

// pickParents adds to picked the directories that c makes necessary: those around it that are new themselves.
func (s *Set) pickParents(c Change, picked map[workspace.Path]bool) {
	if c.New.Type == workspace.None {
		return
	}
	for dir := c.Path.Dir(); dir != workspace.Dot && !picked[dir]; dir = dir.Dir() {
		if parent := s.Find(dir); parent != nil && parent.New.Type == workspace.Dir && parent.Old.Type != workspace.Dir {
			picked[dir] = true
		}
	}
}

// Without is the part of s whose changes drop does not pick.
func (s *Set) Without(drop func(Change) bool) *Set {
	part := &Set{}
	for _, c := range s.Changes {
		if !drop(c) {
			part.Changes = append(part.Changes, c)
		}
	}
	return part
}

// Bytes is how many bytes the new sides of s hold.
func (s *Set) Bytes() int64 {
	var total int64
	for _, c := range s.Changes {
		total += c.New.Size
	}
	return total
}
