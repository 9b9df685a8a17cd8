package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cofferdam"
	"cofferdam/scan"
)

func TestParseTarget(t *testing.T) {
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"file", "file:12", "a.zip", "b.zip!in", "dir/x"} {
		if err := os.MkdirAll(filepath.Join(root, filepath.Dir(name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		name string
		want target
	}{
		{"file", target{path: "file"}},
		{"file:3", target{path: "file", line: 3}},
		{"file:12", target{path: "file:12"}},
		{"file:12:3", target{path: "file:12", line: 3}},
		{"file:0", target{path: "file:0"}},
		{"file:-1", target{path: "file:-1"}},
		{"file:x", target{path: "file:x"}},
		{"file:99999999999999999999", target{path: "file:99999999999999999999"}},
		{"gone", target{path: "gone"}},
		{"gone:3", target{path: "gone:3"}},
		{"dir/x:7", target{path: "dir/x", line: 7}},
		{"dir!x", target{path: "dir!x"}},
		{"a.zip", target{path: "a.zip"}},
		{"a.zip!in/x", target{path: "a.zip", member: "in/x"}},
		{"a.zip!in/x:4", target{path: "a.zip", member: "in/x", line: 4}},
		{"a.zip!in!deep:4", target{path: "a.zip", member: "in!deep", line: 4}},
		{"b.zip!in", target{path: "b.zip!in"}},
		{"b.zip!in!x:1", target{path: "b.zip!in", member: "x", line: 1}},
		{"a.zip!", target{path: "a.zip!"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := parseTarget(root, filepath.Join(root, tt.name))
			if err != nil || got != tt.want {
				t.Errorf("parseTarget(%q) = %+v, %v, want %+v", tt.name, got, err, tt.want)
			}
		})
	}
	if got, err := parseTarget(root, "/etc/passwd:1"); err == nil {
		t.Errorf("a path outside is %+v", got)
	}
}

func TestAmong(t *testing.T) {
	all := []cofferdam.Known{{Finding: scan.Finding{Line: 1, EndLine: 3}}, {Finding: scan.Finding{Line: 3, EndLine: 3, Member: "m"}}, {Finding: scan.Finding{Rule: scan.CredentialFile}}}
	for _, tt := range []struct {
		at   target
		want []bool
	}{
		{target{}, []bool{true, true, true}}, {target{line: 1}, []bool{true, false, false}}, {target{line: 3}, []bool{true, true, false}},
		{target{line: 4}, []bool{false, false, false}}, {target{member: "m"}, []bool{false, true, false}}, {target{member: "m", line: 1}, []bool{false, false, false}},
	} {
		var got []bool
		for _, f := range all {
			got = append(got, len(tt.at.among([]cofferdam.Known{f})) == 1)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("among(%+v) (-want +got):\n%s", tt.at, diff)
		}
	}
}
