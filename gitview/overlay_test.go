package gitview

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cofferdam/internal/need"
	"cofferdam/workspace"

	"golang.org/x/sys/unix"
)

// overlaid is a view as an overlay over the project: the mask has whiteouts, redacted files and the git of the view.
func overlaid(t *testing.T, p *project) *view {
	t.Helper()
	base := filepath.Join(t.TempDir(), "layers")
	dir := func(name string) string {
		path := filepath.Join(base, name)
		if err := os.MkdirAll(path, 0o755); err != nil {
			t.Fatal(err)
		}
		return path
	}
	dir("")
	if err := unix.Mount("tmpfs", base, "tmpfs", 0, ""); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Unmount(base, unix.MNT_DETACH) })
	mask := dir("mask")
	root, err := workspace.Open(p.dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	v := &view{project: &project{t, dir("merged")}, host: p, store: dir("mask/.git"), rule: &rule{root, hiddenNames, map[workspace.Path]workspace.Stat{}}}
	v.mask(mask)
	if err := unix.Setxattr(v.store, "user.overlay.opaque", []byte("y"), 0); err != nil {
		t.Fatal(err)
	}
	repo, err := Open(root, workspace.Dot)
	if err != nil {
		t.Fatal(err)
	}
	defer repo.Close()
	if v.built, err = repo.Build(t.Context(), v.store, v.rule, Options{}); err != nil {
		t.Fatal(err)
	}
	options := "userxattr,lowerdir=" + mask + ":" + p.dir + ",upperdir=" + dir("upper") + ",workdir=" + dir("work")
	if err := unix.Mount("overlay", v.dir, "overlay", 0, options); err != nil {
		need.Nil(t, "userns", err)
	}
	t.Cleanup(func() { unix.Unmount(v.dir, unix.MNT_DETACH) })
	return v
}

// mask writes the mask, apart from the git.
func (v *view) mask(dir string) {
	v.t.Helper()
	all, _, err := workspace.List(v.t.Context(), v.rule.root, func(e workspace.Entry) bool { return e.Path == ".git" || v.rule.hides(e.Path) })
	if err != nil {
		v.t.Fatal(err)
	}
	for _, e := range all {
		to := filepath.Join(dir, string(e.Path))
		switch f := v.rule.File(e.Path); {
		case e.Path.Base() == ".git":
		case v.rule.hides(e.Path):
			err = unix.Mknod(to, unix.S_IFCHR, 0)
		case e.Type == workspace.Dir:
			err = os.Mkdir(to, 0o755)
		case f.Showing == Redact:
			err = v.copyFile(e.Path, "", to)
		}
		if err != nil {
			v.t.Fatalf("mask %q: %v", e.Path, err)
		}
	}
}

// TestInOverlay: over the project's own files git finds the index right without looking into them, and one can work:
// add, commit, stash, branch, rebase, and bring the commits back.
func TestInOverlay(t *testing.T) {
	need.Namespace(t, "one", func(t *testing.T) {
		p := newProject(t)
		p.write("a.txt", "one\n")
		p.write("dir/b.txt", "two\n")
		p.write("dir/.env", "KEY="+canary)
		p.write("hidden/x", "x")
		p.write("conf.yml", "password: "+canary+"\nport: 1\n")
		p.commit("first")
		v := overlaid(t, p)
		if out := v.git("diff-files", "--raw"); out != "" {
			t.Errorf("git would look into:\n%s", out)
		}
		v.git("add", "-A")
		if got := v.status(); got != "" {
			t.Errorf("status after add -A %q, want none", got)
		}
		v.git("fsck", "--strict")
		v.write("a.txt", "agent\n")
		v.git("stash", "-q")
		v.git("stash", "pop", "-q")
		v.git("commit", "-qam", "edit")
		v.git("checkout", "-q", "-b", "side", "HEAD~")
		v.write("conf.yml", "password: "+placeholder+"\nport: 2\n")
		v.git("commit", "-qam", "port")
		v.git("rebase", "-q", "main")
		v.git("checkout", "-q", "main")
		v.git("merge", "-q", "--ff-only", "side")
		if got := v.status(); got != "" {
			t.Errorf("status at the end %q, want none", got)
		}
		if _, err := v.land(LandOptions{}, &restorer{}); err != nil {
			t.Fatal(err)
		}
		if got := p.git("show", "refs/cofferdam/s1:conf.yml"); got != "password: "+canary+"\nport: 2" {
			t.Errorf("landed %q", strings.ReplaceAll(got, canary, "[the canary]"))
		}
		if got := p.git("diff", "--name-only", "main", "refs/cofferdam/s1"); got != "a.txt\nconf.yml" {
			t.Errorf("differs from main in %q", got)
		}
	})
}
