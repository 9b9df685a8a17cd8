package late

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cofferdam/workspace"
)

func manifest(visible, hidden string) *workspace.Manifest {
	m := &workspace.Manifest{}
	for _, c := range visible {
		e := workspace.Entry{Path: workspace.Path(c)}
		e.Type, e.Mode = workspace.File, 0o644
		if c >= 'A' && c <= 'Z' {
			e.Type, e.Mode = workspace.Dir, 0o755
		}
		m.Visible = append(m.Visible, e)
	}
	for _, c := range hidden {
		m.Hidden = append(m.Hidden, workspace.Entry{Path: workspace.Path(c)})
	}
	return m
}

func TestHide(t *testing.T) {
	for _, tt := range []struct {
		name            string
		paths           []Path
		visible, hidden []workspace.Path
	}{
		{"nothing", nil, []workspace.Path{"D", "a", "b"}, []workspace.Path{"x"}},
		{"a new path", []Path{{Path: "c", Hidden: true}}, []workspace.Path{"D", "a", "b"}, []workspace.Path{"c", "x"}},
		{"a visible one", []Path{{Path: "a", Hidden: true}}, []workspace.Path{"D", "b"}, []workspace.Path{"a", "x"}},
		{"one of which nobody knows", []Path{{Path: "a"}}, []workspace.Path{"D", "b"}, []workspace.Path{"a", "x"}},
		{"one that could not be", []Path{{Path: "a", Problem: "why"}}, []workspace.Path{"D", "a", "b"}, []workspace.Path{"x"}},
		{"in new directories", []Path{{Path: "N/M/c", Hidden: true, Dirs: []Dir{{"N/M", 0o700}, {"N", 0o750}}}}, []workspace.Path{"D", "N", "N/M", "a", "b"}, []workspace.Path{"N/M/c", "x"}},
		{"in a directory of another mode", []Path{{Path: "D/c", Hidden: true, Dirs: []Dir{{"D", 0o700}}}}, []workspace.Path{"D", "a", "b"}, []workspace.Path{"D/c", "x"}},
		{"a directory", []Path{{Path: "D", Hidden: true}}, []workspace.Path{"a", "b"}, []workspace.Path{"D", "x"}},
		{"hidden already", []Path{{Path: "x", Hidden: true}}, []workspace.Path{"D", "a", "b"}, []workspace.Path{"x"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			base := manifest("Dab", "x")
			got := Hide(base, tt.paths)
			names := func(entries []workspace.Entry) (paths []workspace.Path) {
				for _, e := range entries {
					paths = append(paths, e.Path)
				}
				return paths
			}
			if diff := cmp.Diff(tt.visible, names(got.Visible)); diff != "" {
				t.Errorf("visible: %s", diff)
			}
			if diff := cmp.Diff(tt.hidden, names(got.Hidden)); diff != "" {
				t.Errorf("hidden: %s", diff)
			}
			for _, p := range tt.paths {
				for _, d := range p.Dirs {
					if e := got.Find(d.Path); e == nil || e.Mode != d.Mode || e.Type != workspace.Dir {
						t.Errorf("%q is %+v, want mode %o", d.Path, e, d.Mode)
					}
				}
			}
			if diff := cmp.Diff(manifest("Dab", "x"), base); diff != "" {
				t.Errorf("the base was changed: %s", diff)
			}
		})
	}
}

func TestPathJSON(t *testing.T) {
	want := Path{Path: "a\xff/\n", Rule: "dotenv", Since: time.Unix(1, 2).UTC(), Visible: 1500 * time.Microsecond, Hidden: true, Problem: "p", Kept: "late/0001", Dirs: []Dir{{"a\xff", 0o700}}}
	text, err := json.Marshal(want)
	must(t, err)
	var got Path
	must(t, json.Unmarshal(text, &got))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, bad := range []string{`{"path":"../x"}`, `{"path":"/x"}`, `{"path":""}`, `{"path":"x","directories":[{"path":".."}]}`} {
		if err := json.Unmarshal([]byte(bad), &got); err == nil {
			t.Errorf("%s is accepted", bad)
		}
	}
}
