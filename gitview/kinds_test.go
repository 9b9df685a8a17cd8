package gitview

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cofferdam/workspace"
)

// beside is a repository in a directory next to p's.
func (p *project) beside(name string) *project {
	return &project{p.t, filepath.Join(filepath.Dir(p.dir), name)}
}

// TestKinds: every kind of repository gives one whose git status is that of the project.
func TestKinds(t *testing.T) {
	origin := func(t *testing.T) *project {
		p := newProject(t)
		p.write("a.txt", "one\n")
		p.write(".env", canary)
		p.write("dir/b.txt", "two\n")
		p.commit("first")
		p.write("a.txt", "two\n")
		p.commit("second")
		return p
	}
	tests := map[string]struct {
		make    func(p *project) *project // from a repository with two commits
		options Options
		log     int // commits
	}{
		"worktree": {make: func(p *project) *project {
			p.git("worktree", "add", "-q", "-b", "tree", "../tree")
			return p.beside("tree")
		}, log: 1},
		"separate directory": {make: func(p *project) *project {
			p.write("deep/x", "")
			p.git("init", "-q", "--separate-git-dir", filepath.Join(p.dir, "deep/git"))
			return p
		}, log: 1},
		"shared objects": {make: func(p *project) *project {
			p.git("clone", "-q", "--shared", ".", "../shared")
			return p.beside("shared")
		}, log: 1},
		"shallow": {make: func(p *project) *project {
			p.git("clone", "-q", "--depth=1", "file://"+p.dir, "../shallow")
			return p.beside("shallow")
		}, log: 1},
		"shallow with history": {make: func(p *project) *project {
			p.git("clone", "-q", "--depth=1", "file://"+p.dir, "../shallow")
			return p.beside("shallow")
		}, options: Options{History: 5}, log: 1},
		"partial": {make: func(p *project) *project {
			p.git("config", "uploadpack.allowFilter", "true")
			p.git("clone", "-q", "--filter=blob:none", "file://"+p.dir, "../partial")
			return p.beside("partial")
		}, log: 1},
		"partial with history": {make: func(p *project) *project {
			p.git("config", "uploadpack.allowFilter", "true")
			p.git("clone", "-q", "--filter=blob:none", "file://"+p.dir, "../partial")
			return p.beside("partial")
		}, options: Options{History: 5}, log: 2},
		"odd directory": {make: func(p *project) *project {
			odd := p.beside("a:b \"c\" \\d\n\xffe")
			if err := os.Rename(p.dir, odd.dir); err != nil {
				p.t.Fatal(err)
			}
			odd.write("a.txt", "modified")
			return odd
		}, log: 1},
		"packed refs": {make: func(p *project) *project { p.git("pack-refs", "--all"); return p }, log: 1},
		"tags and stash": {make: func(p *project) *project {
			p.git("tag", "-a", "-m", canary, "v1")
			p.write("a.txt", canary)
			p.git("stash", "-q")
			return p
		}, log: 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := tt.make(origin(t))
			v := mustStage(p, tt.options)
			if got, want := v.status(), p.status(); got != want && name != "separate directory" {
				t.Errorf("status:\n%s\nwant:\n%s", got, want)
			}
			if got := strings.Count(v.git("log", "--format=tformat:x"), "x"); got != tt.log {
				t.Errorf("%d commits, want %d", got, tt.log)
			}
			if out := v.git("for-each-ref"); strings.Count(out, "\n") != 0 {
				t.Errorf("refs:\n%s", out)
			}
			if out := v.git("remote"); out != "" {
				t.Errorf("remotes: %s", out)
			}
			noCanary(t, filepath.Join(v.dir, ".git"), canary)
		})
	}
}

func TestPartialCloneNamesWhatIsMissing(t *testing.T) {
	p := newProject(t)
	p.write("a.txt", "one\n")
	p.commit("first")
	p.git("config", "uploadpack.allowFilter", "true")
	p.git("clone", "-q", "--filter=blob:none", "--no-checkout", "file://"+p.dir, "../partial")
	partial := p.beside("partial")
	partial.git("read-tree", "HEAD")
	v := mustStage(partial, Options{})
	if len(v.built.Omitted) != 1 || v.built.Omitted[0].Path != "a.txt" || !strings.Contains(v.built.Omitted[0].Why, "missing") {
		t.Errorf("omitted %v, want a.txt, because it is missing", v.built.Omitted)
	}
}

