package patch

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/bluekeyes/go-gitdiff/gitdiff"
	"github.com/google/go-cmp/cmp"

	"cofferdam/change"
	"cofferdam/internal/need"
	"cofferdam/workspace"
)

// checkApplies fails unless git makes the after tree of the before tree with the patch, and would take it back.
func checkApplies(t *testing.T, p *pair) {
	t.Helper()
	patch := p.write(t, Options{})
	if !bytes.Contains(patch, []byte("diff --git ")) {
		return
	}
	name := filepath.Join(p.dir, "patch")
	if err := os.WriteFile(name, patch, 0o600); err != nil {
		t.Fatal(err)
	}
	want := snapshot(t, p.after)
	got := filepath.Join(p.dir, "got")
	copyTree(t, p.before, got)
	git(t, got, nil, "apply", "--binary", name)
	if diff := cmp.Diff(want, snapshot(t, got)); diff != "" {
		t.Fatalf("applied: -want +got\n%s\npatch:\n%s", diff, patch)
	}
	git(t, p.after, nil, "apply", "--binary", "--check", "-R", name)
	git(t, got, nil, "apply", "--binary", "-R", name)
	if diff := cmp.Diff(snapshot(t, p.before), snapshot(t, got)); diff != "" {
		t.Fatalf("taken back: -want +got\n%s\npatch:\n%s", diff, patch)
	}
}

// checkParses fails unless another reader of patches finds in it what the set has.
func checkParses(t *testing.T, p *pair) {
	t.Helper()
	patch := p.write(t, Options{})
	files, _, err := gitdiff.Parse(bytes.NewReader(patch))
	if err != nil {
		t.Fatalf("parse: %v\n%s", err, patch)
	}
	before, after := snapshot(t, p.before), snapshot(t, p.after)
	content := func(held map[string]string, name string) string {
		_, data, _ := strings.Cut(held[name], " ")
		return data
	}
	for _, f := range files {
		c := p.set.Find(workspace.Path(f.NewName))
		if f.IsDelete {
			c = p.set.Find(workspace.Path(f.OldName))
		}
		if c == nil {
			t.Fatalf("patch has %q and %q, the set has neither", f.OldName, f.NewName)
		}
		if f.IsDelete || f.IsBinary || len(f.TextFragments) == 0 {
			continue
		}
		old := content(before, f.OldName)
		var got bytes.Buffer
		if err := gitdiff.Apply(&got, strings.NewReader(old), f); err != nil {
			t.Fatalf("apply to %q: %v", f.NewName, err)
		}
		if want := content(after, f.NewName); got.String() != want {
			t.Fatalf("%q is %.200q, want %.200q", f.NewName, got.String(), want)
		}
	}
}

// checkCounts fails unless counts and status are those of git. Git counts a file that becomes a symlink as if it had
// been edited, and sees no directories.
func checkCounts(t *testing.T, p *pair) {
	t.Helper()
	want := map[string]string{}
	for line := range strings.SplitSeq(strings.TrimSuffix(p.gitDiff(t, "--numstat", "-z"), "\x00"), "\x00") {
		if fields := strings.SplitN(line, "\t", 3); len(fields) == 3 {
			want[fields[2]] = fields[0] + " " + fields[1]
		}
	}
	got := map[string]string{}
	_ = eachDelta(context.Background(), p.set, p.trees, countDelta, func(n tally) error {
		switch {
		case n.parts == 2:
			delete(want, string(n.Path))
		case n.parts == 1 && n.binary:
			got[string(n.Path)] = "- -"
		case n.parts == 1:
			got[string(n.Path)] = strconv.Itoa(n.added) + " " + strconv.Itoa(n.deleted)
		}
		return nil
	})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("counts: -git +got\n%s", diff)
	}
}

func checkNameStatus(t *testing.T, p *pair) {
	t.Helper()
	var b bytes.Buffer
	if err := NameStatus(&b, p.set); err != nil {
		t.Fatal(err)
	}
	want := strings.Split(p.gitDiff(t, "--name-status"), "\n")
	var got, kept []string
	for _, line := range strings.Split(b.String(), "\n") {
		if !strings.HasSuffix(strings.Trim(line, `"`), "/") && !slashed(p.set, line) {
			got = append(got, line)
		}
	}
	for _, line := range want {
		if !slashed(p.set, line) {
			kept = append(kept, line)
		}
	}
	if diff := cmp.Diff(kept, got); diff != "" {
		t.Fatalf("status: -git +got\n%s", diff)
	}
}

// slashed reports whether a line of --name-status tells of a path that is or was a directory, or of a mode that git
// does not know.
func slashed(set *change.Set, line string) bool {
	for i := range set.Changes {
		c := &set.Changes[i]
		if !strings.HasSuffix(line, "\t"+Quote(string(c.Path))) {
			continue
		}
		if c.Old.Type == workspace.Dir || c.New.Type == workspace.Dir {
			return true
		}
		if c.Old.Hash == c.New.Hash && c.Old.Type == c.New.Type && fileMode(c.Old.Mode) == fileMode(c.New.Mode) {
			return c.Old.Type == workspace.File
		}
	}
	return false
}

// For every pair of trees: git apply makes the one of the other with the patch, and the reverse.
func TestPatchOfRandomTrees(t *testing.T) {
	need.Program(t, "git")
	for seed := range uint64(40) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 99))
			before := dir(tree{})
			for range 12 {
				before.dir[oddNames[r.IntN(len(oddNames))]] = randomNode(r, 2)
			}
			after := mutated(r, before, 2)
			for after.dir == nil {
				after = mutated(r, before, 2)
			}
			p := newPair(t, before.dir, after.dir)
			checkApplies(t, p)
			checkParses(t, p)
			checkCounts(t, p)
			checkNameStatus(t, p)
		})
	}
}

func TestWriteErrors(t *testing.T) {
	newChange := func(t *testing.T) *pair {
		return newPair(t, tree{"a": file("1\n"), "b": file("1\n")}, tree{"a": file("2\n"), "b": file("2\n")})
	}
	check := func(t *testing.T, ctx context.Context, p *pair, want string) {
		t.Helper()
		err := Write(ctx, &bytes.Buffer{}, p.set, p.trees, Options{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Write = %v, want %q", err, want)
		}
	}
	t.Run("after changed", func(t *testing.T) {
		p := newChange(t)
		if err := os.WriteFile(filepath.Join(p.after, "b"), []byte("3\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		check(t, t.Context(), p, `read "b" as it was after the change: changed since the changes were listed`)
	})
	t.Run("after gone", func(t *testing.T) {
		p := newChange(t)
		if err := os.Remove(filepath.Join(p.after, "b")); err != nil {
			t.Fatal(err)
		}
		check(t, t.Context(), p, `read "b" as it was after the change: open b: no such file`)
	})
	t.Run("before unreadable", func(t *testing.T) {
		need.User(t)
		p := newChange(t)
		if err := os.Chmod(filepath.Join(p.before, "a"), 0); err != nil {
			t.Fatal(err)
		}
		check(t, t.Context(), p, `read "a" as it was before the change: open a: permission denied`)
	})
	t.Run("canceled", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		check(t, ctx, newChange(t), context.Canceled.Error())
	})
	t.Run("writer", func(t *testing.T) {
		p := newChange(t)
		err := Write(t.Context(), brokenWriter{}, p.set, p.trees, Options{})
		if !errors.Is(err, errBroken) {
			t.Errorf("Write = %v, want %v", err, errBroken)
		}
	})
}

var errBroken = errors.New("broken")

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }
