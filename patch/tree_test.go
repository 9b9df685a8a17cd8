package patch

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"cofferdam/change"
	"cofferdam/internal/need"
	"cofferdam/workspace"
)

// node is a file, directory or symlink of a test tree. Its zero value is an empty file of mode 0644.
type node struct {
	data   string
	mode   os.FileMode // 0 means 0644, or 0755 for a directory
	target string      // of a symlink
	dir    map[string]*node
	fifo   bool
}

type tree map[string]*node

func file(data string) *node       { return &node{data: data} }
func executable(data string) *node { return &node{data: data, mode: 0o755} }
func link(target string) *node     { return &node{target: target} }
func dir(entries tree) *node       { return &node{dir: entries} }

func (n *node) make(path string) error {
	mode := n.mode
	switch {
	case n.target != "":
		return os.Symlink(n.target, path)
	case n.fifo:
		return unix.Mkfifo(path, 0o644)
	case n.dir == nil:
		if mode == 0 {
			mode = 0o644
		}
		if err := os.WriteFile(path, []byte(n.data), 0o600); err != nil {
			return err
		}
		return os.Chmod(path, mode)
	}
	if mode == 0 {
		mode = 0o755
	}
	if err := os.Mkdir(path, 0o700); err != nil {
		return err
	}
	for name, child := range n.dir {
		if err := child.make(path + "/" + name); err != nil {
			return err
		}
	}
	return os.Chmod(path, mode)
}

// makeTree makes t as the directory dir/name.
func makeTree(t testing.TB, dir, name string, entries tree) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if entries == nil {
		entries = tree{}
	}
	if err := (&node{dir: entries}).make(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// pair is two trees on disk and the changes between them.
type pair struct {
	dir, before, after string
	trees              Trees
	set                *change.Set
}

func newPair(t testing.TB, before, after tree) *pair {
	t.Helper()
	dir := t.TempDir()
	p := &pair{dir: dir, before: makeTree(t, dir, "before", before), after: makeTree(t, dir, "after", after)}
	p.trees = Trees{Before: openRoot(t, p.before), After: openRoot(t, p.after)}
	p.compare(t)
	return p
}

func openRoot(t testing.TB, path string) *workspace.Root {
	t.Helper()
	root, err := workspace.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return root
}

// compare makes the change set out of what the trees hold.
func (p *pair) compare(t testing.TB) {
	t.Helper()
	sides := map[workspace.Path]*[2]change.Side{}
	for i, root := range []*workspace.Root{p.trees.Before, p.trees.After} {
		entries, failures, err := workspace.List(context.Background(), root, nil)
		if err != nil || len(failures) > 0 {
			t.Fatal(err, failures)
		}
		for _, e := range entries {
			if e.Type == workspace.File && e.Size < 1<<28 {
				if e.Hash, _, err = root.HashFile(e.Path); err != nil {
					t.Fatal(err)
				}
			}
			if sides[e.Path] == nil {
				sides[e.Path] = &[2]change.Side{}
			}
			sides[e.Path][i] = change.SideOf(e)
		}
	}
	p.set = &change.Set{}
	for path, s := range sides {
		if c, ok := change.New(path, s[0], s[1]); ok {
			p.set.Changes = append(p.set.Changes, c)
		}
	}
	p.set.Sort()
}

func (p *pair) write(t testing.TB, o Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(context.Background(), &b, p.set, p.trees, o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// git runs git in dir, apart from every repository and configuration, and returns what it prints.
func git(t testing.TB, dir string, stdin []byte, args ...string) string {
	t.Helper()
	cmd := exec.Command(need.Program(t, "git"), args...)
	cmd.Dir = dir
	cmd.Stdin = bytes.NewReader(stdin)
	cmd.Env = []string{
		"HOME=/nonexistent", "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_ATTR_NOSYSTEM=1", "LC_ALL=C",
		"GIT_CEILING_DIRECTORIES=" + filepath.Dir(dir),
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("git %.60q: %v: %s", args, err, stderr.String())
	}
	return string(out)
}

// gitDiff runs git diff with args between the two trees.
func (p *pair) gitDiff(t testing.TB, args ...string) string {
	t.Helper()
	repository := filepath.Join(p.dir, "git")
	if _, err := os.Stat(repository); err != nil {
		git(t, p.dir, nil, "init", "--quiet", "--bare", repository)
	}
	args = append([]string{"--git-dir=" + repository, "diff", "--no-renames", "--no-ext-diff"}, args...)
	for _, side := range []string{p.before, p.after} {
		git(t, p.dir, nil, "--git-dir="+repository, "--work-tree="+side, "add", "--all", "--force")
		id := git(t, p.dir, nil, "--git-dir="+repository, "write-tree")
		args = append(args, strings.TrimSpace(id))
	}
	return git(t, p.dir, nil, args...)
}

// snapshot is what git can hold of a tree: a line of text for each file and symlink.
func snapshot(t testing.TB, root string) map[string]string {
	t.Helper()
	held := map[string]string{}
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		name := strings.TrimPrefix(path, root+"/")
		switch {
		case info.Mode()&fs.ModeSymlink != 0:
			target, err := os.Readlink(path)
			held[name] = "link " + target
			return err
		case info.Mode().IsRegular():
			data, err := os.ReadFile(path)
			held[name] = fmt.Sprintf("%t %s", info.Mode()&0o100 != 0, data)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return held
}

func copyTree(t testing.TB, from, to string) {
	t.Helper()
	if out, err := exec.Command("cp", "-a", from, to).CombinedOutput(); err != nil {
		t.Fatalf("cp: %v: %s", err, out)
	}
}
