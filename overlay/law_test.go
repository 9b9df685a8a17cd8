package overlay

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cofferdam/internal/need"
	"cofferdam/workspace"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

// law runs work in the merged tree and holds Read to it.
func law(t *testing.T, f *fixture, hidden, empty []workspace.Path, work func(merged string)) {
	t.Helper()
	if len(hidden)+len(empty) > 0 {
		buildMask(t, f, hidden, empty)
	}
	f.mount(t, len(hidden)+len(empty) > 0)
	base := manifest(t, f.base, hidden, empty)
	before := snapshot(t, f.merged)
	if diff := cmp.Diff(before, manifestSnapshot(base)); diff != "" {
		t.Fatalf("the manifest is not what the view shows (-view +manifest):\n%s", diff)
	}
	visible := filepath.Join(f.dir, "visible")
	modes := copyTree(t, f.merged, visible)
	work(f.merged)
	want := snapshot(t, f.merged)
	set := readSet(t, f.upper, base)
	applySet(t, set, f.upper, visible, modes)
	if diff := cmp.Diff(want, snapshot(t, visible)); diff != "" {
		t.Errorf("Read(upper) applied to base is not merged (-merged +applied):\n%s\nset:\n%s", diff, strings.Join(describe(set), "\n"))
	}
	for path := range before {
		if c := set.Find(workspace.Path(path)); c != nil && before[path] == want[path] {
			t.Errorf("%q did not change, and is in the set as %s", path, c.Kind)
		}
	}
}

func buildMask(t *testing.T, f *fixture, hidden, empty []workspace.Path) {
	t.Helper()
	m, err := NewMask(f.mask, openRoot(t, f.base))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range hidden {
		if err := m.Hide(path); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range empty {
		if err := m.Empty(path); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Finish(); err != nil {
		t.Fatal(err)
	}
}

// For every upper: Read(upper) applied to base equals merged.
func TestReadUpperAppliedToBaseEqualsMerged(t *testing.T) {
	need.Namespace(t, "one", func(t *testing.T) {
		for seed := range uint64(40) {
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				f := newFixture(t)
				r := &randomHand{Rand: rand.New(rand.NewPCG(seed, 7))}
				r.grow(t, f.base)
				var hidden, empty []workspace.Path
				if seed%2 == 1 {
					write(t, filepath.Join(f.base, ".git/config"), "real")
					hidden, empty = r.pickHidden(t, f.base), []workspace.Path{".git"}
				}
				law(t, f, hidden, empty, func(merged string) {
					for range 80 {
						r.act(merged)
					}
				})
			})
		}
	})
}

var oddNames = []string{
	"a", "b", "c", "dir", "new\nline", `quo"te`, "co:lon", "com,ma", `back\slash`, "in\xffvalid", "-rf", ".wh.a", ".wh..wh..opq",
	strings.Repeat("n", 255), " space ", "$(x)", "*", "é", ".env", ".hidden",
}

// randomHand does to a tree what a command might. What fails, fails: an operation is whatever it left behind.
type randomHand struct{ *rand.Rand }

func (r *randomHand) name() string { return oddNames[r.IntN(len(oddNames))] }

func (r *randomHand) path(dir string) string {
	path := filepath.Join(dir, r.name())
	for r.IntN(3) > 0 {
		path = filepath.Join(path, r.name())
	}
	return path
}

func (r *randomHand) content() []byte {
	return []byte(strings.Repeat(fmt.Sprintln(r.IntN(3)), r.IntN(4)))
}

// existing is a random path that is there.
func (r *randomHand) existing(dir string) string {
	path := dir
	for depth := 0; depth < 5; depth++ {
		entries, err := os.ReadDir(path)
		if err != nil || len(entries) == 0 {
			break
		}
		path = filepath.Join(path, entries[r.IntN(len(entries))].Name())
		if info, err := os.Lstat(path); err != nil || !info.IsDir() || r.IntN(2) == 0 {
			break // Never through a symlink.
		}
	}
	return path
}

func (r *randomHand) fileMode() os.FileMode {
	return []os.FileMode{0o644, 0o755, 0o600, 0o444, 0o400, 0o755 | os.ModeSetuid}[r.IntN(6)]
}

