package git

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"cofferdam/internal/need"
)

// TestBorrowed: objects are read from another repository, whatever its path is made of, through a git directory that
// has none of its configuration.
func TestBorrowed(t *testing.T) {
	need.Program(t, "git")
	other, own := filepath.Join(t.TempDir(), "a:b \"c\" \\d\n\xffe"), t.TempDir()
	run := func(args ...string) {
		t.Helper()
		cmd := exec.Command("git", args...)
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %q: %v: %s", args, err, out)
		}
	}
	run("init", "-q", other)
	run("-C", other, "-c", "user.name=a", "-c", "user.email=b", "commit", "-q", "--allow-empty", "-m", "first")
	run("init", "-q", "--bare", own)
	run("-C", other, "config", "core.abbrev", "not a number") // Whoever reads this fails.
	repo := &Repo{Top: own, Dir: own, Borrowed: []string{filepath.Join(own, "none"), filepath.Join(other, ".git/objects")}}
	kinds := map[string]int{}
	err := repo.AllObjects(t.Context(), func(o Object) error { kinds[o.Type]++; return nil })
	if err != nil || kinds["commit"] != 1 {
		t.Errorf("objects %v, %v, want one commit", kinds, err)
	}
	direct := &Repo{Top: other}
	if err := direct.AllObjects(context.Background(), func(Object) error { return nil }); err == nil {
		t.Error("the configuration does not matter, so the test shows nothing")
	}
}
