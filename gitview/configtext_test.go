package gitview

import (
	"maps"
	"testing"
)

var configs = map[string]struct {
	text  string
	plain bool
}{
	"git's own":        {"[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n[remote \"Origin\"]\n\turl = https://example.invalid/x.git\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n", true},
	"empty":            {"", true},
	"comments":         {"# one\n ; two\n\n[core]\n#three\n\tbare\n", true},
	"upper case":       {"[Core]\nFileMode = TRUE\n", true},
	"twice":            {"[a]\nb = 1\nb = 2\n", true},
	"empty value":      {"[a]\nb =\n", true},
	"spaces":           {"  [a]  \n\t b\t=\tc  d  \n", true},
	"equals":           {"[a]\nb = c=d\n", true},
	"carriage returns": {"[a]\r\nb = 1\r\n", false},
	"quoted":           {"[a]\nb = \"c\"\n", false},
	"escaped":          {"[a]\nb = c\\\\d\n", false},
	"continued":        {"[a]\nb = c\\\n d\n", false},
	"trailing comment": {"[a]\nb = c ; d\n", false},
	"one line":         {"[a] b = c\n", false},
	"include":          {"[include]\npath = x\n", false},
	"conditional":      {"[includeIf \"gitdir:/\"]\npath = x\n", false},
	"old subsection":   {"[a.B]\nc = d\n", false},
	"no section":       {"b = c\n", false},
	"no name":          {"[a]\n= c\n", false},
	"mark":             {"\xef\xbb\xbf[a]\nb = c\n", false},
}

func TestPlainConfig(t *testing.T) {
	for name, tt := range configs {
		t.Run(name, func(t *testing.T) {
			if _, plain := plainConfig(tt.text); plain != tt.plain {
				t.Errorf("plain %v, want %v", plain, tt.plain)
			}
			checkConfig(t, tt.text)
		})
	}
}

// checkConfig: what is read without git is what git reads.
func checkConfig(t *testing.T, text string) {
	t.Helper()
	got, plain := plainConfig(text)
	if !plain {
		return
	}
	want := config{}
	if err := want.ask([]byte(text)); err != nil {
		t.Errorf("git refuses %q, which was read as %v", text, got)
	} else if !maps.Equal(got, want) {
		t.Errorf("%q is %v, want %v", text, got, want)
	}
}

func FuzzPlainConfigIsGits(f *testing.F) {
	for _, tt := range configs {
		f.Add(tt.text)
	}
	f.Fuzz(func(t *testing.T, text string) { checkConfig(t, text) })
}
