package stage

import "cofferdam/rules"

// Hidden is how many decisions hide something; an emptied .git is not counted.
func (p *Plan) Hidden() (n int) {
	for i := range p.Decisions {
		if d := &p.Decisions[i]; d.Action == rules.Hide && !d.Empty {
			n++
		}
	}
	return n
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
