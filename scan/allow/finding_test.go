package allow

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func lists(t testing.TB, ignores, gitleaks string) Lists {
	t.Helper()
	i, err := ReadIgnores(strings.NewReader(ignores))
	if err != nil {
		t.Fatal(err)
	}
	g, err := ReadFingerprints(strings.NewReader(gitleaks))
	if err != nil {
		t.Fatal(err)
	}
	return Lists{Ignore: i, Gitleaks: g}
}

func TestDecide(t *testing.T) {
	findings := []Finding{
		{Rule: "a", Path: "ops/x", Line: 1, Fingerprint: fp(1)},                            // the operator's ignore file
		{Rule: "a", Path: "own/x", Line: 1, Fingerprint: fp(1)},                            // the project's
		{Rule: "a", Path: "b", Line: 1, Fingerprint: fp(2)},                                // the project's .gitleaksignore
		{Rule: "a", Path: "c", Line: 1, Fingerprint: fp(3), Comment: GitleaksComment},      // a comment
		{Rule: "a", Path: "d", Line: 1, Fingerprint: fp(4)},                                // nothing
		{Rule: "a", Path: "e", Line: 1, Fingerprint: fp(1)},                                // the baseline
		{Rule: "a", Path: "ops/y", Line: 1, Fingerprint: fp(5), Comment: CofferdamComment}, // the operator before the comment
		{Rule: "a", Path: "f", Line: 1, Fingerprint: fp(1)},                                // one copy more than the baseline has
	}
	p := Policy{Operator: lists(t, "ops/\n", ""), Project: lists(t, "own/\n", "b:a:1\n")}
	p.Operator.Baseline = baselineOf(t, []Finding{{Rule: "a", Path: "e", Fingerprint: fp(1)}})
	p.Project.Comments = true
	for _, trust := range []bool{false, true} {
		p.Trust = trust
		want := []Decision{
			{CofferdamIgnore, true}, {CofferdamIgnore, trust}, {GitleaksIgnore, trust}, {GitleaksComment, trust}, {}, {FromBaseline, true}, {CofferdamIgnore, true}, {},
		}
		if diff := cmp.Diff(want, p.Decide(findings)); diff != "" {
			t.Errorf("decisions with trust %v (-want +got):\n%s", trust, diff)
		}
	}
	if diff := cmp.Diff(make([]Decision, len(findings)), Policy{Trust: true}.Decide(findings)); diff != "" {
		t.Errorf("an empty policy allows something:\n%s", diff)
	}
}

// For every policy without trust: what is obeyed is what the operator alone declares.
func TestAProjectAllowsNothingUntilTrusted(t *testing.T) {
	var findings []Finding
	for i := range 200 {
		findings = append(findings, Finding{Rule: "r", Path: "p", Line: i, Fingerprint: fp(i), Comment: CofferdamComment})
	}
	p := Policy{Project: lists(t, "*\nrule:r\n", "p:r:1\n")}
	p.Project.Comments, p.Project.Baseline = true, baselineOf(t, findings)
	for i, d := range p.Decide(findings) {
		if d.Obeyed || d.Source == "" {
			t.Fatalf("finding %d: %+v", i, d)
		}
	}
}
