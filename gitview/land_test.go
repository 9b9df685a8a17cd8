package gitview

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"cofferdam/workspace"

	"github.com/google/go-cmp/cmp"
)

// restorer is a Gate that puts the canary back where the project's file has it, and holds back what has the placeholder
// elsewhere, or a symlink that leaves the project.
type restorer struct{ asked []FileChange }

func (r *restorer) File(_ context.Context, c FileChange) ([]byte, string, error) {
	r.asked = append(r.asked, c)
	switch {
	case c.New == nil:
		return nil, "", nil
	case c.New.Mode == uint32(linkMode) && bytes.HasPrefix(c.New.Bytes, []byte("/")):
		return nil, "it points out of the project", nil
	case !bytes.Contains(c.New.Bytes, []byte(placeholder)):
		return c.New.Bytes, "", nil
	case c.Host != nil && bytes.Contains(c.Host.Bytes, []byte(canary)):
		return bytes.ReplaceAll(c.New.Bytes, []byte(placeholder), []byte(canary)), "", nil
	}
	return nil, "it has a placeholder of another file", nil
}

func (*restorer) Message(_ context.Context, _ string, text []byte) ([]byte, error) { return text, nil }

// bundle is what the command that makes the bundle writes, run as the sandbox would. It is empty where there was nothing.
func (v *view) bundle() string {
	v.t.Helper()
	args := v.built.BundleCommand()
	var complaint strings.Builder
	cmd := command(v.dir, args[1:]...)
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err == nil {
		return string(out)
	}
	if exit, ok := err.(*exec.ExitError); !ok || exit.ExitCode() != 128 || !strings.Contains(complaint.String(), "empty bundle") {
		v.t.Fatalf("%q: %v: %s", args, err, complaint.String())
	}
	return ""
}

// land brings back what was committed in v. It uses the objects that Build wrote, kept apart from what the agent wrote.
func (v *view) land(o LandOptions, gate Gate) (*Landed, error) {
	v.t.Helper()
	repo, err := Open(v.rule.root, workspace.Dot)
	if err != nil {
		v.t.Fatal(err)
	}
	defer repo.Close()
	v.scratch = v.t.TempDir()
	o.Session, o.Scratch = "s1", v.scratch
	return repo.Land(v.t.Context(), v.built, v.store, strings.NewReader(v.bundle()), gate, o)
}

