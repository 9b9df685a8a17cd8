package detection

import (
	"slices"
	"strings"
	"testing"
)

func load(t *testing.T) *Set {
	t.Helper()
	set, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestTheSetIsLargeEnoughToJudgeBy(t *testing.T) {
	set := load(t)
	nothing := func(string, []byte) ([]Span, error) { return nil, nil }
	r, err := set.Measure(nothing)
	if err != nil {
		t.Fatal(err)
	}
	sums := r.Sums()
	for _, c := range []struct {
		name      string
		got, want int
	}{
		{"secrets", sums.Secrets, 1600},
		{"kinds of secrets", len(set.Secrets), 160},
		{"labels of what is none", sums.Others, 750},
	} {
		if c.got < c.want {
			t.Errorf("%d %s, want %d or more", c.got, c.name, c.want)
		}
	}
}

func TestClassesAreNamedOnceAndSayWhatTheyAre(t *testing.T) {
	set := load(t)
	seen := map[string]bool{}
	for _, c := range slices.Concat(set.Secrets, set.Others) {
		if seen[c.ID] {
			t.Errorf("two classes are named %s", c.ID)
		}
		seen[c.ID] = true
		if c.ID == "" || c.Group == "" || c.Title == "" || len(c.Examples) == 0 {
			t.Errorf("class %q of group %q lacks an id, a group, a title or examples", c.ID, c.Group)
		}
	}
}

func TestNoTextStandsTwice(t *testing.T) {
	set := load(t)
	first := map[string]string{}
	for _, c := range slices.Concat(set.Secrets, set.Others) {
		for _, e := range c.Examples {
			key := strings.Join(strings.Fields(e.Text), " ") + string(e.Encode) + string(e.Encoding) + string(e.LineEnds)
			if before, ok := first[key]; ok {
				t.Errorf("%s %s is also in %s", c.ID, e.Path, before)
			}
			first[key] = c.ID
		}
	}
}

func TestEverySecretIsMarkedAndVaries(t *testing.T) {
	for _, c := range load(t).Secrets {
		for i, e := range c.Examples {
			texts := e.Texts()
			if len(texts[0].Labels) == 0 {
				t.Errorf("%s/%d %s marks no secret", c.ID, i+1, e.Path)
			}
			for _, l := range texts[0].Labels {
				if l.End-l.Start < 4 {
					t.Errorf("%s/%d %s marks a secret of %d bytes", c.ID, i+1, e.Path, l.End-l.Start)
				}
			}
		}
	}
}

func TestExamplesThatDoNotMakeSenseAreErrors(t *testing.T) {
	for name, e := range map[string]Example{
		"unknown escape":      {Encode: "rot13"},
		"unknown line ends":   {LineEnds: "cr"},
		"unknown encoding":    {Encoding: "ebcdic"},
		"unknown placeholder": {Text: "{{nothing:3}}"},
		"mark without end":    {Text: "a « b"},
	} {
		t.Run(name, func(t *testing.T) {
			if err := e.check(); err == nil {
				t.Error("check() = nil, want an error")
			}
		})
	}
}
