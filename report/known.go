package report

import (
	"cofferdam/scan"
	"cofferdam/workspace"
)

// byName is the rule that credential files go by in formats that know rules and findings only.
const byName = "credential-file"

// known is the findings and, after them, a finding for each credential file: it has no line, as the whole file is meant.
func known(r *scan.Report) []scan.Finding {
	picked := credentials(r)
	all := make([]scan.Finding, 0, len(r.Findings)+len(picked))
	all = append(all, r.Findings...)
	for _, l := range picked {
		f := scan.Finding{Rule: byName, Description: "Credential file", Severity: "high", Why: because(l), Path: l.Path, Action: l.Action}
		if l.Type == workspace.Dir {
			f.Path += "/"
		}
		if kind := l.Verdict.Rule.Kind; kind != "" {
			f.Tags = []string{kind}
		}
		all = append(all, f)
	}
	return all
}
