package stage

import (
	"strings"
	"testing"

	"cofferdam/internal/need"
	"cofferdam/rules"
	"cofferdam/scan"
)

// For every path of a tree: what is judged by itself, when the view is there, is hidden or would be redacted where the plan
// hides or redacts it, and passes where it passes. Only what the plan hides for another path's sake is not known to it.
func TestJudgeEqualsPlan(t *testing.T) {
	need.Namespace(t, "mount", func(t *testing.T) {
		b := newRedactTestbed(t, ".env: PASSWORD="+value()+"\n", "empty", "empty/.npmrc: registry=https://registry.example/\n", "full", "full/.npmrc: //h/:_authToken="+bare()+"\n",
			"sub", "sub/.git", "environment: DB_PASSWORD="+strings.Repeat("weak", 2)+"\n", "conf/environment: LEVEL=3\n")
		view := b.build(t, Overlay, b.scan(t))
		spot := scan.NewSpot(b.root, b.set, scan.Options{})
		seen := map[rules.Action]int{}
		for i := range view.Report.Ledger {
			path := view.Report.Ledger[i].Path
			want := view.Plan.Decision(path)
			if want.Source == FromLink || want.Path != path {
				continue
			}
			report, err := spot.Look(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			got, err := view.Judge(t.Context(), b.root, b.set, report)
			if err != nil {
				t.Fatalf("Judge(%q): %v", path, err)
			}
			if (got.Action == rules.Pass) != (want.Action == rules.Pass) {
				t.Errorf("Judge(%q) = %s (%s), the plan says %s (%s)", path, got.Action, got.Why, want.Action, want.Why)
			}
			seen[got.Action]++
		}
		for _, action := range []rules.Action{rules.Pass, rules.Hide, rules.Redact} {
			if seen[action] == 0 {
				t.Errorf("nothing is judged %s", action)
			}
		}
	})
}
