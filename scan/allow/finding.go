package allow

// Finding is what is asked of a finding to decide about it.
type Finding struct {
	Rule        string
	Path        string // below the root, separated by slashes
	Member      string // path inside the archive at Path; empty elsewhere
	Line        int    // from 1
	Commit      string // hex; empty for a file of the work tree
	Fingerprint string
	Comment     Source // on its lines: what Comment returned for them
}

// file names the file as reports do.
func (f *Finding) file() string {
	if f.Member == "" {
		return f.Path
	}
	return f.Path + "!" + f.Member
}

// Source says what allows a finding. The empty Source allows nothing.
type Source string

// The sources, in the order in which they are asked.
const (
	CofferdamIgnore  Source = ".cofferdamignore"
	GitleaksIgnore   Source = ".gitleaksignore"
	CofferdamComment Source = "cofferdam:allow"
	GitleaksComment  Source = "gitleaks:allow"
	FromBaseline     Source = "baseline"
)

// Lists is what one party declares known. The zero value is nothing.
type Lists struct {
	Ignore   *Ignores
	Gitleaks *Fingerprints
	Comments bool // obey comments beside findings
	Baseline *Baseline
}

// Policy is what the operator declares, and what the project does. The project counts only where Trust says so.
type Policy struct {
	Operator Lists
	Project  Lists
	Trust    bool
}

// Decision is what is known of a finding.
type Decision struct {
	Source Source // what allows it, or would
	Obeyed bool   // it does; else it only would, if the project were trusted
}

// Decide is a decision for each of the findings, in their order. The operator is asked before the project, and a baseline
// last, so that none of its entries is used up by a finding that is allowed anyway.
func (p Policy) Decide(findings []Finding) []Decision {
	decisions := make([]Decision, len(findings))
	p.Operator.decide(findings, decisions, true)
	p.Project.decide(findings, decisions, p.Trust)
	return decisions
}

// decide fills in those decisions that are still open.
func (l Lists) decide(findings []Finding, decisions []Decision, obeyed bool) {
	var open []int
	for i := range findings {
		if decisions[i].Source != "" {
			continue
		}
		if source := l.source(&findings[i]); source != "" {
			decisions[i] = Decision{source, obeyed}
		} else {
			open = append(open, i)
		}
	}
	if l.Baseline == nil {
		return
	}
	rest := make([]Finding, len(open))
	for i, at := range open {
		rest[i] = findings[at]
	}
	for i, covered := range l.Baseline.Apply(rest) {
		if covered {
			decisions[open[i]] = Decision{FromBaseline, obeyed}
		}
	}
}

func (l Lists) source(f *Finding) Source {
	switch {
	case l.Ignore != nil && l.Ignore.Match(*f):
		return CofferdamIgnore
	case l.Gitleaks != nil && l.Gitleaks.Match(*f):
		return GitleaksIgnore
	case l.Comments:
		return f.Comment
	}
	return ""
}
