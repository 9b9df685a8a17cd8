package history

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cofferdam/internal/git"
	"cofferdam/internal/need"
	"cofferdam/scan"
	"cofferdam/workspace"
)

// words finds every word that begins with SECRET, which is all a test of this package needs.
type words struct{}

func (words) Search(_ context.Context, path workspace.Path, raw []byte) ([]scan.Finding, []scan.Incomplete, error) {
	var found []scan.Finding
	for n, line := range strings.Split(string(raw), "\n") {
		for word := range strings.FieldsSeq(line) {
			if strings.HasPrefix(word, "SECRET") {
				found = append(found, scan.Finding{Rule: "word", Path: path, Line: n + 1, EndLine: n + 1, Fingerprint: word})
			}
		}
	}
	return found, nil, nil
}

// project is a repository that a test works in.
type project struct {
	t   *testing.T
	dir string
}

func newProject(t *testing.T, options ...string) *project {
	t.Helper()
	need.Program(t, "git")
	p := &project{t, t.TempDir()}
	p.git(append([]string{"init", "-q"}, options...)...)
	return p
}

func (p *project) git(args ...string) string {
	p.t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = p.dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1", "GIT_AUTHOR_NAME=Ann", "GIT_AUTHOR_EMAIL=ann@example.org",
		"GIT_COMMITTER_NAME=Bob", "GIT_COMMITTER_EMAIL=bob@example.org")
	out, err := cmd.CombinedOutput()
	if err != nil {
		p.t.Fatalf("git %v: %v: %s", args, err, out)
	}
	return strings.TrimSpace(string(out))
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

func (p *project) commit(message string) string {
	p.t.Helper()
	p.git("add", "-A")
	p.git("commit", "-q", "--allow-empty", "-m", message)
	return p.git("rev-parse", "HEAD")
}

func (p *project) open() *git.Repo {
	p.t.Helper()
	repo, err := git.Open(p.dir)
	if err != nil {
		p.t.Fatal(err)
	}
	return repo
}

func (p *project) history(o Options) []string {
	p.t.Helper()
	r, err := Search(p.t.Context(), p.open(), words{}, o)
	if err != nil {
		p.t.Fatal(err)
	}
	return lines(r)
}

// lines is what a report found, a line each: commit's subject, author, path, value.
func lines(r *scan.Report) []string {
	var all []string
	for _, f := range r.Findings {
		from := ""
		if f.Commit != nil {
			from = f.Commit.Subject + " by " + f.Commit.Author + ": "
		}
		all = append(all, fmt.Sprintf("%s%s:%d %s", from, f.Path, f.Line, f.Fingerprint))
	}
	return all
}

