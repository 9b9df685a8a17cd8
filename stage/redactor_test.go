package stage

import (
	"context"
	"encoding/base64"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"cofferdam/internal/need"
	"cofferdam/placeholder"
	"cofferdam/workspace"

	"github.com/google/go-cmp/cmp"
)

// value is made here, so that this file does not hold it whole.
func value() string { return "Xq7!" + "tR9z" + "Lm2#" }

// bare is a value that nothing tells for one but the name of its file.
func bare() string { return "9f86d0" + "81884c" + "7d659a2f" }

func newRedactTestbed(t testing.TB, more ...string) *testbed {
	encoded := base64.StdEncoding.EncodeToString([]byte("app:" + value()))
	b := newTestbed(t, append([]string{
		".netrc: machine example.com login app password " + value() + "\n",
		"conf", "conf/appsettings.json: {\"Db\": {\"Host\": \"db\", \"Password\": \"" + value() + "\"}}",
		"main.go: package main\n\nconst token = \"" + token() + "\"\n",
		"notes.txt: it was " + value() + " then\r\nBasic " + encoded + " and so on",
		"link.txt -> conf/appsettings.json", "plain.txt: nothing", "broken", "broken/appsettings.json: {\"Password\": \"" + value(),
		"id_rsa: " + bare(), "copy.txt: " + bare(),
		"named-" + bare() + ": nothing", "dir-" + bare(), "dir-" + bare() + "/file: nothing",
		"twin.txt: " + token(), "twin2.txt = twin.txt",
	}, more...)...)
	b.set = newSet(t, "", "")
	return b
}

var tokenPattern = regexp.MustCompile(placeholder.Pattern)

func TestRedactedView(t *testing.T) {
	for _, kind := range []Kind{Overlay, Copy, Bind} {
		t.Run(string(kind), func(t *testing.T) {
			need.Namespace(t, "mount", func(t *testing.T) {
				b := newRedactTestbed(t)
				view := b.build(t, kind, b.scan(t))
				dir := show(t, view)
				want := map[string]string{
					".netrc":                "machine example.com login app password T\n",
					"conf/appsettings.json": `{"Db": {"Host": "db", "Password": "T"}}`,
					"main.go":               "package main\n\nconst token = \"T\"\n",
					"notes.txt":             "it was T then\r\nBasic T and so on",
					"copy.txt":              "T",
					"plain.txt":             "nothing",
				}
				got := map[string]string{}
				for name := range want {
					text, err := os.ReadFile(filepath.Join(dir, name))
					if err != nil {
						t.Fatal(err)
					}
					got[name] = tokenPattern.ReplaceAllString(string(text), "T")
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("what the view shows (-want +got):\n%s", diff)
				}
				for _, hidden := range []string{"broken/appsettings.json", "id_rsa", "twin.txt", "twin2.txt", "named-" + bare(), "dir-" + bare()} {
					if _, err := os.Lstat(filepath.Join(dir, hidden)); !os.IsNotExist(err) {
						t.Errorf("%s is there: %v", hidden, err)
					}
				}
				checkShown(t, view, dir)
			})
		})
	}
}

// checkShown holds that the manifest has the files as the view shows them, and that the book is of their texts.
func checkShown(t *testing.T, view *View, dir string) {
	t.Helper()
	shown, err := workspace.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer shown.Close()
	for _, e := range view.Manifest.Visible {
		if e.Type != workspace.File {
			continue
		}
		hash, stat, err := shown.HashFile(e.Path)
		if err != nil || hash != e.Hash || stat.Size != e.Size || stat.Mode != e.Mode {
			t.Errorf("%q is not what the manifest has: %v", e.Path, err)
		}
	}
	if len(view.Book.Files) != 5 {
		t.Errorf("the book has %d files, want 5", len(view.Book.Files))
	}
	for path := range view.Book.Files {
		if !view.Plan.Redacts(path) || view.Plan.Hides(path) {
			t.Errorf("%q is in the book, and its decision is %+v", path, view.Plan.Decision(path))
		}
	}
}

func TestOneValueHasOneToken(t *testing.T) {
	b := newRedactTestbed(t)
	view := b.build(t, Copy, b.scan(t))
	tokens := map[string]bool{}
	for _, path := range []workspace.Path{".netrc", "conf/appsettings.json"} {
		for _, token := range view.Book.Files[path].Tokens() {
			tokens[token] = true
		}
	}
	if len(tokens) != 1 {
		t.Errorf("one value has %d tokens", len(tokens))
	}
}

// What the user passes is shown as it is, whatever else has its values.
func TestPassedIsNotRedacted(t *testing.T) {
	b := newRedactTestbed(t)
	b.set = newSet(t, "", "[[path]]\npattern = \"notes.txt\"\naction = \"pass\"\n")
	view := b.build(t, Copy, b.scan(t))
	text, err := os.ReadFile(filepath.Join(view.Copy, "notes.txt"))
	if err != nil || !strings.Contains(string(text), value()) {
		t.Errorf("notes.txt is not as it is in the workspace: %v", err)
	}
}

// A file that changes between the scan and the staging is redacted as it is then.
func TestRedactsWhatChanged(t *testing.T) {
	b := newRedactTestbed(t)
	report := b.scan(t)
	name := filepath.Join(b.project, "main.go")
	if err := os.WriteFile(name, []byte("package main\n\n// later\nconst token = \""+token()+"\"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	view := b.build(t, Copy, report)
	text, err := os.ReadFile(filepath.Join(view.Copy, "main.go"))
	if err != nil || !strings.Contains(string(text), "// later") || strings.Contains(string(text), token()) {
		t.Errorf("main.go is shown as it is not: %v", err)
	}
}

// The ratio of spread to walk is what the search for known values costs beside a look at every file.
func BenchmarkSpread(b *testing.B) {
	names := []string{}
	for i := range 200 {
		dir := "d" + string(rune('a'+i%20))
		names = append(names, dir, dir+"/f"+strings.Repeat("x", i)+": "+strings.Repeat("some text\n", 200))
	}
	bed := newRedactTestbed(b, names...)
	plan := bed.plan(b, Copy, bed.scan(b))
	builder, err := newBuilder(plan, bed.root, bed.set, plan.report, Dirs{})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := builder.redact(context.Background()); err != nil {
		b.Fatal(err)
	}
	b.Run("spread", func(b *testing.B) {
		for b.Loop() {
			builder.redactor.search.done = map[workspace.Path]workspace.Stat{}
			if again, _, err := builder.spread(context.Background()); again || err != nil {
				b.Fatal(again, err)
			}
		}
	})
	b.Run("walk", func(b *testing.B) {
		for b.Loop() {
			if _, _, err := workspace.List(context.Background(), bed.root, nil); err != nil {
				b.Fatal(err)
			}
		}
	})
}
