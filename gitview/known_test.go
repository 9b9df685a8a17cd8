package gitview

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// trusting is a rule that shows everything, as one that is mistaken would.
type trusting struct{ *judging }

func (*trusting) Text(_ context.Context, text []byte) ([]byte, error) { return text, nil }

func (*trusting) Blob(context.Context, Version) (Showing, []byte, error) { return Pass, nil, nil }

// TestKnownValues: whatever is said of it, nothing that holds a known value gets into a view.
func TestKnownValues(t *testing.T) {
	value := "known" + strings.Repeat("w8", 10)
	known := Known{In: func(text []byte) (string, bool) { return "the password", bytes.Contains(text, []byte(value)) }}
	tests := map[string]struct {
		make    func(p *project)
		history int
		fails   bool
	}{
		"none":                {make: func(p *project) {}},
		"an old version":      {make: func(p *project) { p.write("a", value); p.commit("old"); p.write("a", "x"); p.commit("new") }, history: 5},
		"a staged version":    {make: func(p *project) { p.write("a", value); p.git("add", "-A"); p.write("a", "x") }},
		"a message":           {make: func(p *project) { p.write("a", "x"); p.commit("about " + value) }, history: 5},
		"an author":           {make: func(p *project) { p.git("commit", "-q", "--allow-empty", "-m", "x", "--author", value+" <a@b>") }, history: 5},
		"a file":              {make: func(p *project) { p.write("a", "x\n"+value); p.commit("x") }, fails: true},
		"a file at a border":  {make: func(p *project) { p.write("a", strings.Repeat("x", knownWindow-5)+value); p.commit("x") }, fails: true},
		"the end of a file":   {make: func(p *project) { p.write("a", strings.Repeat("x", knownWindow+maxBuffered)+value); p.commit("x") }, fails: true},
		"a symlink":           {make: func(p *project) { _ = os.Symlink(value, filepath.Join(p.dir, "link")); p.commit("x") }, fails: true},
		"the name of a file":  {make: func(p *project) { p.write("dir/"+value, "x"); p.commit("x") }, fails: true},
		"the name of a dir":   {make: func(p *project) { p.write(value+"/x", "x"); p.commit("x") }, fails: true},
		"the name of a ref":   {make: func(p *project) { p.git("switch", "-q", "-c", value) }, fails: true},
		"an excluded pattern": {make: func(p *project) { p.write(".git/info/exclude", value) }, fails: true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newProject(t)
			p.write("first", "one\n")
			p.commit("first")
			tt.make(p)
			v := newView(p)
			repo, err := Open(v.rule.root, ".")
			if err != nil {
				t.Fatal(err)
			}
			defer repo.Close()
			dir := t.TempDir()
			_, err = repo.Build(t.Context(), dir, &trusting{&judging{v.rule}}, Options{History: tt.history, Known: known})
			if tt.fails != (err != nil) {
				t.Fatalf("error %v, want one: %v", err, tt.fails)
			}
			if err != nil && (strings.Contains(err.Error(), value) || !strings.Contains(err.Error(), "the password")) {
				t.Error("the error has the value, or does not say which it is")
			}
			left, readErr := os.ReadDir(dir)
			if err != nil && len(left) > 0 || readErr != nil {
				t.Errorf("%d files are left, %v", len(left), readErr)
			}
			noCanary(t, dir, value)
			if err == nil {
				(&project{t, dir}).git("fsck", "--strict", "--full")
			}
		})
	}
}