func expect(t *testing.T, got []string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

func TestHistoryFindsWhatIsGone(t *testing.T) {
	p := newProject(t)
	p.write(".env", "A=1\nSECRET1\n")
	p.write("a b/ü", "SECRET2\n")
	p.commit("first")
	p.write(".env", "A=2\nSECRET1\nSECRET3\n") // SECRET1 is an old one
	p.commit("second")
	p.git("rm", "-q", ".env")
	p.git("mv", "a b/ü", "c") // the same blob
	p.commit("third")
	want := []string{"first by Ann: .env:2 SECRET1", "first by Ann: a b/ü:1 SECRET2", "second by Ann: .env:3 SECRET3"}
	expect(t, p.history(Options{}), want...)
	p.git("gc", "-q", "--aggressive")
	expect(t, p.history(Options{Workers: 1}), want...)
}

func TestHistoryFindsWhatOnlyGitRemembers(t *testing.T) {
	p := newProject(t, "-b", "master")
	p.write("a", "x\n")
	p.commit("base")
	p.write("a", "SECRETamended\n")
	p.commit("bad SECRETmessage")
	p.write("a", "y\n")
	p.git("add", "-A")
	p.git("commit", "-q", "--amend", "-m", "good")
	p.write("stashed", "SECRETstash\n")
	p.git("add", "-A")
	p.git("stash", "-q")
	p.write("never", "SECRETindex\n")
	p.git("add", "-A")
	p.git("rm", "-q", "--cached", "never")
	p.git("tag", "-a", "v1", "-m", "SECRETtag")
	head := p.git("rev-parse", "--short", "HEAD")
	got := p.history(Options{})
	slices.Sort(got)
	expect(t, got, "(tag message):1 SECRETtag", "(unreachable object):1 SECRETindex", "bad SECRETmessage by Ann: (commit message):1 SECRETmessage",
		"bad SECRETmessage by Ann: a:1 SECRETamended", "index on master: "+head+" good by Ann: stashed:1 SECRETstash")
}

func TestHistoryFindsWhatAMergeBrings(t *testing.T) {
	p := newProject(t, "-b", "main")
	p.write("a", "1\n")
	p.commit("base")
	p.git("switch", "-q", "-c", "side")
	p.write("b", "SECRETside\n")
	p.commit("side")
	p.git("switch", "-q", "main")
	p.write("a", "2\n")
	p.commit("main")
	p.git("merge", "-q", "--no-commit", "side")
	p.write("evil", "SECRETevil\n")
	p.commit("merge")
	expect(t, p.history(Options{}), "side by Ann: b:1 SECRETside", "merge by Ann: evil:1 SECRETevil")
}

func TestHistoryOfARange(t *testing.T) {
	p := newProject(t)
	p.write("a", "SECRET1\n")
	first := p.commit("first")
	p.write("b", "SECRET2\n")
	p.commit("second")
	expect(t, p.history(Options{Range: []string{first + "..HEAD"}}), "second by Ann: b:1 SECRET2")
}

func TestHistoryOfADirectory(t *testing.T) {
	p := newProject(t)
	p.write("out", "SECRET1\n")
	p.write("in/side", "SECRET2\n")
	p.commit("first")
	p.dir = filepath.Join(p.dir, "in")
	expect(t, p.history(Options{}), "first by Ann: side:1 SECRET2")
}

func TestHistoryOfUnusualRepositories(t *testing.T) {
	t.Run("sha256", func(t *testing.T) {
		p := newProject(t, "--object-format=sha256")
		p.write("a", "SECRET1\n")
		expect(t, p.history(Options{}))
		p.commit("first")
		expect(t, p.history(Options{}), "first by Ann: a:1 SECRET1")
	})
	t.Run("worktree", func(t *testing.T) {
		p := newProject(t)
		p.write("a", "SECRET1\n")
		p.commit("first")
		other := filepath.Join(t.TempDir(), "other")
		p.git("worktree", "add", "-q", other)
		p.dir = other
		expect(t, p.history(Options{}), "first by Ann: a:1 SECRET1")
		p.write("b", "SECRET2\n")
		p.git("add", "-A")
		expect(t, staged(p), "b:1 SECRET2")
	})
	t.Run("none", func(t *testing.T) {
		if _, err := git.Open(t.TempDir()); err == nil {
			t.Error("a directory without a repository opened as one")
		}
	})
	t.Run("damaged", func(t *testing.T) {
		p := newProject(t)
		p.write("a", "SECRET1\n")
		p.commit("first")
		objects, err := filepath.Glob(filepath.Join(p.dir, ".git/objects/??/*"))
		if err != nil || len(objects) != 3 {
			t.Fatal(objects, err)
		}
		for _, name := range objects {
			if err := os.Chmod(name, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, []byte("x"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := Search(t.Context(), p.open(), words{}, Options{}); err == nil {
			t.Error("a damaged repository is searched without an error")
		}
	})
}

// The owner of a repository must not be able to have us run a program.
func TestNothingInARepositoryRuns(t *testing.T) {
	p := newProject(t)
	mark := filepath.Join(t.TempDir(), "ran")
	program := "sh -c 'touch " + mark + "; cat'"
	p.write(".gitattributes", "* filter=evil diff=evil\n")
	p.write("a", "SECRET1\n")
	p.commit("first")
	p.write("a", "SECRET2\n")
	p.git("add", "-A")
	p.write("a", "SECRET3\n")
	for _, key := range []string{"core.fsmonitor", "filter.evil.clean", "filter.evil.smudge", "filter.evil.process", "diff.evil.textconv", "diff.evil.command",
		"diff.external", "core.pager", "core.sshCommand", "core.askPass", "gpg.program", "credential.helper", "core.editor"} {
		p.git("config", key, program)
	}
	p.git("config", "log.showSignature", "true")
	for _, hook := range []string{"post-index-change", "pre-commit", "reference-transaction", "post-checkout"} {
		p.write(".git/hooks/"+hook, "#!/bin/sh\ntouch "+mark+"\n")
		if err := os.Chmod(filepath.Join(p.dir, ".git/hooks", hook), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	expect(t, p.history(Options{}), "first by Ann: a:1 SECRET1", "(unreachable object):1 SECRET2")
	expect(t, staged(p), "a:1 SECRET2")
	expect(t, since(p, "HEAD"), "a:1 SECRET3")
	if _, err := os.Stat(mark); err == nil {
		t.Error("a program that the repository names has run")
	}
	p.git("status") // the control: git as anyone calls it does run it
	if _, err := os.Stat(mark); err != nil {
		t.Errorf("this test proves nothing: %v", err)
	}
}

func staged(p *project) []string {
	p.t.Helper()
	r, err := Staged(p.t.Context(), p.open(), words{})
	if err != nil {
		p.t.Fatal(err)
	}
	return lines(r)
}

func since(p *project, revision string) []string {
	p.t.Helper()
	r, err := Since(p.t.Context(), p.open(), words{}, revision, p.scan())
	if err != nil {
		p.t.Fatal(err)
	}
	return lines(r)
}

// scan is a report of the working tree.
func (p *project) scan() *scan.Report {
	p.t.Helper()
	root, err := workspace.Open(p.dir)
	if err != nil {
		p.t.Fatal(err)
	}
	defer root.Close()
	entries, _, err := workspace.List(p.t.Context(), root, func(e workspace.Entry) bool { return e.Path.Base() == ".git" })
	if err != nil {
		p.t.Fatal(err)
	}
	r := &scan.Report{}
	for _, e := range entries {
		r.Ledger = append(r.Ledger, scan.Line{Entry: e})
		if e.Type == workspace.File {
			raw, err := os.ReadFile(filepath.Join(p.dir, string(e.Path)))
			if err != nil {
				p.t.Fatal(err)
			}
			found, _, _ := words{}.Search(p.t.Context(), e.Path, raw)
			r.Findings = append(r.Findings, found...)
		}
	}
	return r
}

func TestStaged(t *testing.T) {
	p := newProject(t)
	p.write("a", "SECRET1\n")
	p.git("add", "-A")
	expect(t, staged(p), "a:1 SECRET1") // before the first commit
	p.commit("first")
	expect(t, staged(p))
	p.write("a", "new line\nSECRET1\n")
	p.write("dir/b", "SECRET1\n") // a copy is another one
	p.git("add", "-A")
	p.write("a", "SECRETunstaged\n")
	expect(t, staged(p), "dir/b:1 SECRET1")
	p.git("rm", "-qf", "--cached", "a") // now it has moved
	expect(t, staged(p))
}

func TestSince(t *testing.T) {
	p := newProject(t, "-b", "main")
	p.write("a", "SECRET1\n")
	p.write("gone", "SECRET2\n")
	p.write(".gitignore", "ignored\n")
	p.commit("base")
	p.git("switch", "-q", "-c", "topic")
	p.write("b", "SECRET3\n")
	p.commit("topic")
	p.git("switch", "-q", "main")
	p.write("a", "SECRET1\nSECRETmain\n")
	p.commit("main goes on")
	p.git("switch", "-q", "topic")
	p.git("mv", "gone", "moved")
	p.write("untracked", "SECRET4\n")
	p.write("ignored", "SECRET5\n")
	p.write("a", "x\nSECRET1\nSECRET1\n")
	expect(t, since(p, "main"), "a:3 SECRET1", "b:1 SECRET3", "untracked:1 SECRET4")
	if _, err := Since(t.Context(), p.open(), words{}, "--output=x", p.scan()); err == nil {
		t.Error("an option was taken for a revision")
	}
}

func TestPatch(t *testing.T) {
	p := newProject(t)
	p.write("a", strings.Repeat("x\n", 30)+"SECRETold\n"+strings.Repeat("y\n", 30))
	p.write("gone", "SECRETgone\n")
	p.commit("first")
	p.write("a", "SECRET1\n"+strings.Repeat("x\n", 30)+"SECRETold\nSECRET2\n"+strings.Repeat("y\n", 30))
	p.write("new", "SECRET3")
	p.write("binary", "\x00SECRET4\n")
	p.git("rm", "-q", "gone")
	p.commit("second SECRETmessage")
	r, err := Patch(t.Context(), strings.NewReader(p.git("format-patch", "--stdout", "--binary", "-1")+"\n"), nulls{})
	if err != nil {
		t.Fatal(err)
	}
	got := lines(r)
	slices.Sort(got)
	expect(t, got, "(commit message):4 SECRETmessage", "a:1 SECRET1", "a:33 SECRET2", "binary:1 SECRET4", "new:1 SECRET3")
}

// nulls is words, for which a NUL ends a word too.
type nulls struct{}

func (nulls) Search(ctx context.Context, path workspace.Path, raw []byte) ([]scan.Finding, []scan.Incomplete, error) {
	return words{}.Search(ctx, path, bytes.ReplaceAll(raw, []byte{0}, []byte{' '}))
}

func FuzzPatch(f *testing.F) {
	f.Add("--- a/x\n+++ b/x\n@@ -1 +1,2 @@\n a\n+SECRET1\n")
	f.Add("diff --git a/x b/x\nnew file mode 100644\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+SECRET\n\\ No newline at end of file\n")
	f.Fuzz(func(t *testing.T, patch string) {
		r, err := Patch(t.Context(), strings.NewReader(patch), words{})
		if err == nil && r == nil {
			t.Error("neither a report nor an error")
		}
	})
}
