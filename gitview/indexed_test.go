package gitview

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cofferdam/internal/need"
	"cofferdam/workspace"
)

// Of a file that the index calls unchanged, git has the content: what git status says of the same tree.
func TestIndexed(t *testing.T) {
	need.Program(t, "git")
	dir := t.TempDir()
	git := func(args ...string) string {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=a", "-c", "user.email=b"}, args...)...)
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1")
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("git %q: %v", args, err)
		}
		return strings.TrimSpace(string(out))
	}
	past := time.Now().Add(-time.Hour)
	write := func(name, text string, at time.Time) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	git("init", "-q")
	for _, name := range []string{"same", "dirty", "touched", "sub/deep/same"} {
		write(name, "1\n", past)
	}
	git("add", "-A")
	git("commit", "-q", "-m", "first")
	write("dirty", "2\n", past.Add(time.Minute))
	write("touched", "1\n", past.Add(time.Minute))
	write("loose", "1\n", past)
	write("new/deep/loose", "1\n", past)
	write("same-but-racy", "1\n", time.Now().Add(time.Hour))
	git("add", "same-but-racy")

	root, err := workspace.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	repository, err := Open(root, workspace.Dot)
	if err != nil {
		t.Fatal(err)
	}
	defer repository.Close()
	x, err := repository.Indexed(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if want := git("rev-parse", "HEAD"); x.Commit != want {
		t.Errorf("commit %s, want %s", x.Commit, want)
	}
	for path, want := range map[workspace.Path][2]bool{
		"same": {true, true}, "sub/deep/same": {true, true}, "dirty": {true, false}, "touched": {true, false}, "same-but-racy": {true, false},
		"loose": {}, "new/deep/loose": {},
	} {
		e, err := root.Lookup(path)
		if err != nil {
			t.Fatal(err)
		}
		if tracked, same := x.Find(path, e.Stat); tracked != want[0] || same != want[1] {
			t.Errorf("Find(%s) = %v, %v, want %v", path, tracked, same, want)
		}
	}
	for dir, want := range map[workspace.Path]bool{"sub": true, "sub/deep": true, "new": false, "sam": false, "same": false} {
		if got := x.Holds(dir); got != want {
			t.Errorf("Holds(%s) = %v", dir, got)
		}
	}
}
