package report

import (
	"strings"
	"testing"

	"cofferdam/scan"
)

func TestGitHubPutsTheWorstFirstAndCountsTheRest(t *testing.T) {
	r := &scan.Report{}
	for range 30 {
		r.Findings = append(r.Findings, scan.Finding{Rule: "low-rule", Severity: "low", Path: "a", Line: 1})
	}
	r.Findings = append(r.Findings, scan.Finding{Rule: "bad-rule", Severity: "critical", Path: "z", Line: 1})
	lines := strings.Split(string(written(t, "github", r, Options{})), "\n")
	if !strings.Contains(lines[0], "31 findings") || !strings.Contains(lines[1], "bad-rule") || len(lines) != 33 {
		t.Errorf("%d lines, the first two:\n%s\n%s", len(lines), lines[0], lines[1])
	}
}
