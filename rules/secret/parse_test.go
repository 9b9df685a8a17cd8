package secret

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	text := `
Title = "mine"
minVersion = "v8.25.0"
[[rules]]
id = "a"
regex = '''a(b)'''
secretgroup = 1
entropy = 3
Keywords = ["AbC"]
tags = "x,y"
severity = "high"
why = "w"
check = "c"
judge = true
positives = ["ab"]
negatives = ["b"]
[rules.allowlist]
condition = "and"
stopwords = ["X"]
paths = ["p"]
[[rules.required]]
id = "b"
withinLines = 0
[[rules]]
id = "b"
path = "x"
skipReport = true
[allowlist]
regexTarget = "line"
regexes = ["^a", "b$"]
[[rules.allowlists]]
commits = ["c"]
regexTarget = "secret"
`
	want := &Config{
		Title: "mine",
		Rules: []Rule{{
			ID: "a", Regex: "a(b)", SecretGroup: 1, Entropy: 3, Keywords: []string{"abc"}, Tags: []string{"x", "y"},
			Severity: "high", Why: "w", Check: "c", Judge: true,
			Allowlists: []Allowlist{{All: true, StopWords: []string{"X"}, Paths: []string{"p"}}},
			Required:   []Required{{Rule: "b", WithinLines: 0, WithinColumns: -1}},
		}, {
			ID: "b", Path: "x", SkipReport: true, Allowlists: []Allowlist{{Commits: []string{"c"}}},
		}},
		Allowlists: []Allowlist{{Target: TargetLine, Regexes: []string{"^a", "b$"}}},
	}
	got, err := Parse("x.toml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Parse: (-want +got)\n%s", diff)
	}
	pack, err := ParsePack("x.toml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	examples := []Examples{{Rule: "a", Positives: []string{"ab"}, Negatives: []string{"b"}}}
	if diff := cmp.Diff(&Pack{Config: want, Examples: examples}, pack); diff != "" {
		t.Errorf("ParsePack: (-want +got)\n%s", diff)
	}
}

func TestParseErrors(t *testing.T) {
	nested := strings.Repeat("(", 999) + "a" + strings.Repeat(")", 999) // as deep as one may be
	const rule = "[[rules]]\nid = 'a'\nregex = 'x'\n"
	for name, c := range map[string]struct{ text, want string }{
		"syntax":            {"a = \n", "x.toml:1:5: "},
		"unknown key":       {rule + "colour = 1", "x.toml:4: rules[0].colour (a): unknown key"},
		"unknown table":     {"[wide]\nx = 1", "x.toml:1: wide: unknown key"},
		"wrong type":        {rule + "entropy = 'high'", "x.toml:4: rules[0].entropy (a): is a string; want a number"},
		"wrong element":     {rule + "keywords = ['a',\n1]", "x.toml:5: rules[0].keywords[1] (a): is a number; want a string"},
		"rules no table":    {"rules = 3", "x.toml:1: rules: is a number; want an array of tables"},
		"bad regex":         {rule + rule + "path = '('", "x.toml:7: rules[1].path (a): error parsing regexp"},
		"bad list regex":    {"[[allowlists]]\nregexes = ['a',\n'b',\n'(']", "x.toml:4: allowlists[0].regexes[2]: error parsing regexp"},
		"joined regex":      {"[[allowlists]]\nregexes = ['" + nested + "', 'b']", "x.toml:2: allowlists[0].regexes: error parsing regexp: expression nests too deeply"},
		"no id":             {"[[rules]]\nregex = 'x'", "rules: a rule has no id"},
		"no regex":          {"[[rules]]\nid = 'a'", "rule a: has neither regex nor path"},
		"group":             {rule + "secretGroup = 1", "rule a: secretGroup is 1; its regex has 0 groups"},
		"negative group":    {rule + "secretGroup = -1", "x.toml:4: rules[0].secretGroup (a): is -1"},
		"empty keyword":     {rule + "keywords = ['']", "rules[0].keywords[0] (a): an empty keyword"},
		"both forms":        {rule + "[rules.allowlist]\npaths=['a']\n[[rules.allowlists]]\npaths=['b']", "x.toml:4: rules[0].allowlist (a): is the old form"},
		"both global forms": {"[allowlist]\npaths=['a']\n[[allowlists]]\npaths=['b']", "x.toml:1: allowlist: is the old form"},
		"empty list":        {rule + "\n[[rules.allowlists]]\ndescription='x'", "x.toml:5: rules[0].allowlists[0] (a): has no check"},
		"condition":         {"[allowlist]\npaths=['a']\ncondition='nor'", `x.toml:3: allowlist.condition: is "nor"`},
		"target":            {"[allowlist]\npaths=['a']\nregexTarget='mtach'", `x.toml:3: allowlist.regexTarget: is "mtach"`},
		"target rule":       {"[[allowlists]]\npaths=['a']\ntargetRules=['z']", `allowlists: target rule "z" does not exist`},
		"required":          {rule + "[[rules.required]]\nid='z'", `rule "a" requires "z"`},
		"required no id":    {rule + "[[rules.required]]\nwithinLines=1", "rules[0].required[0].id (a): a required rule needs an id"},
		"url":               {"[extend]\nurl='https://x'", "x.toml:2: extend.url: a config cannot extend a URL"},
		"path and default":  {"[extend]\npath='x'\nuseDefault=true", "extend.path: a config extends the default one or that at a path"},
		"severity":          {rule + "severity = 'big'", "rules[0].severity (a): is \"big\""},
		"too large":         {strings.Repeat("\n", maxSize+1), "a config may have"},
		"deep":              {"a = " + strings.Repeat("[", 20_000), "x.toml"},
		"date":              {"title = 2026-01-01", "title: is a date or time; want a string"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg, err := Parse("x.toml", []byte(c.text))
			if err == nil {
				t.Fatalf("Parse = %+v, want error %q", cfg, c.want)
			}
			if !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "x.toml") {
				t.Errorf("Parse = %q, want %q", err, c.want)
			}
		})
	}
}

