package scan

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/sys/unix"

	"cofferdam/rules"
	"cofferdam/workspace"
)

// For every path: what a look finds is what a scan of the whole tree finds there.
func TestSpotEqualsScan(t *testing.T) {
	dir := t.TempDir()
	token := "ghp_" + strings.Repeat("x7Rk2", 8)[:36]
	for name, text := range map[string]string{
		"plain.go": "package p\n", "a/b/token.py": "t = '" + token + "'\n", "a/.env": "PASSWORD=made-up\n", "kubeconfig": "token: made-up-word-4711\n",
		"large": strings.Repeat("line of text\n", 1<<19) + "t = '" + token + "'\n", ".git/config": "x", "n/.git": "gitdir: x\n", "zeros": "MZ\x00\x00", "closed": "x",
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, err := range []error{
		os.Symlink("a/.env", filepath.Join(dir, "link")), os.Symlink("https://u:"+token+"@host", filepath.Join(dir, "url")),
		unix.Mkfifo(filepath.Join(dir, "fifo"), 0o600), os.Chmod(filepath.Join(dir, "closed"), 0),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	root, err := workspace.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	set := rules.NewSet(nil, nil)
	whole, err := Scan(t.Context(), root, set, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(whole.Findings) < 2 {
		t.Fatalf("the tree has %d findings", len(whole.Findings))
	}
	spot := NewSpot(root, set, Options{})
	for range 2 {
		for i := range whole.Ledger {
			line := &whole.Ledger[i]
			got, err := spot.Look(t.Context(), line.Path)
			if err != nil {
				t.Fatalf("Look(%q): %v", line.Path, err)
			}
			incomplete := slices.DeleteFunc(slices.Clone(whole.Incomplete), func(i Incomplete) bool { return i.Path != line.Path })
			want := &Report{Root: root.Path(), Ledger: []Line{*line}, Findings: whole.FindingsIn(line.Path), Incomplete: incomplete}
			options := cmp.Options{cmpopts.EquateEmpty(), cmpopts.IgnoreFields(Report{}, "Bytes", "Foreign"), cmpopts.IgnoreUnexported(Line{}, Finding{}), cmpopts.IgnoreFields(workspace.Stat{}, "Mount")}
			if diff := cmp.Diff(want, got, options); diff != "" {
				t.Errorf("Look(%q): %s", line.Path, diff)
			}
		}
	}
	if _, err := spot.Look(t.Context(), "a/none"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Look at nothing = %v", err)
	}
}
