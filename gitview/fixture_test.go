package gitview

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"cofferdam/internal/need"
	"cofferdam/workspace"
)

// canary is the secret of these tests: whatever holds it is redacted. It is put together so that it stands in no file.
var canary = "CANARY" + strings.Repeat("7e", 8)

const placeholder = "COFFERDAM_TEST_PLACEHOLDER"

// rule is a Shown that hides by name and redacts by content.
type rule struct {
	root   *workspace.Root
	hidden *regexp.Regexp
	stats  map[workspace.Path]workspace.Stat
}

func (r *rule) hides(path workspace.Path) bool {
	for p := path; p != workspace.Dot; p = p.Dir() {
		if r.hidden.MatchString(p.Base()) {
			return true
		}
	}
	return false
}

func (r *rule) File(path workspace.Path) File {
	if r.hides(path) {
		return File{}
	}
	e, err := r.root.Lookup(path)
	if err != nil || e.Type != workspace.File && e.Type != workspace.Symlink {
		return File{Showing: Absent}
	}
	if e.Type == workspace.Symlink {
		return File{Showing: Pass}
	}
	content, err := os.ReadFile(filepath.Join(r.root.Path(), string(path)))
	if err != nil {
		return File{}
	}
	if redacted := redact(content); !bytes.Equal(redacted, content) {
		return File{Showing: Redact, Content: redacted, Stat: r.stats[path]}
	}
	return File{Showing: Pass}
}

func (r *rule) Blob(_ context.Context, v Version) (Showing, []byte, error) {
	redacted := redact(v.Content)
	switch {
	case r.hides(v.Path), bytes.Contains(v.Content, []byte("unredactable")):
		return Hide, nil, nil
	case bytes.Equal(redacted, v.Content):
		return Pass, nil, nil
	}
	return Redact, redacted, nil
}

func (r *rule) Text(_ context.Context, text []byte) ([]byte, error) { return redact(text), nil }

func redact(content []byte) []byte {
	return bytes.ReplaceAll(content, []byte(canary), []byte(placeholder))
}

// project is a repository that a test works in.
type project struct {
	t   testing.TB
	dir string
}

func newProject(t testing.TB, options ...string) *project {
	t.Helper()
	need.Program(t, "git")
	p := &project{t, filepath.Join(t.TempDir(), "project")}
	if err := os.Mkdir(p.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	p.git(append([]string{"init", "-q", "-b", "main"}, options...)...)
	return p
}

// command is git as a person runs it, at a fixed time.
func command(dir string, args ...string) *exec.Cmd {
	cmd := exec.Command("git", append([]string{"-C", dir, "-c", "protocol.file.allow=always", "-c", "gc.auto=0"}, args...)...)
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1",
		"GIT_AUTHOR_NAME=Ann", "GIT_AUTHOR_EMAIL=ann@example.org", "GIT_AUTHOR_DATE=1700000000 +0200",
		"GIT_COMMITTER_NAME=Bob", "GIT_COMMITTER_EMAIL=bob@example.org", "GIT_COMMITTER_DATE=1700000000 +0200")
	return cmd
}

func (p *project) try(args ...string) (string, error) {
	out, err := command(p.dir, args...).CombinedOutput()
	return string(out), err
}

func (p *project) git(args ...string) string {
	p.t.Helper()
	out, err := p.try(args...)
	if err != nil {
		p.t.Fatalf("git %q: %v: %s", args, err, out)
	}
	return strings.TrimRight(out, "\n")
}

func (p *project) write(name, text string) {
	p.t.Helper()
	full := filepath.Join(p.dir, name)
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
		p.t.Fatal(err)
	}
}

func (p *project) remove(name string) {
	p.t.Helper()
	if err := os.RemoveAll(filepath.Join(p.dir, name)); err != nil {
		p.t.Fatal(err)
	}
}

func (p *project) commit(message string) string {
	p.t.Helper()
	p.git("add", "-A")
	p.git("commit", "-q", "--allow-empty", "-m", message)
	return p.git("rev-parse", "HEAD")
}

// view is a view of a project, as a directory: what passes is the project's own inode, as in an overlay.
type view struct {
	*project
	built   *Built
	store   string // what Build wrote, before anyone else wrote there
	host    *project
	scratch string // of the last landing
	rule    *rule
}

