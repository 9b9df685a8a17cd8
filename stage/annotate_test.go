package stage

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAnnotate(t *testing.T) {
	set := newSet(t, hideRules, "")
	report := parseTree(set, ".ssh/", ".ssh/id ! token", ".ssh.txt", "a ! token", "b", ".git/")
	plan, err := NewPlan(report, Options{Set: set})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	annotated := plan.Annotate(report)
	for _, l := range annotated.Ledger {
		got[string(l.Path)] = l.Action
	}
	for _, f := range annotated.Findings {
		got["finding in "+string(f.Path)] = f.Action
	}
	want := map[string]string{".ssh": "hide", ".ssh/id": "hide", ".ssh.txt": "pass", "a": "hide", "b": "pass", ".git": "hide",
		"finding in .ssh/id": "hide", "finding in a": "hide"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("actions (-want +got):\n%s", diff)
	}
	if report.Ledger[0].Action != "" || report.Findings[0].Action != "" {
		t.Error("Annotate changed the report")
	}
}
