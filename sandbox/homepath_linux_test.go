package sandbox

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestHomePaths(t *testing.T) {
	home := filepath.Join(t.TempDir(), "home")
	p := newProject(t, filepath.Join(home, "src"))
	for _, dir := range []string{".cache/tool", ".config", "src/other"} {
		must(t, os.MkdirAll(filepath.Join(home, dir), 0o700))
	}
	must(t, os.WriteFile(filepath.Join(home, ".gitconfig"), []byte("[user]\n"), 0o600))
	must(t, os.WriteFile(filepath.Join(home, ".config", "x"), []byte("x\n"), 0o600))
	must(t, os.Symlink("..", filepath.Join(home, ".config", "up")))
	must(t, os.Symlink(p.dir, filepath.Join(home, "link")))
	with := func(paths ...HomePath) Options {
		o := p.options("sh", "-c", `cd; cat .gitconfig .config/x 2>/dev/null; { echo w > .cache/tool/w; } 2>/dev/null && echo cache; { echo w > .config/w; } 2>/dev/null && echo config`)
		o.Environ = append(o.Environ, "HOME="+home)
		o.HomePaths = paths
		return o
	}
	got := run(t, with(HomePath{".gitconfig", false}, HomePath{".config", false}, HomePath{".cache/tool", true}), "")
	if got.failure != nil || got.out != "[user]\nx\ncache\n" {
		t.Errorf("Run = %q, %q, %v", got.out, got.err, got.failure)
	}
	if _, err := os.Stat(filepath.Join(home, ".cache", "tool", "w")); err != nil {
		t.Errorf("what was written to a writable home path is lost: %v", err)
	}
	for _, bad := range []string{"", ".", "..", "../x", "/etc", "a/../b", "a//b", "missing", "src", "src/project", "src/project/main.go", "src/state", "src/state/upper", "link", ".config/up"} {
		if _, err := NewSpec(with(HomePath{bad, false})); err == nil {
			t.Errorf("NewSpec with the home path %q: no error", bad)
		} else if bad == "link" && !strings.Contains(err.Error(), "symlink") {
			t.Errorf("NewSpec with the home path %q: %v, want a word of the symlink", bad, err)
		}
	}
	if _, err := NewSpec(with(HomePath{"src/other", true})); err != nil {
		t.Errorf("NewSpec with a neighbour of the project: %v", err)
	}
}
