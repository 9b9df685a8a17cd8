package stage

import (
	"cofferdam/rules"
	"cofferdam/workspace"
)

// Hidden is the paths that the view does not show, in path order. A hidden directory stands for all that it holds; an
// emptied .git is not among them.
func (p *Plan) Hidden() []workspace.Path {
	var paths []workspace.Path
	for i := range p.Decisions {
		if d := &p.Decisions[i]; d.Action == rules.Hide && !d.Empty {
			paths = append(paths, d.Path)
		}
	}
	return paths
}

// Redacted is the files that the view shows with placeholders, in path order.
func (p *Plan) Redacted() []workspace.Path {
	var paths []workspace.Path
	for i := range p.Decisions {
		if d := &p.Decisions[i]; d.Action == rules.Redact {
			paths = append(paths, d.Path)
		}
	}
	return paths
}

// Hits is how many decisions come from a rule or a finding, rather than from a link, from .git or from what could not
// be read.
func (p *Plan) Hits() (n int) {
	for i := range p.Decisions {
		switch p.Decisions[i].Source {
		case FromLink, FromGit, FromCoverage:
		default:
			n++
		}
	}
	return n
}
