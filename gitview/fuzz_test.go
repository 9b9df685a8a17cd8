package gitview

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// FuzzIndexRoundTrip: what is read of any bytes as an index is written so that the same is read again.
func FuzzIndexRoundTrip(f *testing.F) {
	p := newProject(f)
	p.write("a.txt", "one\n")
	p.write("dir/b.txt", "two\n")
	p.write("dir/c", "")
	p.commit("first")
	p.git("add", "-N", "dir/c")
	for _, version := range []string{"2", "3", "4"} {
		p.git("update-index", "--index-version", version)
		p.git("update-index", "--skip-worktree", "a.txt")
		content, err := os.ReadFile(filepath.Join(p.dir, ".git/index"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(content)
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		entries, err := formatSHA1.decodeIndex(content)
		if err != nil {
			return
		}
		for i := range entries {
			entries[i].flags &^= lengthMask | extendedFlag
		}
		again, err := formatSHA1.decodeIndex(formatSHA1.encodeIndex(entries, nil))
		for i := range again {
			again[i].flags &^= lengthMask | extendedFlag
		}
		if err != nil || len(again) != len(entries) || len(entries) > 0 && !reflect.DeepEqual(again, entries) {
			t.Errorf("%d entries became %d: %v", len(entries), len(again), err)
		}
	})
}

// FuzzTreeRoundTrip: a tree that is read is written as one that reads the same.
func FuzzTreeRoundTrip(f *testing.F) {
	id := oid(strings.Repeat("i", 20))
	f.Add(encodeTree([]node{{fileMode, "a", id}, {dirMode, "b", id}, {gitMode, "c", id}}))
	f.Fuzz(func(t *testing.T, content []byte) {
		nodes, err := formatSHA1.decodeTree(content)
		if err != nil {
			return
		}
		again, err := formatSHA1.decodeTree(encodeTree(nodes))
		for _, n := range nodes {
			if n.mode == 0 {
				return // Nobody writes those.
			}
		}
		if err != nil || len(nodes) > 0 && !reflect.DeepEqual(nodes, again) {
			t.Errorf("%v became %v, %v", nodes, again, err)
		}
	})
}

// FuzzCommitRoundTrip: a commit that is read is written as one that reads the same, headers that nobody knows apart.
func FuzzCommitRoundTrip(f *testing.F) {
	id := oid(strings.Repeat("i", 20))
	who := signature{Inside, 1, "+0000"}
	f.Add(commit{id, []oid{id}, who, who, "latin1", []byte("message")}.encode())
	f.Fuzz(func(t *testing.T, content []byte) {
		c, err := formatSHA1.decodeCommit(content)
		if err != nil {
			return
		}
		first := c.encode()
		again, err := formatSHA1.decodeCommit(first)
		if err != nil || !bytes.Equal(again.encode(), first) || again.tree != c.tree || len(again.parents) != len(c.parents) {
			t.Errorf("%q became %q, %v", content, first, err)
		}
	})
}

// FuzzBundleHeader: no bytes make reading the head of a bundle fail otherwise than with an error.
func FuzzBundleHeader(f *testing.F) {
	f.Add([]byte("# v2 git bundle\n-" + strings.Repeat("ab", 20) + " x\n" + strings.Repeat("cd", 20) + " refs/heads/main\n\nPACK"))
	f.Fuzz(func(t *testing.T, content []byte) {
		b, err := formatSHA1.readBundle(bytes.NewReader(content))
		if err != nil {
			return
		}
		for name := range b.refs {
			if name != "HEAD" && !refName(name) {
				t.Errorf("ref %q", name)
			}
		}
	})
}
