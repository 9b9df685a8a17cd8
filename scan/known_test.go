package scan

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cofferdam/rules"
	"cofferdam/scan/allow"
	"cofferdam/workspace"
)

// A file that its content makes a credential file is reported by what was found in it, and known when all of that is.
func TestWithoutLeavesOutEachFileForItself(t *testing.T) {
	line := func(path workspace.Path, action rules.Action, credential string) Line {
		return Line{Entry: workspace.Entry{Path: path, Stat: workspace.Stat{Type: workspace.File}}, State: Scanned, Verdict: rules.Verdict{Action: action}, Credential: credential}
	}
	r := &Report{
		Findings: []Finding{{Rule: "a", Path: "found.conf"}, {Rule: "b", Path: "found.conf", Offset: 9}, {Rule: "a", Path: "id_rsa"}},
		Ledger: []Line{line("bare.conf", rules.Inspect, "a password"), line("clean.conf", rules.Inspect, ""), line("found.conf", rules.Inspect, "a password"),
			line("id_rsa", rules.Hide, "")},
	}
	for _, tt := range []struct{ ignores, want string }{
		{"", "found.conf a, found.conf b, id_rsa a, bare.conf credential-file, id_rsa credential-file"},
		{"/bare.conf", "found.conf a, found.conf b, id_rsa a, id_rsa credential-file"},
		{"rule:a", "found.conf b, bare.conf credential-file, id_rsa credential-file"},
		{"/found.conf", "id_rsa a, bare.conf credential-file, id_rsa credential-file"},
		{"/id_rsa", "found.conf a, found.conf b, bare.conf credential-file"},
		{"rule:credential-file", "found.conf a, found.conf b, id_rsa a"},
		{"*", ""},
	} {
		ignores, err := allow.ReadIgnores(strings.NewReader(tt.ignores))
		if err != nil {
			t.Fatal(err)
		}
		rest, _ := r.Without(allow.Policy{Operator: allow.Lists{Ignore: ignores}})
		var got []string
		for _, f := range rest.All() {
			got = append(got, string(f.Path)+" "+f.Rule)
		}
		if diff := cmp.Diff(tt.want, strings.Join(got, ", ")); diff != "" {
			t.Errorf("without %q (-want +got):\n%s", tt.ignores, diff)
		}
	}
}
