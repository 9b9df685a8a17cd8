package rules

import (
	"strings"
	"testing"

	"cofferdam/workspace"

	"github.com/google/go-cmp/cmp"
)

func config(t *testing.T, name, text string) *Config {
	t.Helper()
	c, err := DecodeConfig(name, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestDecodeConfigErrors(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"[[path]]\npattern = 'a'\naction = 'hide'\ncolour = 1\n", "c.toml:4: unknown key path.colour"},
		{"\n[net]\nallow = ['x']\n", "c.toml:2: unknown key net"},
		{"[[path]]\npattern = 'a'\naction = 'drop'\n", `c.toml:3: path.action: action "drop" is not pass, hide, redact or inspect`},
		{"[[path]]\npattern = 7\naction = 'hide'\n", "c.toml:2: path.pattern: "},
		{"[[path]]\naction = 'hide'\npattern = '[a'\n", `c.toml:3: path.pattern: "[a" has a [ without its ]`},
		{"[[path]]\npattern = '!a'\naction = 'hide'\n", "c.toml:2: path.pattern: \"!a\" negates"},
		{"[[path]]\npattern = '#a'\naction = 'hide'\n", "comment"},
		{"[[path]]\npattern = ' '\naction = 'hide'\n", "is empty"},
		{"[[path]]\npattern = '/'\naction = 'hide'\n", "names nothing"},
		{"[[path]]\npattern = 'a\\'\naction = 'hide'\n", "backslash"},
		{"[[path]]\npattern = '[[:nope:]]'\naction = 'hide'\n", "unknown class"},
		{"# one\n\n[[path]]\naction = 'hide'\n", "c.toml:3: pattern is missing"},
		{"[[path]]\npattern = 'a'\n", "c.toml:1: action is missing"},
		{"path = [{pattern = 'a'}]\n", "c.toml: path 1: action is missing"},
		{"state_dirs = 'x'\n", "c.toml:1: state_dirs: "},
		{"[[path]\n", "c.toml:1: "},
		{"a = \xff\n", "c.toml:1: "},
		{strings.Repeat("#", maxConfig+1), "more than"},
		{"path = " + strings.Repeat("[", maxConfig-8), "c.toml:1: "},
	} {
		_, err := DecodeConfig("c.toml", []byte(test.text))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("DecodeConfig(%.60q) = %v, want %s", test.text, err, test.want)
		}
	}
}

func FuzzDecodeConfigNeverPanics(f *testing.F) {
	f.Add([]byte("state_dirs=['a']\n[[path]]\npattern='**/[!a-z]?*.x/'\naction='hide'\nwhy='w'\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := DecodeConfig("c.toml", text)
		if err != nil {
			return
		}
		p, err := NewPolicy(c, nil)
		if err != nil {
			t.Fatal(err)
		}
		p.Match("a/b/c.x", workspace.File)
	})
}

func TestDecide(t *testing.T) {
	user := config(t, "user.toml", `
state_dirs = ['.cache']
[[path]]
pattern = '/config/*.yml'
action = 'pass'
why = 'no secrets here'
[[path]]
pattern = 'config/prod.yml'
action = 'hide'
[[path]]
pattern = '.ENV'
action = 'redact'
`)
	project := config(t, "project.toml", `
[[path]]
pattern = 'internal/'
action = 'hide'
[[path]]
pattern = '*.yml'
action = 'hide'
[[path]]
pattern = 'id_rsa'
action = 'pass'
[[path]]
pattern = '.env.local'
action = 'inspect'
[[path]]
pattern = '*.pem'
action = 'redact'
`)
	policy, err := NewPolicy(user, project)
	if err != nil {
		t.Fatal(err)
	}
	set := NewSet(nil, policy)
	for _, test := range []struct {
		path   workspace.Path
		kind   workspace.Type
		action Action
		source Source
		origin string
	}{
		{"config/app.yml", workspace.File, Pass, FromUser, "user.toml:3"},
		{"config/prod.yml", workspace.File, Hide, FromUser, "user.toml:7"},
		{"x/config/app.yml", workspace.File, Hide, FromProject, "project.toml:5"},
		{"a/.env", workspace.File, Redact, FromUser, "user.toml:10"},
		{".env.local", workspace.File, Hide, FromDefault, ""},
		{"id_rsa", workspace.File, Hide, FromDefault, ""},
		{"a.pem", workspace.File, Redact, FromProject, "project.toml:14"},
		{"internal", workspace.Dir, Hide, FromProject, "project.toml:2"},
		{"internal", workspace.File, "", "", ""},
		{"src/INTERNAL/deep/main.go", workspace.File, Hide, FromProject, "project.toml:2"},
		{"main.go", workspace.File, "", "", ""},
		{".", workspace.Dir, "", "", ""},
	} {
		got := set.Decide(test.path, test.kind)
		if got.Action != test.action || got.Source != test.source || got.Rule.Origin != test.origin {
			t.Errorf("Decide(%q) = %+v, want %s by %s %s", test.path, got, test.action, test.source, test.origin)
		}
	}
	want := []PathRule{{Pattern: "id_rsa", Action: Pass, Origin: "project.toml:8"}}
	if diff := cmp.Diff(want, policy.Ignored()); diff != "" {
		t.Errorf("Ignored (-want +got):\n%s", diff)
	}
}

func TestNewPolicyRefusesStateDirsOfAProject(t *testing.T) {
	if _, err := NewPolicy(nil, config(t, "p.toml", "state_dirs = ['x']\n")); err == nil {
		t.Error("NewPolicy takes state_dirs from a project")
	}
}
