package rules

import "cofferdam/workspace"

// Set is all that decides about a path: the default rules, the user's and the project's. It is safe for concurrent use.
type Set struct {
	paths  *Paths
	policy *Policy
}

// NewSet puts rules together. A nil Paths means Default, a nil Policy no rules of anyone's own.
func NewSet(paths *Paths, policy *Policy) *Set {
	if paths == nil {
		paths = Default()
	}
	return &Set{paths: paths, policy: policy}
}

// Decide is what the rules together say of path, which is of type t: the user's own first, then the project's where they
// are stricter than the default, then the default.
func (s *Set) Decide(path workspace.Path, t workspace.Type) Verdict {
	if s.policy.empty() {
		return s.paths.decide(path, t)
	}
	user, project := s.policy.match(path, t)
	if user.Action != "" {
		return user
	}
	verdict := s.paths.decide(path, t)
	if project.Action.Stricter(verdict.Action) {
		return project
	}
	return verdict
}

// HidesDotenv reports whether dotenv files are hidden whole.
func (s *Set) HidesDotenv() bool { return s.policy.HidesDotenv() }

// Dir decides about the names in one directory, as a Set does about their paths but in less time. It is safe for concurrent
// use.
type Dir struct {
	set    *Set
	path   workspace.Path
	lower  string // empty for the root
	around dirMatch
}

// In is s for the names in dir.
func (s *Set) In(dir workspace.Path) Dir {
	d := Dir{set: s, path: dir}
	if dir != workspace.Dot {
		d.lower = lower(string(dir))
	}
	d.around = s.paths.around(d.lower)
	return d
}

// Decide is what the rules together say of the name in the directory, which is of type t.
func (d *Dir) Decide(name string, t workspace.Type) Verdict {
	if !d.set.policy.empty() {
		return d.set.Decide(d.path.Join(name), t)
	}
	return d.set.paths.verdict(d.lower, d.around, lower(name), t)
}