func TestParsePackErrors(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"twice":   {"[[rules]]\nid='a'\nregex='x'\n[[rules]]\nid='a'\nregex='y'", `x.toml: two rules have the id "a"`},
		"extends": {"[extend]\nuseDefault=true", "x.toml: a pack extends no other config"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := ParsePack("x.toml", []byte(c.text)); err == nil || err.Error() != c.want {
				t.Errorf("ParsePack = %v, want %q", err, c.want)
			}
		})
	}
}

func TestLoad(t *testing.T) {
	files := map[string]string{
		"1": "[extend]\npath='2'\ndisabledRules=['c2']\n[[rules]]\nid='a'\nregex='a'\n[[allowlists]]\npaths=['p']\ntargetRules=['b']",
		"2": "[extend]\npath='3'\n[[rules]]\nid='b'\nregex='b'\nkeywords=['k']\n[[rules]]\nid='c2'\nregex='c'",
		"3": "[[rules]]\nid='b'\nkeywords=['l']\ndescription='below'\nentropy=2",
		"4": "[extend]\npath='1'",
		"5": "[extend]\npath='5'",
		"6": "[extend]\npath='none'",
		"7": "[extend]\nuseDefault=true\n[[rules]]\nid='d'\ndescription='mine'",
	}
	from := Source{
		Default: func() (*Config, error) {
			return &Config{Rules: []Rule{{ID: "d", Regex: "d", Tags: []string{"t"}}}}, nil
		},
		Read: func(path string) ([]byte, error) {
			text, ok := files[path]
			if !ok {
				return nil, os.ErrNotExist
			}
			return []byte(text), nil
		},
	}
	cfg, err := Load("1", []byte(files["1"]), from)
	want := &Config{Rules: []Rule{
		{ID: "a", Regex: "a"},
		{ID: "b", Regex: "b", Description: "below", Entropy: 2, Keywords: []string{"l", "k"}, Allowlists: []Allowlist{{Paths: []string{"p"}}}},
	}}
	if diff := cmp.Diff(want, cfg); diff != "" || err != nil {
		t.Errorf("Load(1): %v (-want +got)\n%s", err, diff)
	}
	cfg, err = Load("7", []byte(files["7"]), from)
	want = &Config{Rules: []Rule{{ID: "d", Regex: "d", Description: "mine", Tags: []string{"t"}}}}
	if diff := cmp.Diff(want, cfg); diff != "" || err != nil {
		t.Errorf("Load(7): %v (-want +got)\n%s", err, diff)
	}
	for name, want := range map[string]string{"4": "4: extend: 1: extend: 2: extends another config; only 2", "5": "5: extends another", "6": "not exist"} {
		if _, err := Load(name, []byte(files[name]), from); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Load(%s) = %v, want %q", name, err, want)
		}
	}
	if _, err := Load("6", []byte(files["6"]), from); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Load(6) = %v, want it to wrap what Read said", err)
	}
	if _, err := Load("6", []byte(files["6"]), Source{}); err == nil {
		t.Error("Load(6) without files succeeds")
	}
}

func TestReadAll(t *testing.T) {
	cfg := &Config{Allowlists: []Allowlist{
		{Paths: []string{"p"}},
		{Paths: []string{"p"}, Commits: []string{"c"}, StopWords: []string{"w"}},
		{All: true, Paths: []string{"p"}, Regexes: []string{"r"}},
		{All: true, Paths: []string{"p"}},
	}}
	want := []Allowlist{{StopWords: []string{"w"}}, {All: true, Paths: []string{"p"}, Regexes: []string{"r"}}}
	if diff := cmp.Diff(want, cfg.ReadAll().Allowlists); diff != "" {
		t.Errorf("ReadAll: (-want +got)\n%s", diff)
	}
	if len(cfg.Allowlists) != 4 || len(cfg.Allowlists[0].Paths) != 1 {
		t.Error("ReadAll changed its config")
	}
}

// Law: whatever the bytes, Parse ends, and what it accepts a second reading accepts too.
func FuzzParse(f *testing.F) {
	f.Add("[[rules]]\nid='a'\nregex='x'\n[[rules.allowlists]]\npaths=['(a)']\n[extend]\npath='x'\n")
	f.Add("rules = [{id='a', regex='x', allowlist={stopwords=['x']}}]\n\"a\\u0062\" = 1\na.b.c = 2")
	f.Add("[[rules]]\n[[rules.required]]\n[rules.allowlist.x]\n[[allowlists.a]]")
	names, _ := filepath.Glob("packs/*.toml")
	for _, name := range names {
		if text, err := os.ReadFile(name); err == nil {
			f.Add(string(text))
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := Parse("x.toml", []byte(text)); err != nil && !strings.HasPrefix(err.Error(), "x.toml") {
			t.Errorf("error %q names no file", err)
		}
	})
}