func TestLand(t *testing.T) {
	base := func(p *project) {
		p.write("a.txt", "one\n")
		p.write("dir/b.txt", "two\n")
		p.write("dir/.env", "KEY="+canary+"\n")
		p.write(".env", "KEY="+canary+"\n")
		p.write("conf.yml", "user: me\npassword: "+canary+"\nport: 1\n")
		p.commit("first")
	}
	edit := func(v *view, from, to string) {
		path := filepath.Join(v.dir, "conf.yml")
		text, err := os.ReadFile(path)
		if err != nil {
			v.t.Fatal(err)
		}
		v.remove("conf.yml")
		v.write("conf.yml", strings.Replace(string(text), from, to, 1))
	}
	tests := []struct {
		name   string
		before func(p *project) // on the host, before the view is built
		agent  func(v *view)
		want   map[string]string // files of the landed commit by name; those of base where they do not differ; "" is gone
		log    string            // subjects above HEAD of the host
		held   []string
		others []string
		option LandOptions
	}{
		{name: "edit", agent: func(v *view) { v.remove("a.txt"); v.write("a.txt", "agent\n"); v.commit("edit") }, want: map[string]string{"a.txt": "agent\n"}, log: "edit"},
		{name: "edit beside a placeholder", agent: func(v *view) { edit(v, "port: 1", "port: 2"); v.commit("port") },
			want: map[string]string{"conf.yml": "user: me\npassword: " + canary + "\nport: 2\n"}, log: "port"},
		{name: "two commits", agent: func(v *view) {
			edit(v, "port: 1", "port: 2")
			v.commit("one")
			edit(v, "port: 2", "port: 3")
			v.write("new/x", "x")
			v.commit("two")
		}, want: map[string]string{"conf.yml": "user: me\npassword: " + canary + "\nport: 3\n", "new/x": "x"}, log: "two one"},
		{name: "delete all", agent: func(v *view) { v.git("rm", "-rq", "."); v.commit("gone") },
			want: map[string]string{"a.txt": "", "dir/b.txt": "", "conf.yml": ""}, log: "gone"},
		{name: "delete a directory with a hidden file", agent: func(v *view) { v.git("rm", "-rq", "dir"); v.commit("gone") },
			want: map[string]string{"dir/b.txt": ""}, log: "gone"},
		{name: "file in place of a directory with a hidden file", agent: func(v *view) { v.git("rm", "-rq", "dir"); v.write("dir", "file"); v.commit("file") },
			held: []string{"dir: " + whyOccupied}, log: "file"},
		{name: "over a hidden file", agent: func(v *view) { v.write(".env", "mine"); v.git("add", "-f", ".env"); v.commit("over") },
			held: []string{".env: " + whyCovered}, log: "over"},
		{name: "below a hidden file", agent: func(v *view) { v.write(".env/x", "mine"); v.commit("below") },
			held: []string{".env: " + whyOccupied}, log: "below"},
		{name: "copied placeholder", agent: func(v *view) { v.write("copy", placeholder); v.commit("copy") },
			held: []string{"copy: it has a placeholder of another file"}, log: "copy"},
		{name: "mode and symlinks", agent: func(v *view) {
			v.git("update-index", "--chmod=+x", "a.txt")
			for name, target := range map[string]string{"in": "a.txt", "out": "/etc/passwd"} {
				if err := os.Symlink(target, filepath.Join(v.dir, name)); err != nil {
					v.t.Fatal(err)
				}
			}
			v.git("add", "in", "out")
			v.git("commit", "-qm", "links")
		}, want: map[string]string{"in": "a.txt"}, held: []string{"out: it points out of the project"}, log: "links"},
		{name: "merge", agent: func(v *view) {
			v.git("checkout", "-q", "-b", "side")
			v.write("side", "side")
			v.commit("side")
			v.git("checkout", "-q", "main")
			v.write("main", "main")
			v.commit("other")
			v.git("merge", "-q", "-m", "merge", "side")
		}, want: map[string]string{"side": "side", "main": "main"}, log: "merge side other"},
		{name: "other branch", agent: func(v *view) {
			v.git("checkout", "-q", "-b", "side")
			v.write("side", "side")
			v.commit("side")
			v.git("checkout", "-q", "main")
			v.write("main", "main")
			v.commit("other")
		}, want: map[string]string{"main": "main"}, others: []string{"refs/heads/side"}, log: "other"},
		{name: "chosen branch", option: LandOptions{Branch: "side"}, agent: func(v *view) {
			v.git("checkout", "-q", "-b", "side")
			v.write("side", "side")
			v.commit("side")
			v.git("checkout", "-q", "main")
		}, want: map[string]string{"side": "side"}, log: "side"},
		{name: "amended base", agent: func(v *view) {
			v.write("new", "new")
			v.git("add", "new")
			v.git("commit", "-q", "--amend", "-m", "amended")
		},
			want: map[string]string{"new": "new"}, log: "amended"},
		{name: "orphan", agent: func(v *view) {
			v.git("checkout", "-q", "--orphan", "fresh")
			v.git("rm", "-rqf", ".")
			v.write("new", "new")
			v.commit("orphan")
		}, want: map[string]string{"new": "new", "a.txt": "", "dir/b.txt": "", "conf.yml": ""}, log: "orphan"},
		{name: "staged work", before: func(p *project) { p.write("a.txt", "staged\n"); p.git("add", "a.txt") },
			agent: func(v *view) { v.write("new", "new"); v.commit("agent") },
			want:  map[string]string{"a.txt": "staged\n", "new": "new"}, log: "agent Staged work, as Cofferdam shows it"},
		{name: "Git LFS", before: func(p *project) {
			p.write("big.bin", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n")
			p.commit("pointer")
		}, agent: func(v *view) { v.remove("big.bin"); v.write("big.bin", "large"); v.commit("edit") }, log: "edit", held: []string{"big.bin: " + whyLFS}},
		{name: "nothing", agent: func(*view) {}},
		{name: "identity", option: LandOptions{User: Person{"Una", "una@example.org"}}, agent: func(v *view) {
			v.write("new", "new")
			v.git("add", "new")
			cmd := exec.Command("git", "-C", v.dir, "commit", "-qm", "by config")
			cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1")
			if out, err := cmd.CombinedOutput(); err != nil {
				v.t.Fatalf("%v: %s", err, out)
			}
		}, want: map[string]string{"new": "new"}, log: "by config"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := newProject(t)
			base(p)
			if tt.before != nil {
				tt.before(p)
			}
			v := mustStage(p, Options{})
			tt.agent(v)
			before := p.state()
			if tt.log == "" {
				if v.bundle() != "" {
					t.Errorf("a bundle was made of nothing")
				}
				return
			}
			landed, err := v.land(tt.option, &restorer{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(before, p.state()); diff != "" {
				t.Errorf("the project is not as before (-before +now):\n%s", diff)
			}
			noCanary(t, v.scratch, canary)
			p.git("fsck", "--strict", "--no-dangling")
			if got := strings.Join(strings.Split(p.git("log", "--format=%s", "--topo-order", "main..refs/cofferdam/s1"), "\n"), " "); got != tt.log {
				t.Errorf("log: %s, want %s", got, tt.log)
			}
			want := p.files("main")
			for name, text := range tt.want {
				if want[name] = text; text == "" {
					delete(want, name)
				}
			}
			if diff := cmp.Diff(want, p.files("refs/cofferdam/s1")); diff != "" {
				t.Errorf("files (-want +got):\n%s", diff)
			}
			var held []string
			for _, h := range landed.Held {
				held = append(held, string(h.Path)+": "+h.Why)
			}
			if diff := cmp.Diff(tt.held, held); diff != "" {
				t.Errorf("held (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.others, landed.Others); diff != "" {
				t.Errorf("others (-want +got):\n%s", diff)
			}
			if user := tt.option.User; user.Name != "" {
				if got := p.git("log", "-1", "--format=%an %ae %cn", landed.Ref); got != user.Name+" "+user.Email+" "+user.Name {
					t.Errorf("author and committer: %s", got)
				}
			}
		})
	}
}

// state is what Land may not touch.
func (p *project) state() map[string]string {
	p.t.Helper()
	state := map[string]string{"refs": p.git("for-each-ref", "--format=%(refname) %(objectname)", "refs/heads", "refs/tags", "refs/remotes")}
	for _, name := range []string{"HEAD", "index", "config"} {
		text, err := os.ReadFile(filepath.Join(p.dir, ".git", name))
		if err != nil {
			p.t.Fatal(err)
		}
		state[name] = string(text)
	}
	state["reflog"] = p.git("reflog")
	return state
}

// files is the contents of a commit by name.
func (p *project) files(commit string) map[string]string {
	p.t.Helper()
	files := map[string]string{}
	for name := range strings.SplitSeq(p.git("ls-tree", "-rz", "--name-only", commit), "\x00") {
		if name != "" {
			out, err := command(p.dir, "cat-file", "blob", commit+":"+name).Output()
			if err != nil {
				p.t.Fatal(err)
			}
			files[name] = string(out)
		}
	}
	return files
}
