package gitview

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestBuild: git finds changed in the view what it finds changed in the project, staged work apart, which is committed.
func TestBuild(t *testing.T) {
	base := func(p *project) {
		p.write("a.txt", "one\n")
		p.write("dir/b.txt", "two\n")
		p.write("dir/deep/c.txt", "three\n")
		p.write("dir.x", "sorts between\n")
		p.write(".env", "KEY="+canary+"\n")
		p.write("hidden/x", "x\n")
		p.write("conf.yml", "user: me\npassword: "+canary+"\n")
		if err := os.Symlink("a.txt", filepath.Join(p.dir, "link")); err != nil {
			p.t.Fatal(err)
		}
		p.write("run.sh", "#!/bin/sh\n")
		if err := os.Chmod(filepath.Join(p.dir, "run.sh"), 0o755); err != nil {
			p.t.Fatal(err)
		}
		p.commit("first " + canary)
	}
	tests := []struct {
		name    string
		options Options
		change  func(p *project)
		status  string // in the view
		log     string // subjects, the last first
		files   string // of HEAD
	}{
		{name: "clean", change: func(p *project) {}},
		{name: "modified", change: func(p *project) { p.write("a.txt", "another\n") }, status: " M a.txt"},
		{name: "same size", change: func(p *project) { p.write("a.txt", "eno\n") }, status: " M a.txt"},
		{name: "deleted", change: func(p *project) { p.remove("dir/b.txt") }, status: " D dir/b.txt"},
		{name: "untracked", change: func(p *project) { p.write("new", "new\n") }, status: "?? new"},
		{name: "untracked and hidden", change: func(p *project) { p.write("hidden2", "new\n") }},
		{name: "redacted and modified", change: func(p *project) { p.write("conf.yml", "user: you\npassword: "+canary+"\n") }, status: " M conf.yml"},
		{name: "hidden and modified", change: func(p *project) { p.write(".env", "other\n") }},
		{name: "mode", change: func(p *project) { os.Chmod(filepath.Join(p.dir, "a.txt"), 0o755) }, status: " M a.txt"},
		{name: "type", change: func(p *project) { p.remove("link"); p.write("link", "a.txt") }, status: " T link"},
		{name: "staged", change: func(p *project) { p.write("a.txt", "staged\n"); p.git("add", "a.txt") },
			log: "Staged work, as Cofferdam shows it\nThe project, as Cofferdam shows it"},
		{name: "staged and modified", change: func(p *project) {
			p.write("a.txt", "staged\n")
			p.git("add", "a.txt")
			p.write("a.txt", "modified\n")
		}, status: " M a.txt", log: "Staged work, as Cofferdam shows it\nThe project, as Cofferdam shows it"},
		{name: "staged removal", change: func(p *project) { p.git("rm", "-q", "dir/b.txt") },
			log: "Staged work, as Cofferdam shows it\nThe project, as Cofferdam shows it", files: ".git a.txt conf.yml dir.x dir/deep/c.txt link run.sh"},
		{name: "staged secret", change: func(p *project) { p.write(".env", "other\n"); p.git("add", ".env") }},
		{name: "intent to add", change: func(p *project) { p.write("new", "new\n"); p.git("add", "-N", "new") }, status: " A new"},
		{name: "assumed unchanged", change: func(p *project) {
			p.git("update-index", "--assume-unchanged", "a.txt")
			p.write("a.txt", "mine\n")
		}},
		{name: "skip-worktree on a file that is there", change: func(p *project) {
			p.git("update-index", "--skip-worktree", "a.txt")
			p.write("a.txt", "mine\n")
		}},
		{name: "sparse", change: func(p *project) { p.git("sparse-checkout", "set", "--no-cone", "/*", "!/dir/") },
			files: "a.txt conf.yml dir.x link run.sh"},
		{name: "sparse shown", options: Options{Sparse: true}, change: func(p *project) { p.git("sparse-checkout", "set", "--no-cone", "/*", "!/dir/") }},
		{name: "sparse index", change: func(p *project) { p.git("sparse-checkout", "set", "--cone", "--sparse-index", "other") },
			files: "a.txt conf.yml dir.x link run.sh"},
		{name: "sparse index shown", options: Options{Sparse: true}, change: func(p *project) { p.git("sparse-checkout", "set", "--cone", "--sparse-index", "other") }},
		{name: "conflict", change: func(p *project) {
			p.git("checkout", "-q", "-b", "side")
			p.write("a.txt", "side\n")
			p.commit("side")
			p.git("checkout", "-q", "main")
			p.write("a.txt", "main\n")
			p.write(".env", "changed\n")
			p.commit("main")
			p.try("merge", "side")
		}, status: "UU a.txt"},
		{name: "detached", change: func(p *project) { p.git("checkout", "-q", "--detach") }},
		{name: "branch with slashes", change: func(p *project) { p.git("checkout", "-q", "-b", "a/b/c") }},
		{name: "packed", change: func(p *project) { p.git("gc", "-q") }},
		{name: "split index", change: func(p *project) {
			p.git("update-index", "--split-index")
			p.write("new", "new\n")
			p.git("add", "new")
		}, log: "Staged work, as Cofferdam shows it\nThe project, as Cofferdam shows it", files: "a.txt conf.yml dir.x dir/b.txt dir/deep/c.txt link new run.sh"},
		{name: "index version 4", change: func(p *project) { p.git("update-index", "--index-version", "4") }},
		{name: "untracked cache", change: func(p *project) { p.git("update-index", "--untracked-cache"); p.status() }},
		{name: "no index", change: func(p *project) { p.remove(".git/index") }, files: "",
			status: "?? a.txt\n?? conf.yml\n?? dir.x\n?? dir/b.txt\n?? dir/deep/c.txt\n?? link\n?? run.sh",
			log:    "Staged work, as Cofferdam shows it\nThe project, as Cofferdam shows it"},
		{name: "exclude", change: func(p *project) { p.write(".git/info/exclude", "*.o\n"); p.write("x.o", "o") }},
		{name: "history", options: Options{History: 2}, change: func(p *project) {
			p.write("a.txt", "second "+canary)
			p.commit("second " + canary)
			p.write("a.txt", "third")
			p.commit("third " + canary)
		}, log: "third " + placeholder + "\nsecond " + placeholder},
		{name: "all history", options: Options{History: 100}, change: func(p *project) {
			p.write("a.txt", "unredactable second")
			p.commit("second")
		}, log: "second\nfirst " + placeholder},
	}
	for _, format := range []string{"sha1", "sha256"} {
		for _, tt := range tests {
			t.Run(format+"/"+tt.name, func(t *testing.T) {
				t.Parallel()
				p := newProject(t, "--object-format="+format)
				base(p)
				tt.change(p)
				v := mustStage(p, tt.options)
				if got := v.status(); got != tt.status {
					t.Errorf("status:\n%s\nwant:\n%s", got, tt.status)
				}
				want := tt.log
				if want == "" {
					want = "The project, as Cofferdam shows it"
				}
				if got := v.git("log", "--format=%s"); got != want {
					t.Errorf("log:\n%s\nwant:\n%s", got, want)
				}
				if got, host := v.git("rev-parse", "--abbrev-ref", "HEAD"), p.git("rev-parse", "--abbrev-ref", "HEAD"); got != host {
					t.Errorf("branch %s, want %s", got, host)
				}
				checkHead(t, v, tt.name, tt.files)
				noCanary(t, filepath.Join(v.dir, ".git"), canary)
			})
		}
	}
}

func checkHead(t *testing.T, v *view, name, want string) {
	t.Helper()
	if name == "no index" {
		return
	}
	if want == "" {
		want = "a.txt conf.yml dir.x dir/b.txt dir/deep/c.txt link run.sh"
	}
	want = strings.TrimPrefix(want, ".git ")
	if got := strings.Join(strings.Fields(v.git("ls-tree", "-r", "--name-only", "HEAD")), " "); got != want {
		t.Errorf("files of HEAD: %s, want %s", got, want)
	}
}
