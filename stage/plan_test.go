package stage

import (
	"fmt"
	"strings"
	"testing"

	"cofferdam/rules"
	"cofferdam/scan"
	"cofferdam/workspace"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// hideRules hides what the tests call secret, beside .ssh, which the default rules hide, and .env.
const hideRules = `
dotenv = "hide"
[[path]]
pattern = "*.pem"
action = "hide"
[[path]]
pattern = "/.aws/credentials"
action = "hide"
[[path]]
pattern = "app.conf2"
action = "inspect"
`

// newSet makes rules of the text of a project's and of a user's config, and the default rules.
func newSet(t testing.TB, project, user string) *rules.Set {
	t.Helper()
	decode := func(name, text string) *rules.Config {
		c, err := rules.DecodeConfig(name, []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	policy, err := rules.NewPolicy(decode("user.toml", user), decode("project.toml", project))
	if err != nil {
		t.Fatal(err)
	}
	return rules.NewSet(nil, policy)
}

// parseTree makes a report of lines like "conf/", "a.txt", "a.txt #7" (inode 7), "link -> target", "pipe |", each of
// which may end in "! finding" or "? incomplete".
func parseTree(set *rules.Set, tree ...string) *scan.Report {
	r := &scan.Report{Root: "/home/u/project"}
	var entries []workspace.Entry
	links := map[uint64]uint64{}
	for i, text := range tree {
		e := workspace.Entry{Stat: workspace.Stat{Type: workspace.File, Ino: uint64(1000 + i), Dev: 1, Nlink: 1}}
		text, reason, incomplete := strings.Cut(text, " ? ")
		text, rule, finding := strings.Cut(text, " ! ")
		if name, target, ok := strings.Cut(text, " -> "); ok {
			text, e.Type, e.Target = name, workspace.Symlink, target
		}
		if name, ok := strings.CutSuffix(text, "/"); ok {
			text, e.Type, e.Nlink = name, workspace.Dir, 2
		}
		if name, ok := strings.CutSuffix(text, " |"); ok {
			text, e.Type = name, workspace.FIFO
		}
		if name, ino, ok := strings.Cut(text, " #"); ok {
			text = name
			fmt.Sscan(ino, &e.Ino)
			links[e.Ino]++
		}
		e.Path = workspace.Path(text)
		entries = append(entries, e)
		if finding {
			r.Findings = append(r.Findings, scan.Finding{Rule: rule, Path: e.Path, Line: 3})
		}
		if incomplete {
			r.Incomplete = append(r.Incomplete, scan.Incomplete{Path: e.Path, Reason: reason})
		}
	}
	workspace.SortEntries(entries)
	for _, e := range entries {
		if n := links[e.Ino]; n > 0 {
			e.Nlink = n
		}
		r.Ledger = append(r.Ledger, scan.Line{Entry: e, Verdict: set.Decide(e.Path, e.Type)})
	}
	return r
}

func TestNewPlan(t *testing.T) {
	tests := map[string]struct {
		tree []string
		user string
		git  GitMode
		want []string // path, source, cause
	}{
		"nothing to hide": {tree: []string{"a", "b/", "b/c", "l -> a"}},
		"names":           {tree: []string{".env", "conf/", "conf/.env", "conf/a.txt"}, want: []string{".env name", "conf/.env name"}},
		"a directory stands for its content": {
			tree: []string{".ssh/", ".ssh/id", ".ssh/.env", ".ssh-2", ".ssh.txt"}, want: []string{".ssh name"}},
		"a finding hides":     {tree: []string{"a ! token", "b"}, want: []string{"a content"}},
		"incomplete hides":    {tree: []string{"a ? over the limit", "d/ ? permission denied", "b"}, want: []string{"a coverage", "d coverage"}},
		"special files":       {tree: []string{"p |", "a"}, want: []string{"p coverage"}},
		"the user passes":     {tree: []string{".env ! token", "a.pem"}, user: "pass .env", want: []string{"a.pem name"}},
		"the user passes big": {tree: []string{"big ? over the limit"}, user: "pass big"},
		"config stays":        {tree: []string{".cofferdam.toml"}},

		"hard links": {tree: []string{".env #7", "a/", "a/x #7", "z #7", "y #8", "y2 #8"},
			want: []string{".env name", "a/x link .env", "z link .env"}},
		"a hard link out of a hidden directory": {tree: []string{".ssh/", ".ssh/id #7", "copy #7"},
			want: []string{".ssh name", "copy link .ssh/id"}},
		"a hard link of a finding": {tree: []string{"a #7 ! token", "b #7"}, want: []string{"a content", "b link a"}},
		"a user's pass does not open another name": {tree: []string{".env #7", "x #7"}, user: "pass x",
			want: []string{".env name", "x link .env"}},

		"a symlink to what is hidden": {tree: []string{".env", "conf/", "conf/l -> ../.env", "m -> conf/l", "n -> /home/u/project/.env"},
			want: []string{".env name", "conf/l link .env", "m link .env", "n link .env"}},
		"a symlink out and in again": {tree: []string{".env", "l -> ../project/.env", "m -> ../../u/project/.env", "n -> ../other/.env"},
			want: []string{".env name", "l link .env", "m link .env"}},
		"a symlink into a hidden directory": {tree: []string{".ssh/", ".ssh/id", "l -> .ssh/id", "d -> .ssh", "e -> d/id", "none -> .ssh/none"},
			want: []string{".ssh name", "d link .ssh", "e link .ssh", "l link .ssh", "none link .ssh"}},
		"a symlink hidden by name": {tree: []string{".env -> conf/dev.txt", "conf/", "conf/dev.txt #7", "other #7", "o -> other"},
			want: []string{".env name", "conf/dev.txt link .env", "o link other", "other link conf/dev.txt"}},
		"a chain hidden by name": {tree: []string{".env -> a", "a -> b", "b -> c/d", "c -> real", "real/", "real/d"},
			want: []string{".env name", "a link real/d", "b link real/d", "real/d link .env"}},
		"a symlink named like a directory": {tree: []string{".ssh -> keys", "keys/", "keys/id", "l -> keys/id"},
			want: []string{".ssh name", "keys link .ssh", "l link keys"}},
		"a file rule spares a directory": {tree: []string{".env -> venv", "venv/", "venv/x"}, want: []string{".env name"}},
		"a symlink in a hidden directory": {tree: []string{".ssh/", ".ssh/id -> ../k", "k", ".ssh/up -> ..", ".ssh/d -> ../dir", "dir/"},
			want: []string{".ssh name", "dir link .ssh/d", "k link .ssh/id"}},
		"a hidden link to the root": {tree: []string{".ssh -> .", "a"}, want: []string{".ssh name"}},
		"loops":                     {tree: []string{"a -> b", "b -> a", "c -> c", "d -> d/x", ".env -> a"}, want: []string{".env name"}},
		"links that leave":          {tree: []string{"a -> /etc/passwd", "b -> ../../..", "c -> nowhere", "d -> /", "e -> d/etc"}},
		"a path rule through a link": {tree: []string{".aws -> conf", "conf/", "conf/credentials", "conf/other"},
			want: []string{"conf/credentials link .aws"}},
		"unchecked under the name of a link": {tree: []string{"app.conf2 -> dev.log2", "dev.log2"},
			want: []string{"app.conf2 link dev.log2", "dev.log2 link app.conf2"}},

		"git":        {tree: []string{".git/", "sub/", "sub/.git", "l -> .git/config"}, want: []string{".git git empty", "l link .git", "sub/.git git"}},
		"git host":   {tree: []string{".git/", "sub/", "sub/.git/", "l -> .git/config"}, git: GitHost, want: []string{"sub/.git git empty"}},
		"a git link": {tree: []string{".git -> repo", "repo/", "repo/config"}, want: []string{".git git", "repo link .git"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			user := ""
			if pattern, ok := strings.CutPrefix(test.user, "pass "); ok {
				user = fmt.Sprintf("[[path]]\npattern = %q\naction = \"pass\"\n", pattern)
			}
			set := newSet(t, hideRules, user)
			plan, err := NewPlan(parseTree(set, test.tree...), Options{Git: test.git, Set: set})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, d := range plan.Decisions {
				words := []string{string(d.Path), string(d.Source), string(d.Cause)}
				if d.Source == rules.FromDefault || d.Source == rules.FromProject {
					words[1] = "name"
				}
				if d.Empty {
					words = append(words[:2], "empty")
				}
				got = append(got, strings.TrimSpace(strings.Join(words, " ")))
			}
			if diff := cmp.Diff(test.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("decisions (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNewPlanRefuses(t *testing.T) {
	set := newSet(t, hideRules, "")
	tests := map[string]struct {
		o    Options
		tree []string
		want string
	}{
		"git file":    {Options{Git: GitHost}, []string{".git"}, "this .git is a file"},
		"git symlink": {Options{Git: GitHost}, []string{".git -> x"}, "this .git is a symlink"},
		"kind":        {Options{Kind: "tar"}, nil, `stage "tar"`},
		"git mode":    {Options{Git: "all"}, nil, `git mode "all"`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := NewPlan(parseTree(set, test.tree...), test.o)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("NewPlan = %v, want %q", err, test.want)
			}
		})
	}
	r := parseTree(set, "a")
	r.Incomplete = []scan.Incomplete{{Path: workspace.Dot, Reason: "permission denied"}}
	if _, err := NewPlan(r, Options{}); err == nil {
		t.Error("NewPlan of a root that was not read = nil, want an error")
	}
	r = parseTree(set, "a", "b")
	r.Ledger[0], r.Ledger[1] = r.Ledger[1], r.Ledger[0]
	if _, err := NewPlan(r, Options{}); err == nil {
		t.Error("NewPlan of a ledger out of order = nil, want an error")
	}
}

func BenchmarkNewPlan(b *testing.B) {
	set := newSet(b, hideRules, "")
	var tree []string
	for i := range 1000 {
		tree = append(tree, fmt.Sprintf("d%d/", i))
		for j := range 110 {
			tree = append(tree, fmt.Sprintf("d%d/some-file-name-%d.go", i, j))
		}
		tree = append(tree, fmt.Sprintf("d%d/link -> ../d1/some-file-name-%d.go", i, i%110), fmt.Sprintf("d%d/.env", i))
	}
	report := parseTree(set, tree...)
	b.ReportMetric(float64(len(report.Ledger)), "lines")
	for b.Loop() {
		if _, err := NewPlan(report, Options{Set: set}); err != nil {
			b.Fatal(err)
		}
	}
}
