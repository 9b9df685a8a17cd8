package gitview

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"cofferdam/workspace"
)

// TestHostileBundle: what an agent may write in the place of a bundle is an error that says why, or is held back, and
// leaves the project without a ref.
func TestHostileBundle(t *testing.T) {
	commitTree := func(v *view, tree string) {
		v.git("update-ref", "HEAD", v.git("commit-tree", "-p", "HEAD", "-m", "bad", tree))
	}
	blob := func(v *view) oid { return mustID(v.t, v.git("rev-parse", "HEAD:a.txt")) }
	tests := map[string]struct {
		make func(t *testing.T, v *view) string
		want string
	}{
		"empty":      {func(t *testing.T, v *view) string { return "" }, "malformed"},
		"text":       {func(t *testing.T, v *view) string { return "hello\n" }, "malformed"},
		"long line":  {func(t *testing.T, v *view) string { return "# v2 git bundle\n" + strings.Repeat("x", 1<<20) }, "malformed"},
		"many lines": {func(t *testing.T, v *view) string { return "# v2 git bundle\n" + strings.Repeat("-x\n", 1<<20) }, "malformed"},
		"bad ref": {func(t *testing.T, v *view) string {
			return "# v2 git bundle\n" + strings.Repeat("ab", 20) + " refs/heads/../../x\n\nPACK"
		}, "malformed"},
		"other format": {func(t *testing.T, v *view) string { return "# v3 git bundle\n@object-format=sha256\n\nPACK" }, "sha256"},
		"filter":       {func(t *testing.T, v *view) string { return "# v3 git bundle\n@filter=blob:none\n\nPACK" }, "filter"},
		"no pack": {func(t *testing.T, v *view) string {
			return "# v2 git bundle\n" + strings.Repeat("ab", 20) + " HEAD\n\n"
		}, "index-pack"},
		"no objects": {func(t *testing.T, v *view) string {
			content := []byte("PACK\x00\x00\x00\x02\x00\x00\x00\x00")
			h := formatSHA1.new()
			h.Write(content)
			return "# v2 git bundle\n" + strings.Repeat("ab", 20) + " HEAD\n\n" + string(h.Sum(content))
		}, "missing"},
		"cut short": {func(t *testing.T, v *view) string {
			v.write("new", "new")
			v.commit("new")
			content := v.bundle()
			return content[:len(content)-30]
		}, "index-pack"},
		"a tree with .git": {func(t *testing.T, v *view) string {
			commitTree(v, v.mktree(node{fileMode, ".GIT", blob(v)}))
			return v.bundle()
		}, "index-pack"},
		"a tree out of order": {func(t *testing.T, v *view) string {
			commitTree(v, v.mktree(node{fileMode, "b", blob(v)}, node{fileMode, "a", blob(v)}))
			return v.bundle()
		}, "index-pack"},
		"a tree with a name twice": {func(t *testing.T, v *view) string {
			commitTree(v, v.mktree(node{fileMode, "a", blob(v)}, node{fileMode, "a", blob(v)}))
			return v.bundle()
		}, "index-pack"},
		"a delta of an impossible size": {func(t *testing.T, v *view) string {
			delta := append(binary.AppendUvarint(binary.AppendUvarint(nil, 4), 1<<40), 0x90, 4) // copies four bytes of a.txt
			d := newDeflater()
			raw, err := d.entry(7, delta)
			if err != nil {
				t.Fatal(err)
			}
			header := packHeader(7, int64(len(delta)))
			content := append([]byte("PACK\x00\x00\x00\x02\x00\x00\x00\x01"), header...)
			content = append(append(content, blob(v)...), raw[len(header):]...)
			h := formatSHA1.new()
			h.Write(content)
			return "# v2 git bundle\n" + strings.Repeat("ab", 20) + " HEAD\n\n" + string(h.Sum(content))
		}, "index-pack"},
		"a missing tree": {func(t *testing.T, v *view) string {
			c := commit{tree: mustID(t, strings.Repeat("ab", 20)), author: signature{Inside, 1, "+0000"}, committer: signature{Inside, 1, "+0000"}}
			return packedBundle(t, v, c.encode())
		}, "index-pack"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newProject(t)
			p.write("a.txt", "one\n")
			p.commit("first")
			v := mustStage(p, Options{})
			text := tt.make(t, v)
			repo, err := Open(v.rule.root, workspace.Dot)
			if err != nil {
				t.Fatal(err)
			}
			defer repo.Close()
			_, err = repo.Land(t.Context(), v.built, v.store, strings.NewReader(text), &restorer{}, LandOptions{Session: "s1", Scratch: t.TempDir()})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
			if out := p.git("for-each-ref", "refs/cofferdam"); out != "" {
				t.Errorf("refs: %s", out)
			}
		})
	}
}

