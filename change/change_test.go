package change

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cofferdam/workspace"
)

func TestNew(t *testing.T) {
	file := Side{Type: workspace.File, Mode: 0o644, Size: 1, Hash: workspace.Hash{1}}
	other := file
	other.Hash = workspace.Hash{2}
	unknown := file
	unknown.Hash = workspace.Hash{}
	link := Side{Type: workspace.Symlink, Target: "x"}
	tests := []struct {
		name     string
		old, now Side
		want     Kind
	}{
		{"same", file, file, 0},
		{"both absent", Side{}, Side{}, 0},
		{"add", Side{}, file, Add},
		{"delete", link, Side{}, Delete},
		{"content", file, other, Modify},
		{"type", file, link, Modify},
		{"unknown content", unknown, unknown, Modify},
	}
	for _, tt := range tests {
		c, ok := New("p", tt.old, tt.now)
		if c.Kind != tt.want || ok != (tt.want != 0) {
			t.Errorf("%s: New = %v, %v; want %v", tt.name, c.Kind, ok, tt.want)
		}
	}
}

func TestKindText(t *testing.T) {
	for _, k := range []Kind{Add, Modify, Delete} {
		text, err := json.Marshal(k)
		if err != nil {
			t.Fatal(err)
		}
		var back Kind
		if err := json.Unmarshal(text, &back); err != nil || back != k {
			t.Errorf("%s comes back as %v, %v", text, back, err)
		}
	}
	var k Kind
	if err := json.Unmarshal([]byte(`"rename"`), &k); err == nil {
		t.Error("an unknown kind was accepted")
	}
}

func TestSelect(t *testing.T) {
	set := &Set{}
	for _, p := range []workspace.Path{"b/c", "a", "ab", "a/b", ".", "b"} {
		set.Changes = append(set.Changes, Change{Path: p, Kind: Add})
	}
	set.Sort()
	tests := []struct{ paths, want []workspace.Path }{
		{nil, []workspace.Path{".", "a", "a/b", "ab", "b", "b/c"}},
		{[]workspace.Path{"a"}, []workspace.Path{"a", "a/b"}},
		{[]workspace.Path{"b/c", "ab"}, []workspace.Path{"ab", "b/c"}},
		{[]workspace.Path{"."}, []workspace.Path{".", "a", "a/b", "ab", "b", "b/c"}},
		{[]workspace.Path{"zz"}, nil},
	}
	for _, tt := range tests {
		var got []workspace.Path
		for _, c := range set.Select(tt.paths).Changes {
			got = append(got, c.Path)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("Select(%q): %s", tt.paths, diff)
		}
	}
	dir, file := Side{Type: workspace.Dir}, Side{Type: workspace.File}
	nested := &Set{Changes: []Change{{Path: "n", Kind: Add, New: dir}, {Path: "n/m", Kind: Add, New: dir}, {Path: "n/m/f", Kind: Add, New: file}, {Path: "n/o", Kind: Add, New: file}}}
	if got := nested.Select([]workspace.Path{"n/m/f"}); len(got.Changes) != 3 || got.Find("n/o") != nil {
		t.Errorf("Select of a file in new directories = %+v, want it with its directories", got)
	}
	if set.Find("ab") == nil || set.Find("c") != nil {
		t.Error("Find finds the wrong things")
	}
}
