package scan

import (
	"cmp"
	"slices"

	"cofferdam/scan/allow"
)

// Suppressed counts findings that something declares known.
type Suppressed struct {
	Source string // such as baseline or .gitleaksignore
	Count  int
	Obeyed bool // they are left out; else the declaration is not trusted and they are in the report
}

// Without is r without what policy obeys a declaration about, credential files included, and how much there is of each
// kind. Where that is nothing, it is r.
func (r *Report) Without(policy allow.Policy) (*Report, []Suppressed) {
	decisions := policy.Decide(r.Questions())
	rest := r
	if slices.ContainsFunc(decisions, func(d allow.Decision) bool { return d.Obeyed }) {
		rest = r.leaveOut(decisions)
	}
	return rest, suppressed(decisions)
}

// leaveOut is r without what decisions, one for each of its Questions, obey.
func (r *Report) leaveOut(decisions []allow.Decision) *Report {
	rest := *r
	rest.Ledger = slices.Clone(r.Ledger)
	files := rest.Credentials() // those of Questions, which depend on the findings
	rest.Findings = nil
	for i, decision := range decisions {
		switch file := i - len(r.Findings); {
		case file >= 0:
			files[file].Known = decision.Obeyed
		case !decision.Obeyed:
			rest.Findings = append(rest.Findings, r.Findings[i])
		}
	}
	for i := range rest.Ledger {
		// What was found in it was all that made it a credential file, and is known.
		if l := &rest.Ledger[i]; !l.byName() && l.Credential != "" && len(r.FindingsIn(l.Path)) > 0 && len(rest.FindingsIn(l.Path)) == 0 {
			l.Known = true
		}
	}
	return &rest
}

func suppressed(decisions []allow.Decision) []Suppressed {
	counts := map[allow.Decision]int{}
	for _, decision := range decisions {
		if decision.Source != "" {
			counts[decision]++
		}
	}
	var list []Suppressed
	for decision, n := range counts {
		list = append(list, Suppressed{string(decision.Source), n, decision.Obeyed})
	}
	slices.SortFunc(list, compareSuppressed)
	return list
}

// Questions is All as what allows findings sees them.
func (r *Report) Questions() []allow.Finding {
	all := r.All()
	questions := make([]allow.Finding, len(all))
	for i := range all {
		questions[i] = all[i].question()
	}
	return questions
}

func (f *Finding) question() allow.Finding {
	q := allow.Finding{Rule: f.Rule, Path: string(f.Path), Member: f.Member, Line: f.Line, Fingerprint: f.Fingerprint, Comment: f.comment}
	if f.Commit != nil {
		q.Commit = f.Commit.ID
	}
	return q
}

func compareSuppressed(a, b Suppressed) int {
	return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Count, b.Count))
}
