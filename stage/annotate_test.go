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
	plan.Annotate(report)
	for _, l := range report.Ledger {
		got[string(l.Path)] = l.Action
	}
	for _, f := range report.Findings {
		got["finding in "+string(f.Path)] = f.Action
	}
	want := map[string]string{".ssh": "hide", ".ssh/id": "hide", ".ssh.txt": "pass", "a": "redact", "b": "pass", ".git": "hide",
		"finding in .ssh/id": "hide", "finding in a": "redact"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("actions (-want +got):\n%s", diff)
	}
	again, err := NewPlan(report, Options{Set: set})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(plan.Decisions, again.Decisions); diff != "" {
		t.Errorf("the plan of an annotated report (-first +again):\n%s", diff)
	}
}
