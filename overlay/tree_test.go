package overlay

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cofferdam/change"
	"cofferdam/workspace"

	"golang.org/x/sys/unix"
)

func mkdir(t testing.TB, path string) {
	t.Helper()
	if err := os.MkdirAll(path, 0o755); err != nil {
		t.Fatal(err)
	}
}

func write(t testing.TB, path, content string) {
	t.Helper()
	mkdir(t, filepath.Dir(path))
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func openRoot(t testing.TB, dir string) *workspace.Root {
	t.Helper()
	root, err := workspace.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return root
}

// snapshot is a tree by means of its own: path to type, mode, and content or target.
func snapshot(t testing.TB, dir string) map[string]string {
	t.Helper()
	tree := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		var st unix.Stat_t
		if err := unix.Lstat(path, &st); err == unix.ENOENT {
			return nil // The kernel lists a whiteout in an opaque directory, and finds nothing there.
		} else if err != nil {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		switch st.Mode & unix.S_IFMT {
		case unix.S_IFLNK:
			target, err := os.Readlink(path)
			tree[name] = "symlink " + target
			return err
		case unix.S_IFREG:
			content, err := os.ReadFile(path)
			tree[name] = fmt.Sprintf("file %04o %x", st.Mode&0o7777, sha256.Sum256(content))
			return err
		default:
			tree[name] = fmt.Sprintf("%s %04o", workspace.TypeOf(st.Mode), st.Mode&0o7777)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// manifest is base without hidden; what is in empty shows as an empty directory.
func manifest(t testing.TB, base string, hidden, empty []workspace.Path) *workspace.Manifest {
	t.Helper()
	root := openRoot(t, base)
	entries, failures, err := workspace.List(context.Background(), root, nil)
	if err != nil || len(failures) > 0 {
		t.Fatal(err, failures)
	}
	dot, err := root.Lookup(workspace.Dot)
	if err != nil {
		t.Fatal(err)
	}
	m := &workspace.Manifest{}
	for _, e := range append(entries, dot) {
		within := func(p workspace.Path) bool { return e.Path.Within(p) }
		isHidden, isEmpty := slices.Contains(hidden, e.Path), slices.Contains(empty, e.Path)
		if slices.ContainsFunc(hidden, within) || slices.ContainsFunc(empty, within) {
			continue
		}
		if isHidden || isEmpty {
			m.Hidden = append(m.Hidden, e)
		}
		if isHidden {
			continue
		}
		if e.Type == workspace.File {
			if e.Hash, _, err = root.HashFile(e.Path); err != nil {
				t.Fatal(err)
			}
		}
		m.Visible = append(m.Visible, e)
	}
	workspace.SortEntries(m.Visible)
	workspace.SortEntries(m.Hidden)
	return m
}

// manifestSnapshot shows a manifest as snapshot shows a tree.
func manifestSnapshot(m *workspace.Manifest) map[string]string {
	tree := map[string]string{}
	for _, e := range m.Visible {
		switch e.Type {
		case workspace.File:
			tree[string(e.Path)] = fmt.Sprintf("file %04o %s", e.Mode, e.Hash)
		case workspace.Symlink:
			tree[string(e.Path)] = "symlink " + e.Target
		default:
			tree[string(e.Path)] = fmt.Sprintf("%s %04o", e.Type, e.Mode)
		}
	}
	return tree
}

// describe shows a set as one line a change.
func describe(set *change.Set) []string {
	var lines []string
	for _, c := range set.Changes {
		line := fmt.Sprintf("%s %s", c.Kind, c.Path)
		if c.Kind != change.Delete && c.Kind != change.Add && c.Old.Type == c.New.Type && c.Old.Mode != c.New.Mode {
			line += fmt.Sprintf(" %04o>%04o", c.Old.Mode, c.New.Mode)
		}
		if c.Kind == change.Modify && c.Old.Type != c.New.Type {
			line += fmt.Sprintf(" %s>%s", c.Old.Type, c.New.Type)
		}
		if c.Collides {
			line += " collides"
		}
		if c.Refused != "" {
			line += " refused: " + c.Refused
		}
		lines = append(lines, line)
	}
	return lines
}

func readSet(t testing.TB, upper string, base *workspace.Manifest) *change.Set {
	t.Helper()
	set, err := Read(context.Background(), openRoot(t, upper), base)
	if err != nil {
		t.Fatal(err)
	}
	for i := 1; i < len(set.Changes); i++ {
		if strings.Compare(string(set.Changes[i-1].Path), string(set.Changes[i].Path)) >= 0 {
			t.Fatalf("%q before %q in the set", set.Changes[i-1].Path, set.Changes[i].Path)
		}
	}
	return set
}