func TestUnborn(t *testing.T) {
	p := newProject(t)
	v := mustStage(p, Options{})
	if _, err := v.try("rev-parse", "--verify", "HEAD"); err == nil || v.git("symbolic-ref", "HEAD") != "refs/heads/main" {
		t.Error("the branch has a commit, or is not main")
	}
	p.write("a.txt", "one\n")
	p.git("add", "a.txt")
	p.write("new", "new\n")
	v = mustStage(p, Options{})
	if got := v.status(); got != "?? new" {
		t.Errorf("status %q, want new untracked", got)
	}
	v.remove("new")
	v.write("agent", "agent\n")
	v.commit("agent")
	if _, err := v.land(LandOptions{}, &restorer{}); err != nil {
		t.Fatal(err)
	}
	if got := p.git("ls-tree", "-r", "--name-only", "refs/cofferdam/s1"); got != "a.txt\nagent" {
		t.Errorf("landed %q, want a.txt and agent", got)
	}
}

func TestSubmodule(t *testing.T) {
	inner := newProject(t)
	inner.write("inner.txt", "inner\n")
	inner.write(".env", canary)
	inner.commit("inner")
	p := inner.beside("outer")
	if err := os.Mkdir(p.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	p.git("init", "-q", "-b", "main")
	p.git("submodule", "--quiet", "add", inner.dir, "lib/sub")
	p.write("top.txt", "top\n")
	p.commit("outer")
	t.Run("built", func(t *testing.T) {
		v := mustStage(p, Options{}, "lib/sub", ".")
		if got := v.status(); got != "" {
			t.Errorf("status %q, want none", got)
		}
		sub := &project{t, filepath.Join(v.dir, "lib/sub")}
		sub.git("fsck", "--strict")
		if got := sub.status(); got != "" {
			t.Errorf("status of the submodule %q, want none", got)
		}
		noCanary(t, v.dir, canary)
	})
	t.Run("not built", func(t *testing.T) {
		v := mustStage(p, Options{})
		if got := v.status(); got != "" {
			t.Errorf("status %q, want none", got)
		}
		if got, want := v.git("rev-parse", "HEAD:lib/sub"), p.git("rev-parse", "HEAD:lib/sub"); got != want {
			t.Errorf("commit of the submodule %s, want %s", got, want)
		}
	})
	t.Run("landed", func(t *testing.T) {
		v := mustStage(p, Options{}, "lib/sub", ".")
		sub := &project{t, filepath.Join(v.dir, "lib/sub")}
		sub.write("inner2.txt", "x")
		commit := sub.commit("inner work")
		v.commit("outer work")
		landed, err := v.land(LandOptions{}, &restorer{})
		if err != nil {
			t.Fatal(err)
		}
		if len(landed.Held) != 1 || landed.Held[0].Why != whyLink {
			t.Errorf("held %v, want the submodule", landed.Held)
		}
		other := p.git("rev-parse", "HEAD")
		link := func(path workspace.Path, id string) (string, bool) { return other, path == "lib/sub" && id == commit }
		if _, err := v.land(LandOptions{Link: link}, &restorer{}); err != nil {
			t.Fatal(err)
		}
		if got := p.git("rev-parse", "refs/cofferdam/s1:lib/sub"); got != other {
			t.Errorf("landed submodule %s, want %s", got, other)
		}
	})
}

// TestConverted: where a filter makes files differ from their blobs, as Git LFS does, they are not taken for modified.
func TestConverted(t *testing.T) {
	p := newProject(t)
	p.git("config", "filter.lfs.clean", "sha256sum")
	p.git("config", "filter.lfs.smudge", "false")
	p.write(".gitattributes", "*.bin filter=lfs -text\n*.crlf text eol=crlf\n")
	p.write("large.bin", "large "+strings.Repeat("x", 100))
	p.write("dos.crlf", "a\r\nb\r\n")
	p.commit("first")
	past := "2024-01-02T03:04:05"
	for _, name := range []string{"large.bin", "dos.crlf", ".gitattributes"} {
		touch(t, filepath.Join(p.dir, name), past)
	}
	v := newView(p)
	p.git("update-index", "-q", "--really-refresh") // A second link changed the ctime, as an overlay does not.
	if err := v.build(Options{}, "."); err != nil {
		t.Fatal(err)
	}
	if got := v.status(); got != "" {
		t.Errorf("status %q, want none", got)
	}
	if got := v.git("show", "HEAD:large.bin"); strings.Contains(got, "xxx") {
		t.Errorf("the blob is the file itself: %.50q", got)
	}
	v.remove("large.bin")
	v.write("large.bin", "other")
	if got := v.status(); got != " M large.bin" {
		t.Errorf("status %q, want large.bin modified", got)
	}
}

func touch(t *testing.T, path, when string) {
	t.Helper()
	at := parseTime(t, when)
	if err := os.Chtimes(path, at, at); err != nil {
		t.Fatal(err)
	}
}

// TestStatDataIsRight: git need not look into any file of the view, because the index has what git would find.
func TestStatDataIsRight(t *testing.T) {
	p := newProject(t)
	for i := range 20 {
		p.write(fmt.Sprintf("dir%d/file", i%5*i), "x"+strings.Repeat("y", i))
	}
	p.write("conf", "k: "+canary)
	if err := os.Symlink("conf", filepath.Join(p.dir, "link")); err != nil {
		t.Fatal(err)
	}
	p.commit("first")
	v := mustStage(p, Options{})
	if out := v.git("diff-files", "--raw"); out != "" { // It trusts nothing but the data of the index.
		t.Errorf("git would look into:\n%s", out)
	}
	touch(t, filepath.Join(v.dir, "conf"), "2024-01-02T03:04:05")
	if out := v.git("diff-files", "--raw"); out == "" {
		t.Error("diff-files shows nothing even for a file with another time")
	}
}

// TestChangedSinceJudged: a file that changed since it was decided to show it is judged again, by its content.
func TestChangedSinceJudged(t *testing.T) {
	p := newProject(t)
	p.write("a.txt", "one\n")
	p.write("b.txt", "two\n")
	p.commit("first")
	v := newView(p)
	judged := &judgedBefore{v.rule, map[workspace.Path]workspace.Stat{}}
	for _, path := range []workspace.Path{"a.txt", "b.txt"} {
		e, err := v.rule.root.Lookup(path)
		if err != nil {
			t.Fatal(err)
		}
		judged.stats[path] = e.Stat
	}
	p.write("a.txt", canary)
	p.git("add", "a.txt")
	repo, err := Open(v.rule.root, workspace.Dot)
	if err != nil {
		t.Fatal(err)
	}
	defer repo.Close()
	dir := t.TempDir()
	built, err := repo.Build(t.Context(), dir, judged, Options{})
	if err != nil {
		t.Fatal(err)
	}
	noCanary(t, dir, canary)
	if built.Staged == "" {
		t.Error("the staged change is not in the view")
	}
}

// judgedBefore shows what passed when it was looked at.
type judgedBefore struct {
	*rule
	stats map[workspace.Path]workspace.Stat
}

func (j *judgedBefore) File(path workspace.Path) File {
	return File{Showing: Pass, Judged: j.stats[path]}
}

// TestCancelled: Build ends with its context.
func TestCancelled(t *testing.T) {
	p := newProject(t)
	p.write("a.txt", "one\n")
	p.commit("first")
	v := newView(p)
	repo, err := Open(v.rule.root, workspace.Dot)
	if err != nil {
		t.Fatal(err)
	}
	defer repo.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := repo.Build(ctx, t.TempDir(), v.rule, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that of the context", err)
	}
}

func TestNone(t *testing.T) {
	p := newProject(t)
	p.remove(".git")
	if _, err := stage(p, Options{}); !errors.Is(err, ErrNone) {
		t.Errorf("no .git: %v, want ErrNone", err)
	}
	p.git("init", "-q", "--bare", ".")
	if _, err := stage(p, Options{}); !errors.Is(err, ErrNone) {
		t.Errorf("bare: %v, want ErrNone", err)
	}
}

func TestSnapshot(t *testing.T) {
	p := newProject(t)
	p.remove(".git")
	p.write("a.txt", "one\n")
	p.write(".env", canary)
	p.write("conf", "k: "+canary)
	p.write("out/x.o", "object")
	p.write(".gitignore", "*.o\n")
	v := newView(p)
	dir := filepath.Join(v.dir, ".git")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	paths := []workspace.Path{"out/x.o", "a.txt", ".env", "conf", ".gitignore", "gone"}
	if _, err := Snapshot(t.Context(), v.rule.root, dir, v.rule, paths, Options{}); err != nil {
		t.Fatal(err)
	}
	v.git("fsck", "--strict")
	if got := v.status(); got != "" {
		t.Errorf("status %q, want none", got)
	}
	if got := v.git("ls-files"); got != ".gitignore\na.txt\nconf" {
		t.Errorf("files:\n%s", got)
	}
	noCanary(t, v.dir, canary)
}