func (r *randomHand) dirMode() os.FileMode {
	return []os.FileMode{0o755, 0o700, 0o750, 0o555, 0o777 | os.ModeSticky}[r.IntN(5)]
}

// grow makes a base tree.
func (r *randomHand) grow(t *testing.T, dir string) {
	for range 40 {
		path := r.path(dir)
		_ = os.MkdirAll(filepath.Dir(path), 0o755)
		switch r.IntN(6) {
		case 0:
			_ = os.Symlink(r.name(), path)
		case 1:
			_ = os.Mkdir(path, 0o755)
		case 2:
			_ = os.Link(r.existing(dir), path)
		default:
			_ = os.WriteFile(path, r.content(), 0o644)
		}
	}
	for range 5 {
		r.chmod(r.existing(dir))
	}
}

func (r *randomHand) pickHidden(t *testing.T, dir string) []workspace.Path {
	var hidden []workspace.Path
	for range 1 + r.IntN(5) {
		rel, _ := filepath.Rel(dir, r.existing(dir))
		path, err := workspace.ParsePath(rel)
		if err != nil || path == workspace.Dot || path == ".git" || path.Within(".git") {
			continue
		}
		covered := false
		for _, h := range hidden {
			covered = covered || path == h || path.Within(h) || h.Within(path)
		}
		if !covered {
			hidden = append(hidden, path)
		}
	}
	return hidden
}

func (r *randomHand) chmod(path string) {
	info, err := os.Lstat(path)
	switch {
	case err != nil:
	case info.IsDir():
		_ = os.Chmod(path, r.dirMode())
	case info.Mode().IsRegular():
		_ = os.Chmod(path, r.fileMode())
	}
}

// act does one thing in the merged tree.
func (r *randomHand) act(dir string) {
	old, fresh := r.existing(dir), r.path(dir)
	if r.IntN(3) == 0 {
		_ = os.MkdirAll(filepath.Dir(fresh), 0o755)
	}
	isRoot := old == dir
	switch r.IntN(16) {
	case 0, 1:
		writeFresh(fresh, r.content())
	case 2:
		writeRegular(old, os.O_TRUNC, r.content())
	case 3:
		writeRegular(old, os.O_APPEND, r.content())
	case 4:
		writeRegular(old, 0, nil) // Opened for writing: a copy without a change.
	case 5, 6:
		r.chmod(old)
	case 7:
		_ = os.Mkdir(fresh, 0o755)
	case 8:
		if !isRoot {
			_ = os.RemoveAll(old)
		}
	case 9:
		if !isRoot {
			_ = os.Rename(old, fresh)
		}
	case 10:
		_ = os.Symlink(r.name(), fresh)
	case 11:
		_ = os.Link(old, fresh)
	case 12:
		_ = unix.Mkfifo(fresh, 0o600)
	default:
		if !isRoot {
			r.replace(old)
		}
	}
}

// replace puts another type, or the same thing anew, where something was.
func (r *randomHand) replace(path string) {
	info, err := os.Lstat(path)
	if err != nil || os.RemoveAll(path) != nil {
		return
	}
	switch r.IntN(4) {
	case 0:
		_ = os.WriteFile(path, r.content(), 0o644)
	case 1:
		_ = os.Symlink(r.name(), path)
	case 2:
		_ = os.Mkdir(path, info.Mode().Perm()|0o700)
		_ = os.WriteFile(filepath.Join(path, r.name()), r.content(), 0o644)
	case 3:
		_ = os.Mkdir(path, 0o755)
	}
}

// writeFresh is os.WriteFile that does not wait where a FIFO stands.
func writeFresh(path string, content []byte) {
	if f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC|unix.O_NONBLOCK, 0o644); err == nil {
		_, _ = f.Write(content)
		_ = f.Close()
	}
}

func writeRegular(path string, flag int, content []byte) {
	info, err := os.Lstat(path)
	if err != nil || !info.Mode().IsRegular() {
		return
	}
	if f, err := os.OpenFile(path, os.O_WRONLY|flag, 0); err == nil {
		_, _ = f.Write(content)
		_ = f.Close()
	}
}
