package stage

import (
	"encoding/json"
	"fmt"
	"testing"

	"cofferdam/rules"
	"cofferdam/workspace"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestDecision(t *testing.T) {
	set := newSet(t, hideRules, "[[path]]\npattern = \"b.pem\"\naction = \"pass\"\n")
	plan, err := NewPlan(parseTree(set, ".ssh/", ".ssh/id", "a", "app.conf2", "b.pem ! token"), Options{Set: set})
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[workspace.Path]string{
		".ssh":        "hide .ssh **/.ssh/**",
		".ssh/id":     "hide .ssh **/.ssh/**",
		".ssh/not":    "hide .ssh **/.ssh/**",
		"a":           "pass a ",
		"app.conf2":   "pass app.conf2 app.conf2",
		"b.pem":       "pass b.pem b.pem",
		"not/at/all":  "pass not/at/all ",
		workspace.Dot: "pass . ",
	} {
		d := plan.Decision(path)
		if got := fmt.Sprintf("%s %s %s", d.Action, d.Path, d.Rule); got != want {
			t.Errorf("Decision(%q) = %q, want %q", path, got, want)
		}
		if d.Action == rules.Pass && d.Why == "" {
			t.Errorf("Decision(%q) gives no reason", path)
		}
	}
	if len(plan.Notes) != 1 || plan.Notes[0].Path != "b.pem" {
		t.Errorf("notes = %v, want one of b.pem, which the user passes with a finding in it", plan.Notes)
	}
}

func TestPlanJSON(t *testing.T) {
	set := newSet(t, hideRules, "")
	report := parseTree(set, ".git/", "a\xff\n.pem #7", "b\xfe #7", "-rf ! token", "x -> a\xff\n.pem")
	plan, err := NewPlan(report, Options{Kind: Copy, Set: set})
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(plan)
	if err != nil {
		t.Fatal(err)
	}
	var back Plan
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(*plan, back, cmpopts.IgnoreUnexported(Plan{}), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("read back (-wrote +read):\n%s", diff)
	}
	for _, bad := range []string{`{}`, `{"version":2}`, `{"version":1,"kind":"overlay","git":"none","decisions":[{"path":"../x"}]}`,
		`{"version":1,"kind":"overlay","git":"none","decisions":[{"path":"b"},{"path":"a"}]}`} {
		if err := json.Unmarshal([]byte(bad), &back); err == nil {
			t.Errorf("Unmarshal(%s) = nil, want an error", bad)
		}
	}
}