var hiddenNames = regexp.MustCompile(`^(\.env|hidden.*|.*\.pem)$`)

// newView makes a view of p without any git.
func newView(p *project) *view {
	p.t.Helper()
	root, err := workspace.Open(p.dir)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { root.Close() })
	v := &view{project: &project{p.t, filepath.Join(p.t.TempDir(), "view")}, host: p,
		rule: &rule{root, hiddenNames, map[workspace.Path]workspace.Stat{}}}
	v.copyFiles()
	return v
}

// build builds the git of the view in each of places, the inner ones first.
func (v *view) build(o Options, places ...workspace.Path) error {
	v.t.Helper()
	o.Links = map[workspace.Path]string{}
	for _, at := range places {
		repo, err := Open(v.rule.root, at)
		if err != nil {
			return err
		}
		defer repo.Close()
		dir := filepath.Join(v.dir, string(at), ".git")
		if err := os.Mkdir(dir, 0o755); err != nil {
			v.t.Fatal(err)
		}
		if v.built, err = repo.Build(v.t.Context(), dir, v.rule, o); err != nil {
			return err
		}
		o.Links[at] = v.built.Head
		v.store = filepath.Join(v.t.TempDir(), "store")
		if out, err := exec.Command("cp", "-a", dir, v.store).CombinedOutput(); err != nil {
			v.t.Fatalf("%v: %s", err, out)
		}
	}
	return nil
}

// stage makes a view of p with its git in places, at the top unless told.
func stage(p *project, o Options, places ...workspace.Path) (*view, error) {
	p.t.Helper()
	v := newView(p)
	if places == nil {
		places = []workspace.Path{workspace.Dot}
	}
	return v, v.build(o, places...)
}

// copyFiles links what passes, and writes what is redacted.
func (v *view) copyFiles() {
	v.t.Helper()
	err := filepath.WalkDir(v.host.dir, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(v.host.dir, path)
		to := filepath.Join(v.dir, rel)
		switch {
		case d.Name() == ".git" && d.IsDir(), d.IsDir() && rel != "." && v.rule.hides(workspace.Path(rel)):
			return filepath.SkipDir
		case d.Name() == ".git":
			return nil
		case d.IsDir():
			return os.Mkdir(to, 0o755)
		}
		return v.copyFile(workspace.Path(rel), path, to)
	})
	if err != nil {
		v.t.Fatal(err)
	}
}

func (v *view) copyFile(rel workspace.Path, from, to string) error {
	switch f := v.rule.File(rel); f.Showing {
	case Pass:
		return os.Link(from, to)
	case Redact:
		there, err := v.rule.root.Lookup(rel)
		if err != nil {
			return err
		}
		if err := errors.Join(os.WriteFile(to, f.Content, 0o644), os.Chmod(to, os.FileMode(there.Mode))); err != nil {
			return err
		}
		root, err := workspace.Open(filepath.Dir(to))
		if err != nil {
			return err
		}
		defer root.Close()
		e, err := root.Lookup(workspace.Path(rel.Base()))
		v.rule.stats[rel] = e.Stat
		return err
	}
	return nil
}

// mustStage is stage, where nothing may go wrong: what was built is sound, by git's own judgement.
func mustStage(p *project, o Options, places ...workspace.Path) *view {
	p.t.Helper()
	v, err := stage(p, o, places...)
	if err != nil {
		p.t.Fatal(err)
	}
	v.git("fsck", "--strict", "--full", "--no-dangling")
	if out := v.git("fsck", "--unreachable", "--no-reflogs"); strings.Contains(out, "unreachable") {
		p.t.Errorf("fsck --unreachable: %s", out)
	}
	return v
}

// status is what git status prints, a line a path. It reads no file whose data the index has right.
func (p *project) status() string {
	p.t.Helper()
	return p.git("-c", "status.renames=false", "status", "--porcelain", "--untracked-files=all")
}

func parseTime(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse("2006-01-02T15:04:05", text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func sortNodes(nodes []node) {
	slices.SortFunc(nodes, func(a, b node) int { return strings.Compare(a.key(), b.key()) })
}
