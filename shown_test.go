package cofferdam

import (
	"strings"
	"testing"

	"cofferdam/gitview"
	"cofferdam/placeholder"
	"cofferdam/rules"
	"cofferdam/stage"
	"cofferdam/workspace"
)

// TestOldVersionsAreSearchedOnce: what was found in an old version is remembered, for its path alone.
func TestOldVersionsAreSearchedOnce(t *testing.T) {
	root, err := workspace.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	p := &Project{Root: root, Rules: rules.NewSet(rules.Default(), nil), cacheDir: t.TempDir()}
	view := &stage.View{Mask: t.TempDir(), Plan: &stage.Plan{}, Manifest: &workspace.Manifest{}}
	open := func() *shown {
		s, err := p.newShown(view, placeholder.Key{})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	secret := "password = \"" + strings.Repeat("Tr0ub4dor&3", 2) + "\"\n"
	versions := []gitview.Version{
		{Path: "a.txt", ID: strings.Repeat("a1", 20), Content: []byte("plain\n")},
		{Path: "a.toml", ID: strings.Repeat("b2", 20), Content: []byte(secret)},
		{Path: ".env", ID: strings.Repeat("a1", 20), Content: []byte("plain\n")},
	}
	ask := func(s *shown) (all []gitview.Showing) {
		for _, v := range versions {
			showing, _, err := s.Blob(t.Context(), v)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, showing)
		}
		return all
	}
	first := open()
	want := ask(first)
	if want[0] != gitview.Pass || want[1] != gitview.Hide || want[2] != gitview.Hide {
		t.Errorf("showing %v, want pass, hide, hide", want)
	}
	first.close()
	second := open()
	second.searcher = nil // Whoever searches panics.
	for i, got := range ask(second) {
		if got != want[i] {
			t.Errorf("%s is remembered as %v, want %v", versions[i].Path, got, want[i])
		}
	}
	second.close()
	if second.added {
		t.Error("something is to be remembered again")
	}
}
