package stage

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cofferdam/internal/need"

	"golang.org/x/sys/unix"
)

// grove grows a random tree: every file has a content of its own.
type grove struct {
	*rand.Rand
	root        string
	dirs, files []string // relative
}

func (g *grove) pick(from []string) string { return from[g.IntN(len(from))] }

func (g *grove) free(names ...string) (string, bool) {
	name := filepath.Join(g.pick(g.dirs), g.pick(names))
	_, err := os.Lstat(filepath.Join(g.root, name))
	return name, err != nil
}

func (g *grove) grow(t testing.TB, steps int) {
	g.dirs, g.files = []string{"."}, nil
	for step := range steps {
		switch kind := g.IntN(10); {
		case kind < 3:
			if name, ok := g.free("a", "b", "conf", ".ssh", "keys"); ok {
				put(t, g.root, name)
				g.dirs = append(g.dirs, name)
			}
		case kind < 6 || len(g.files) == 0:
			if name, ok := g.free("x", "y", "z", ".env"); ok {
				content := fmt.Sprintf("file %d", step)
				if g.IntN(10) == 0 {
					content += " " + token()
				}
				put(t, g.root, name+": "+content)
				g.files = append(g.files, name)
			}
		case kind < 7:
			if name, ok := g.free("x", "h", "i"); ok {
				put(t, g.root, name+" = "+g.pick(g.files))
				g.files = append(g.files, name)
			}
		default:
			if name, ok := g.free("l", "m", "n", ".env", ".ssh"); ok {
				put(t, g.root, name+" -> "+g.target(name))
				if g.IntN(2) == 0 {
					g.files = append(g.files, name) // so that links to links come about
				}
			}
		}
	}
}

// target is a way from the directory of name to something, often a strange one.
func (g *grove) target(name string) string {
	to := g.pick(append(g.files, g.dirs...))
	if g.IntN(8) == 0 {
		to = filepath.Join(to, g.pick([]string{"x", ".env", "..", "l/y"}))
	}
	switch rel, _ := filepath.Rel(filepath.Dir(name), to); g.IntN(4) {
	case 0:
		return filepath.Join(g.root, to)
	case 1:
		up := strings.Repeat("../", strings.Count(name, "/")+1)
		return up + filepath.Base(g.root) + "/" + to
	case 2:
		return "./" + rel + strings.Repeat("/", g.IntN(2))
	default:
		return rel
	}
}

// secrets is an oracle that asks the kernel: the contents that a name makes secret, found by opening that name.
type secrets struct {
	t        testing.TB
	root     string
	contents map[string]string // to the name
	trees    map[string]bool
}

func findSecrets(t testing.TB, root string) map[string]string {
	s := &secrets{t: t, root: root, contents: map[string]string{}, trees: map[string]bool{}}
	s.walk(root, func(path string, d fs.DirEntry) {
		switch name := filepath.Base(path); {
		case name == ".ssh" && d.IsDir():
			s.tree(path)
		case name == ".ssh":
			s.link(path, true)
		case name == ".env" && d.Type() == fs.ModeSymlink:
			s.link(path, false)
		case name == ".env" && !d.IsDir():
			s.file(path)
		case d.Type().IsRegular():
			if content, _ := os.ReadFile(path); strings.Contains(string(content), token()) {
				s.file(path)
			}
		}
	})
	return s.contents
}

func (s *secrets) walk(dir string, visit func(path string, d fs.DirEntry)) {
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil {
			visit(path, d)
		}
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *secrets) file(path string) {
	content, err := os.ReadFile(path)
	if err != nil {
		s.t.Fatal(err)
	}
	s.contents[string(content)] = path
}

func (s *secrets) tree(dir string) {
	if s.trees[dir] {
		return
	}
	s.trees[dir] = true
	s.walk(dir, func(path string, d fs.DirEntry) {
		switch {
		case d.Type() == fs.ModeSymlink:
			s.link(path, true)
		case d.Type().IsRegular():
			s.file(path)
		}
	})
}

// link takes a symlink with a secret name; directories count where the name is one for a directory.
func (s *secrets) link(path string, dirs bool) {
	real, err := filepath.EvalSymlinks(path)
	if err != nil || real != s.root && !strings.HasPrefix(real, s.root+"/") {
		return
	}
	stat, err := os.Stat(real)
	switch {
	case err != nil:
	case !stat.IsDir() && (dirs && filepath.Base(path) == ".ssh"): // .ssh/ is a rule for directories
		if s.inTree(path) {
			s.file(real)
		}
	case !stat.IsDir():
		s.file(real)
	case dirs && !strings.HasPrefix(path, real+"/"):
		s.tree(real)
	}
}

func (s *secrets) inTree(path string) bool {
	for tree := range s.trees {
		if strings.HasPrefix(path, tree+"/") {
			return true
		}
	}
	return false
}

// checkReach reads every path of a view, through links too, as a command would.
func checkReach(t *testing.T, view string, secrets map[string]string) (read int) {
	t.Helper()
	err := filepath.WalkDir(view, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if real, err := filepath.EvalSymlinks(path); err != nil || !strings.HasPrefix(real, view+"/") {
			return nil // In a sandbox there is nothing.
		}
		content, err := os.ReadFile(path)
		if name, secret := secrets[string(content)]; secret && err == nil {
			t.Errorf("%s shows what %s hides", path, name)
		}
		if err == nil {
			read++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return read
}

// Whatever links a tree has, no name in a view leads to what another name makes secret.
func TestNothingHiddenIsReachable(t *testing.T) {
	for seed := range uint64(60) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			b, secrets := newGrove(t, seed)
			read := checkReach(t, b.build(t, Copy, b.scan(t)).Copy, secrets)
			t.Logf("%d secrets, %d paths read", len(secrets), read)
		})
	}
}

func newGrove(t testing.TB, seed uint64) (*testbed, map[string]string) {
	b := newTestbed(t)
	g := &grove{Rand: rand.New(rand.NewPCG(seed, 1)), root: b.project}
	g.grow(t, 60)
	return b, findSecrets(t, b.project)
}

// The same with the view in the place of the workspace, where links by the workspace's own path lead into the view.
func TestNothingHiddenIsReachableInPlace(t *testing.T) {
	need.Namespace(t, "one", func(t *testing.T) {
		for seed := range uint64(40) {
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				b, secrets := newGrove(t, 1_000_000+seed)
				kind := []Kind{Overlay, Copy, Bind}[seed%3]
				view := show(t, b.build(t, kind, b.scan(t)))
				if err := unix.Mount(view, b.project, "", unix.MS_BIND, ""); err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = unix.Unmount(b.project, unix.MNT_DETACH) })
				checkReach(t, b.project, secrets)
			})
		}
	})
}
