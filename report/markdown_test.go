package report

import (
	"fmt"
	"strings"
	"testing"

	"cofferdam/scan"
	"cofferdam/workspace"
)

func TestHugeMarkdownIsCutAndSaysSo(t *testing.T) {
	r := &scan.Report{}
	for i := range 20_000 {
		r.Findings = append(r.Findings, scan.Finding{Rule: "r", Description: "d", Severity: "low", Path: workspace.Path(fmt.Sprintf("dir/%0100d", i)), Line: 1})
		r.Incomplete = append(r.Incomplete, scan.Incomplete{Path: "x", Reason: strings.Repeat("y", 80)})
	}
	out := string(written(t, "markdown", r, Options{}))
	if len(out) > 1<<20 || strings.Count(out, "more are not shown") != 2 {
		t.Errorf("%d bytes, %d tables cut", len(out), strings.Count(out, "more are not shown"))
	}
}