// packedBundle is a bundle of one commit object and nothing else.
func packedBundle(t *testing.T, v *view, content []byte) string {
	t.Helper()
	cmd := exec.Command("git", "-C", v.dir, "hash-object", "-t", "commit", "-w", "--stdin", "--literally")
	cmd.Stdin = bytes.NewReader(content)
	id, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	cmd = exec.Command("git", "-C", v.dir, "pack-objects", "--stdout", "-q")
	cmd.Stdin = bytes.NewReader(id)
	pack, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("# v2 git bundle\n%s HEAD\n\n%s", strings.TrimSpace(string(id)), pack)
}

// TestLandRefusesSessions whose names would lead elsewhere.
func TestLandRefusesSessions(t *testing.T) {
	p := newProject(t)
	p.write("a.txt", "one\n")
	p.commit("first")
	v := mustStage(p, Options{})
	repo, err := Open(v.rule.root, workspace.Dot)
	if err != nil {
		t.Fatal(err)
	}
	defer repo.Close()
	for _, session := range []string{"", "..", "a/b", "/a", "a.lock", "-a", "a b"} {
		_, err := repo.Land(t.Context(), v.built, v.store, strings.NewReader(""), &restorer{}, LandOptions{Session: session, Scratch: t.TempDir()})
		if err == nil || !strings.Contains(err.Error(), "name of a ref") {
			t.Errorf("session %q: %v, want an error about its name", session, err)
		}
	}
}

// TestTooLargeIsHeldBack rather than read.
func TestTooLargeIsHeldBack(t *testing.T) {
	p := newProject(t)
	p.write("a.txt", "one\n")
	p.commit("first")
	v := mustStage(p, Options{})
	v.write("large", strings.Repeat("x", 2000))
	v.write("small", "x")
	v.commit("both")
	landed, err := v.land(LandOptions{MaxFile: 1000}, &restorer{})
	if err != nil {
		t.Fatal(err)
	}
	if len(landed.Held) != 1 || landed.Held[0].Path != "large" {
		t.Errorf("held %v, want large", landed.Held)
	}
	if got := p.git("ls-tree", "-r", "--name-only", "refs/cofferdam/s1"); got != "a.txt\nsmall" {
		t.Errorf("landed %q, want a.txt and small", got)
	}
}

// TestMovesAreSeen: the gate is told where a file that a commit moves came from.
func TestMovesAreSeen(t *testing.T) {
	p := newProject(t)
	p.write("dir/a.txt", "one\n")
	p.write("b.txt", "two\n")
	p.commit("first")
	v := mustStage(p, Options{})
	v.git("mv", "dir/a.txt", "moved.txt")
	v.commit("move")
	gate := &restorer{}
	if _, err := v.land(LandOptions{}, gate); err != nil {
		t.Fatal(err)
	}
	var from []string
	for _, c := range gate.asked {
		if c.New != nil {
			from = append(from, string(c.Path+" from "+c.From))
		}
	}
	if got := strings.Join(from, ", "); got != "moved.txt from dir/a.txt" {
		t.Errorf("asked about %q", got)
	}
}

// TestLandOnHistory: a commit made on an older one that the view shows lands on that one of the project.
func TestLandOnHistory(t *testing.T) {
	p := newProject(t)
	for _, text := range []string{"one", "two", "three"} {
		p.write("a.txt", text)
		p.write(".env", canary+text)
		p.commit(text)
	}
	v := mustStage(p, Options{History: 3})
	v.git("checkout", "-q", "-b", "side", "HEAD~1")
	v.write("new", "new")
	v.commit("new")
	if _, err := v.land(LandOptions{}, &restorer{}); err != nil {
		t.Fatal(err)
	}
	if got, want := p.git("rev-parse", "refs/cofferdam/s1~"), p.git("rev-parse", "main~"); got != want {
		t.Errorf("landed on %s, want %s", got, want)
	}
	if got := p.git("diff", "--name-only", "main~", "refs/cofferdam/s1"); got != "new" {
		t.Errorf("differs in %q, want new alone", got)
	}
}
