package gitview

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cofferdam/workspace"

	"github.com/google/go-cmp/cmp"
)

// disorder changes a project at random.
type disorder struct {
	*rand.Rand
	*project
}

func (d disorder) name() string {
	names := []string{"a", "b.txt", "dir/a", "dir/b", "dir/deep/x", "dir.x", "dir-y/z", ".env", "hidden/x", "dir/hidden", "key.pem", "new\nline", "\xff"}
	return names[d.IntN(len(names))]
}

func (d disorder) text() string {
	text := strings.Repeat("line\n", d.IntN(4)) + fmt.Sprint(d.IntN(5)) + "\n"
	if d.IntN(3) == 0 {
		text += "key = " + canary + "\n"
	}
	return text
}

func (d disorder) step() {
	name := d.name()
	path := filepath.Join(d.dir, name)
	switch d.IntN(12) {
	case 0:
		d.remove(name)
	case 1:
		d.remove(name)
		_ = os.MkdirAll(filepath.Dir(path), 0o755)
		_ = os.Symlink([]string{"a", "dir", "nowhere"}[d.IntN(3)], path)
	case 2:
		if info, err := os.Lstat(path); err == nil && info.Mode().IsRegular() {
			_ = os.Chmod(path, []os.FileMode{0o644, 0o755}[d.IntN(2)])
		}
	case 3:
		d.git("add", "-A")
	case 4:
		d.try("add", "--", name)
	case 5:
		d.try("rm", "-q", "--cached", "--", name)
	case 6:
		d.commit("commit " + canary)
	case 7:
		d.try("mv", name, d.name())
	default:
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err == nil {
			if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
				return
			}
			_ = os.WriteFile(path, []byte(d.text()), 0o644)
		}
	}
}

// expected is what git status says in the view of what it says in the project: nothing of what is hidden, and what is
// staged is committed.
func expected(status string, hides func(workspace.Path) bool) (lines []string) {
	for line := range strings.SplitSeq(strings.TrimSuffix(status, "\x00"), "\x00") {
		if line == "" || hides(workspace.Path(line[3:])) {
			continue
		}
		if line[:2] != "??" {
			line = " " + line[1:]
		}
		if line[1] != ' ' {
			lines = append(lines, line)
		}
	}
	return lines
}

// TestViewOfAnyRepository: for every repository, the view's is sound, has no canary, shows what the project's index has
// and the view does not hide, redacted, and is changed where the project is.
func TestViewOfAnyRepository(t *testing.T) {
	rounds := 25
	if testing.Short() {
		rounds = 5
	}
	for seed := range rounds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			d := disorder{rand.New(rand.NewPCG(uint64(seed), 7)), newProject(t, "--object-format="+[]string{"sha1", "sha256"}[seed%2])}
			for range 10 + d.IntN(60) {
				d.step()
			}
			if d.IntN(2) == 0 {
				d.git("repack", "-adq")
			}
			d.try("update-index", "-q", "--refresh")
			v := mustStage(d.project, Options{History: d.IntN(4) * d.IntN(3)})
			status := func(p *project) string {
				return p.git("-c", "status.renames=false", "status", "--porcelain", "-z", "--untracked-files=all")
			}
			want, got := expected(status(d.project), v.rule.hides), expected(status(v.project), v.rule.hides)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("status (-want +got):\n%s", diff)
			}
			index, shown := d.indexed(), v.indexed()
			for name, text := range index {
				if index[name] = string(redact([]byte(text))); v.rule.hides(workspace.Path(name)) {
					delete(index, name)
				}
			}
			if diff := cmp.Diff(index, shown); diff != "" {
				t.Errorf("index (-want +got):\n%s", diff)
			}
			if len(shown) > 0 {
				if diff := cmp.Diff(v.files("HEAD"), shown); diff != "" {
					t.Errorf("HEAD against index:\n%s", diff)
				}
			}
			noCanary(t, filepath.Join(v.dir, ".git"), canary)
		})
	}
}

// indexed is the contents of the index by name.
func (p *project) indexed() map[string]string {
	p.t.Helper()
	tree := p.git("write-tree")
	return p.files(tree)
}

// TestFirstSecretLeavesNothing: a file that the first commit brought and the second removed leaves nothing in the view,
// whatever of the history is shown.
func TestFirstSecretLeavesNothing(t *testing.T) {
	for _, history := range []int{0, 1, 2, 3, 100} {
		t.Run(fmt.Sprint(history), func(t *testing.T) {
			p := newProject(t)
			p.write("a.txt", "one\n")
			p.write("sub/.env", "KEY="+canary+"\n")
			first := p.commit("first")
			blob := p.git("rev-parse", "HEAD:sub/.env")
			p.remove("sub")
			p.commit("second, without " + canary)
			p.write("a.txt", "three\n")
			p.commit("third")
			v := mustStage(p, Options{History: history})
			dir := filepath.Join(v.dir, ".git")
			noCanary(t, dir, canary, ".env", blob, string(mustID(t, blob)))
			if history < 100 {
				noCanary(t, dir, first, string(mustID(t, first)))
			}
			for _, name := range []string{"logs", "hooks", "shallow", "objects/info/alternates", "refs/stash", "FETCH_HEAD", "ORIG_HEAD"} {
				if _, err := os.Lstat(filepath.Join(dir, name)); err == nil {
					t.Errorf("%s is there", name)
				}
			}
			if out := v.git("rev-list", "--all", "--objects"); strings.Contains(out, ".env") || strings.Contains(out, "sub") {
				t.Errorf("objects:\n%s", out)
			}
		})
	}
}
