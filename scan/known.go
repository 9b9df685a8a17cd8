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
// kind.
func (r *Report) Without(policy allow.Policy) (*Report, []Suppressed) {
	rest := *r
	rest.Ledger = slices.Clone(r.Ledger)
	files := rest.Credentials() // those of Questions, which depend on the findings
	rest.Findings = nil
	counts := map[allow.Decision]int{}
	for i, decision := range policy.Decide(r.Questions()) {
		if decision.Source != "" {
			counts[decision]++
		}
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
	var list []Suppressed
	for decision, n := range counts {
		list = append(list, Suppressed{string(decision.Source), n, decision.Obeyed})
	}
	slices.SortFunc(list, compareSuppressed)
	return &rest, list
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
