package gitview

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cofferdam/workspace"

	"golang.org/x/sys/unix"
)

// TestNothingRuns: whatever a repository names to be run, by configuration, attributes or hooks, is not run.
func TestNothingRuns(t *testing.T) {
	p := newProject(t)
	mark := filepath.Join(t.TempDir(), "ran")
	script := filepath.Join(t.TempDir(), "script")
	if err := os.WriteFile(script, []byte("#!/bin/sh\ntouch '"+mark+"'\ncat\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	p.write("a.txt", "one\n")
	p.write("b.txt", "two\n")
	p.write(".gitignore", "*.o\n")
	p.commit("first")
	p.write(".gitattributes", "*.txt filter=bad diff=bad merge=bad working-tree-encoding=UTF-16\n")
	included := filepath.Join(t.TempDir(), "included")
	config := "[core]\n\tfsmonitor = SCRIPT\n\thooksPath = HOOKS\n\tpager = SCRIPT\n\tsshCommand = SCRIPT\n\teditor = SCRIPT\n\tgitProxy = SCRIPT\n\talternateRefsCommand = SCRIPT\n\taskPass = SCRIPT\n" +
		"[filter \"bad\"]\n\tclean = SCRIPT\n\tsmudge = SCRIPT\n\tprocess = SCRIPT\n\trequired = true\n[diff \"bad\"]\n\ttextconv = SCRIPT\n\tcommand = SCRIPT\n[diff]\n\texternal = SCRIPT\n" +
		"[merge \"bad\"]\n\tdriver = SCRIPT\n[gpg]\n\tprogram = SCRIPT\n[commit]\n\tgpgSign = true\n[log]\n\tshowSignature = true\n[uploadpack]\n\tpackObjectsHook = SCRIPT\n[credential]\n\thelper = SCRIPT\n" +
		"[alias]\n\tcat-file = !SCRIPT\n\tindex-pack = !SCRIPT\n\tupdate-index = !SCRIPT\n[remote \"origin\"]\n\turl = ext::SCRIPT\n\tpromisor = true\n[extensions]\n\tpartialClone = origin\n"
	config = strings.NewReplacer("SCRIPT", script, "HOOKS", filepath.Dir(script)).Replace(config)
	if err := os.WriteFile(included, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	hooks := []string{"post-index-change", "reference-transaction", "pre-commit", "post-checkout", "pre-auto-gc", "post-rewrite", "fsmonitor-watchman"}
	for _, hook := range hooks {
		p.write(".git/hooks/"+hook, "#!/bin/sh\ntouch '"+mark+"'\n")
		if err := os.Chmod(filepath.Join(p.dir, ".git/hooks", hook), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	p.write(".git/config", "[core]\n\trepositoryformatversion = 1\n[include]\n\tpath = "+included+"\n"+config)
	if err := os.WriteFile(filepath.Join(p.dir, "b.txt"), []byte("modified\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	v := newView(p)
	if err := v.build(Options{History: 3}, "."); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(v.dir, ".git/config"))
	if err != nil || bytes.Contains(text, []byte(script)) || bytes.Contains(text, []byte("include")) {
		t.Errorf("the view's config has the project's: %v", err)
	}
	v.write("new", "new\n")
	v.git("add", "new")
	v.git("-c", "core.attributesFile=/dev/null", "commit", "-qm", "agent", "new")
	if _, err := v.land(LandOptions{}, &restorer{}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Lstat(mark); err == nil {
		t.Fatal("something ran")
	}
	// The mark is one that git as a person runs it leaves: the test above could have failed.
	p.try("status")
	if _, err := os.Lstat(mark); err != nil {
		t.Error("git status runs nothing here, so the test shows nothing")
	}
}

// TestRefused: what would show other repositories, or make git wait or wander, is an error.
func TestRefused(t *testing.T) {
	other := func(t *testing.T) *project { // someone else's
		p := newProject(t)
		p.write("private", "private "+canary)
		p.commit("private")
		return p
	}
	fifo := func(t *testing.T, path string) {
		t.Helper()
		if err := unix.Mkfifo(path, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	link := func(t *testing.T, target, path string) {
		t.Helper()
		os.RemoveAll(path)
		if err := os.Symlink(target, path); err != nil {
			t.Fatal(err)
		}
	}
	tests := map[string]struct {
		change func(t *testing.T, p *project)
		want   string
	}{
		".git symlink": {func(t *testing.T, p *project) { link(t, other(t).dir+"/.git", p.dir+"/.git") }, "symlink"},
		".git file to another": {func(t *testing.T, p *project) {
			p.remove(".git")
			p.write(".git", "gitdir: "+other(t).dir+"/.git\n")
		}, "point back"},
		".git file to a directory above": {func(t *testing.T, p *project) { p.remove(".git"); p.write(".git", "gitdir: ../..\n") }, ""},
		".git file malformed":            {func(t *testing.T, p *project) { p.remove(".git"); p.write(".git", "gitdir: a\nb\n") }, "malformed"},
		".git fifo":                      {func(t *testing.T, p *project) { p.remove(".git"); fifo(t, p.dir+"/.git") }, "fifo"},
		"common directory of another":    {func(t *testing.T, p *project) { p.write(".git/commondir", other(t).dir+"/.git\n") }, "does not hold it"},
		"objects symlink":                {func(t *testing.T, p *project) { link(t, other(t).dir+"/.git/objects", p.dir+"/.git/objects") }, "symlink"},
		"HEAD symlink":                   {func(t *testing.T, p *project) { link(t, other(t).dir+"/.git/HEAD", p.dir+"/.git/HEAD") }, "too many levels"},
		"ref symlink": {func(t *testing.T, p *project) {
			link(t, other(t).dir+"/.git/refs/heads/main", p.dir+"/.git/refs/heads/main")
		}, "too many levels"},
		"index symlink":       {func(t *testing.T, p *project) { link(t, other(t).dir+"/.git/index", p.dir+"/.git/index") }, "too many levels"},
		"HEAD fifo":           {func(t *testing.T, p *project) { p.remove(".git/HEAD"); fifo(t, p.dir+"/.git/HEAD") }, "not a regular file"},
		"index fifo":          {func(t *testing.T, p *project) { p.remove(".git/index"); fifo(t, p.dir+"/.git/index") }, "not a regular file"},
		"config fifo":         {func(t *testing.T, p *project) { p.remove(".git/config"); fifo(t, p.dir+"/.git/config") }, "not a regular file"},
		"pack fifo":           {func(t *testing.T, p *project) { fifo(t, p.dir+"/.git/objects/pack/pack-1.idx") }, "neither"},
		"alternates fifo":     {func(t *testing.T, p *project) { fifo(t, p.dir+"/.git/objects/info/alternates") }, "neither"},
		"working tree there":  {func(t *testing.T, p *project) { p.git("config", "core.worktree", other(t).dir) }, "elsewhere"},
		"config not readable": {func(t *testing.T, p *project) { p.write(".git/config", "[core\n") }, "config"},
		"unknown format":      {func(t *testing.T, p *project) { p.git("config", "extensions.objectFormat", "md5") }, "format"},
		"HEAD climbs":         {func(t *testing.T, p *project) { p.write(".git/HEAD", "ref: refs/heads/../../../../x\n") }, "HEAD"},
		"HEAD garbage":        {func(t *testing.T, p *project) { p.write(".git/HEAD", "\x00\x01") }, "id"},
		"ref circle": {func(t *testing.T, p *project) {
			p.write(".git/refs/heads/main", "ref: refs/heads/other\n")
			p.write(".git/refs/heads/other", "ref: refs/heads/main\n")
		}, "followed"},
		"HEAD missing object": {func(t *testing.T, p *project) { p.write(".git/refs/heads/main", strings.Repeat("ab", 20)+"\n") }, "missing"},
		"HEAD is a blob": {func(t *testing.T, p *project) {
			p.write(".git/refs/heads/main", p.git("rev-parse", "HEAD:a.txt")+"\n")
		}, "no commit"},
		"index cut short": {func(t *testing.T, p *project) {
			if err := os.Truncate(p.dir+"/.git/index", 100); err != nil {
				t.Fatal(err)
			}
		}, "index"},
		"index too large": {func(t *testing.T, p *project) {
			if err := os.Truncate(p.dir+"/.git/index", maxIndex+1); err != nil {
				t.Fatal(err)
			}
		}, "more than"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newProject(t)
			p.write("a.txt", "one\n")
			p.commit("first")
			tt.change(t, p)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			root, err := workspace.Open(p.dir)
			if err != nil {
				t.Fatal(err)
			}
			defer root.Close()
			repo, err := Open(root, workspace.Dot)
			if err == nil {
				defer repo.Close()
				_, err = repo.Build(ctx, t.TempDir(), &rule{root, hiddenNames, nil}, Options{})
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) || ctx.Err() != nil {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
			if err != nil && strings.Contains(err.Error(), canary) {
				t.Error("the error has the canary")
			}
		})
	}
}

// mktree makes a tree of lines as git ls-tree has them, without git's checks of names.
func (p *project) mktree(nodes ...node) string {
	p.t.Helper()
	cmd := exec.Command("git", "-C", p.dir, "hash-object", "-t", "tree", "-w", "--stdin", "--literally")
	cmd.Stdin = bytes.NewReader(encodeTree(nodes))
	out, err := cmd.CombinedOutput()
	if err != nil {
		p.t.Fatalf("hash-object: %v: %s", err, out)
	}
	return strings.TrimSpace(string(out))
}

// TestOddNames: names that git refuses, or that need care, in HEAD's tree.
func TestOddNames(t *testing.T) {
	p := newProject(t)
	p.write("x", "content\n")
	p.commit("first")
	blob := p.git("rev-parse", "HEAD:x")
	id, err := formatSHA1.parse(blob)
	if err != nil {
		t.Fatal(err)
	}
	refused := []string{".GIT", ".git ", ".git.", "GIT~1", ".g\u200cit", ".git::$INDEX_ALLOCATION", `a\.git`, "..", "."}
	shown := []string{"new\nline", "-rf", "tab\t", "\xff\xfe", "\"quoted\"", "gitignore", strings.Repeat("n", 255)}
	var nodes []node
	for _, name := range append(refused, shown...) {
		nodes = append(nodes, node{fileMode, name, id})
	}
	sortNodes(nodes)
	tree := p.mktree(nodes...)
	p.git("update-ref", "refs/heads/main", p.git("commit-tree", "-m", "odd", tree))
	v := mustStage(p, Options{})
	out, err := command(v.dir, "ls-tree", "-z", "--name-only", "HEAD~").Output()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for name := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		got[name] = true
	}
	for _, name := range shown {
		if !got[name] {
			t.Errorf("%q is not in the view", name)
		}
		delete(got, name)
	}
	if len(got) > 0 || len(v.built.Omitted) != len(refused) {
		t.Errorf("too much in the view: %v; omitted %v", got, v.built.Omitted)
	}
}

// TestBomb: a tree of trees that stand for more files than there can be is refused.
func TestBomb(t *testing.T) {
	p := newProject(t)
	p.write("x", "content\n")
	p.commit("first")
	inner := node{fileMode, "x", mustID(t, p.git("rev-parse", "HEAD:x"))}
	tree := p.mktree(inner)
	for range 12 {
		var nodes []node
		for i := range 16 {
			nodes = append(nodes, node{dirMode, fmt.Sprintf("d%02d", i), mustID(t, tree)})
		}
		tree = p.mktree(nodes...)
	}
	p.git("update-ref", "refs/heads/main", p.git("commit-tree", "-m", "bomb", tree))
	if _, err := stage(p, Options{asked: 1000}); err == nil || !strings.Contains(err.Error(), "more than") {
		t.Errorf("error %v, want one about their number", err)
	}
}

func mustID(t testing.TB, hex string) oid {
	t.Helper()
	id, err := formatSHA1.parse(hex)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// TestLyingStore: an object whose content is another than its id says never gets into a view under that id.
func TestLyingStore(t *testing.T) {
	p := newProject(t)
	p.write("a.txt", "one\n")
	p.write("b.txt", "secret "+canary)
	p.commit("first")
	p.write("a.txt", "modified\n")
	a, b := p.git("rev-parse", "HEAD:a.txt"), p.git("rev-parse", "HEAD:b.txt")
	loose := func(id string) string { return filepath.Join(p.dir, ".git/objects", id[:2], id[2:]) }
	p.remove(".git/objects/" + a[:2] + "/" + a[2:])
	if err := os.Link(loose(b), loose(a)); err != nil {
		t.Fatal(err)
	}
	v, err := stage(p, Options{})
	if err != nil {
		return // Git noticed, which is as good.
	}
	noCanary(t, v.dir, canary)
	if len(v.built.Omitted) != 1 || !strings.Contains(v.built.Omitted[0].Why, "damaged") {
		t.Errorf("omitted %v, want a.txt, because it is damaged", v.built.Omitted)
	}
}
