package rules

import (
	"fmt"

	"cofferdam/workspace"
)

// Policy is the rules of a user and of a project. The user's count as they are. A project's can only show less than the
// default would: whoever wrote it is not trusted to open anything.
type Policy struct {
	user    []policyRule
	project []policyRule
	ignored []PathRule
	dotenv  Action // empty for the default
}

// NewPolicy puts two config files together; either may be nil.
func NewPolicy(user, project *Config) (*Policy, error) {
	p := &Policy{}
	if user != nil {
		p.user, p.dotenv = user.rules, user.Dotenv
	}
	if project == nil {
		return p, nil
	}
	if len(project.StateDirs) > 0 {
		return nil, fmt.Errorf("%s: state_dirs: counts only in the user's own config file", project.Name)
	}
	if p.dotenv == "" && project.Dotenv == Hide {
		p.dotenv = Hide
	}
	for _, r := range project.rules {
		if r.Action == Pass {
			p.ignored = append(p.ignored, r.PathRule)
		} else {
			p.project = append(p.project, r)
		}
	}
	return p, nil
}

// Ignored is the project's rules that are without effect, because they would loosen.
func (p *Policy) Ignored() []PathRule {
	if p == nil {
		return nil
	}
	return p.ignored
}

// HidesDotenv reports whether dotenv files are hidden whole, and not shown with placeholders.
func (p *Policy) HidesDotenv() bool { return p != nil && p.dotenv == Hide }

// Match is what the policy alone says of path, which is of type t: the last of the user's rules that matches it or a
// directory around it, else the strictest of the project's, the last among equals.
func (p *Policy) Match(path workspace.Path, t workspace.Type) (Verdict, bool) {
	user, project := p.match(path, t)
	if user.Action != "" {
		return user, true
	}
	return project, project.Action != ""
}

// empty reports whether nothing in p decides about paths.
func (p *Policy) empty() bool { return p == nil || len(p.user)+len(p.project) == 0 }

func (p *Policy) match(path workspace.Path, t workspace.Type) (user, project Verdict) {
	if p.empty() || path == workspace.Dot {
		return
	}
	shifted, isDir := shiftPath(string(path)), t == workspace.Dir
	for i := len(p.user) - 1; i >= 0; i-- {
		if r := &p.user[i]; r.pattern.match(shifted, isDir) {
			return Verdict{r.Action, r.PathRule, FromUser}, Verdict{}
		}
	}
	for i := len(p.project) - 1; i >= 0; i-- {
		r := &p.project[i]
		if r.Action.Stricter(project.Action) && r.pattern.match(shifted, isDir) {
			project = Verdict{r.Action, r.PathRule, FromProject}
		}
	}
	return
}
