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
	user, project := s.policy.match(path, t)
	if user.Action != "" {
		return user
	}
	var verdict Verdict
	if rule, ok := s.paths.Match(path, t); ok {
		verdict = Verdict{Action: rule.Action, Rule: rule, Source: FromDefault}
	}
	if project.Action.Stricter(verdict.Action) {
		return project
	}
	return verdict
}
