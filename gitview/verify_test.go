package gitview

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cofferdam/workspace"
)

// TestVerifyRefuses whatever is in a repository and should not be, however it came there.
func TestVerifyRefuses(t *testing.T) {
	tests := map[string]struct {
		tamper func(b *builder) error // after everything was made
		want   string
	}{
		"nothing": {func(*builder) error { return nil }, ""},
		"a blob that nobody allowed": {func(b *builder) error {
			_, err := b.pack.add(blobKind, []byte(canary))
			return err
		}, "was not allowed"},
		"a blob that is allowed and not used": {func(b *builder) error {
			_, err := b.take([]byte("harmless"))
			return err
		}, "in no use"},
		"a tree that is not used": {func(b *builder) error {
			_, err := b.pack.add(treeKind, nil)
			return err
		}, "in no use"},
		"a hidden name in the index": {func(b *builder) error {
			e := b.index[0]
			e.path = ".env"
			b.index = append([]entry{e}, b.index...)
			return nil
		}, ".env"},
		"a blob in the index that nobody allowed": {func(b *builder) error {
			b.index[0].id = oid(strings.Repeat("i", 20))
			return nil
		}, "was not allowed"},
		"a hidden name in a tree": {func(b *builder) error {
			tree, err := b.pack.add(treeKind, encodeTree([]node{{fileMode, ".env", b.index[0].id}}))
			if err != nil {
				return err
			}
			tip, err := b.synthetic(tree, []oid{mustID(t, b.built.Head)}, "bad", 1)
			b.built.Head = tip.String()
			return err
		}, ".env"},
		"an unsafe name in a tree": {func(b *builder) error {
			tree, err := b.pack.add(treeKind, encodeTree([]node{{fileMode, ".Git", b.index[0].id}}))
			if err != nil {
				return err
			}
			tip, err := b.synthetic(tree, []oid{mustID(t, b.built.Head)}, "bad", 1)
			b.built.Head = tip.String()
			return err
		}, ".Git"},
		"a file": {func(b *builder) error {
			return os.WriteFile(filepath.Join(b.dir, "FETCH_HEAD"), nil, 0o600)
		}, "FETCH_HEAD"},
		"a directory": {func(b *builder) error { return os.Mkdir(filepath.Join(b.dir, "hooks"), 0o700) }, "hooks"},
		"a loose object": {func(b *builder) error {
			return errors.Join(os.Mkdir(filepath.Join(b.dir, "objects/ab"), 0o700), os.WriteFile(filepath.Join(b.dir, "objects/ab", strings.Repeat("c", 38)), nil, 0o600))
		}, "objects/ab"},
		"alternates": {func(b *builder) error {
			return os.WriteFile(filepath.Join(b.dir, "objects/info/alternates"), []byte("/\n"), 0o600)
		}, "alternates"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p := newProject(t)
			p.write("a.txt", "one\n")
			p.write(".env", canary)
			p.commit("first")
			v := newView(p)
			repo, err := Open(v.rule.root, workspace.Dot)
			if err != nil {
				t.Fatal(err)
			}
			defer repo.Close()
			_, err = repo.buildWith(t.Context(), t.TempDir(), v.rule, Options{}, func(b *builder) error {
				return errors.Join(b.fill(), tt.tamper(b))
			})
			switch {
			case tt.want == "" && err != nil:
				t.Errorf("error %v, want none", err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("error %v, want one with %q", err, tt.want)
			case err != nil && strings.Contains(err.Error(), canary):
				t.Error("the error has the canary")
			}
		})
	}
}

// TestCopy: where the view is a copy, the index has the data of the copy's files, and what a filter made different
// from its blob is still not taken for modified.
func TestCopy(t *testing.T) {
	p := newProject(t)
	p.write(".gitattributes", "*.crlf text eol=crlf\n")
	p.write("dos.crlf", "a\r\nb\r\n")
	p.write("a.txt", "one\n")
	p.write("modified", "one\n")
	p.commit("first")
	for _, name := range []string{".gitattributes", "dos.crlf", "a.txt"} {
		touch(t, filepath.Join(p.dir, name), "2024-01-02T03:04:05")
	}
	p.write("modified", "two\n")
	v := newView(p)
	for _, name := range []string{".gitattributes", "dos.crlf", "a.txt", "modified"} {
		content, err := os.ReadFile(filepath.Join(v.dir, name))
		if err != nil {
			t.Fatal(err)
		}
		v.remove(name)
		v.write(name, string(content))
	}
	p.try("update-index", "-q", "--really-refresh") // The second links are gone, which changed the ctimes.
	root, err := workspace.Open(v.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if err := v.build(Options{Copy: root}, "."); err != nil {
		t.Fatal(err)
	}
	v.git("fsck", "--strict")
	if got := v.git("diff-files", "--name-only"); got != "modified" {
		t.Errorf("git would look into %q, want modified alone", got)
	}
}
