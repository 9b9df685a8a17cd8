package patch

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestComments(t *testing.T) {
	before := tree{
		"d": &node{dir: tree{"keep": file("1\n")}}, "gone": dir(tree{}), "f": file("1\n"), "g": &node{data: "1\n", mode: 0o600},
		"full": dir(tree{"x": file("1\n")}), "pipe": file("1\n"), "same": &node{data: "1\n", mode: 0o600},
	}
	after := tree{
		"d": &node{dir: tree{"keep": file("1\n")}, mode: 0o700}, "new\n": dir(tree{"sub": dir(tree{})}), "f": &node{data: "1\n", mode: 0o640},
		"g": &node{data: "1\n", mode: 0o755}, "secret": &node{data: "", mode: 0o600}, "pipe": &node{fifo: true},
		"same": &node{data: "2\n", mode: 0o600}, "filled": dir(tree{"x": file("1\n")}), "private": &node{dir: tree{"x": file("1\n")}, mode: 0o700},
	}
	p := newPair(t, before, after)
	p.set.Find("secret").Collides = true
	p.set.Find("f").Refused = "it is\nsetuid"
	want := `# cofferdam: "d/" directory mode 0755 -> 0700
# cofferdam: "f" refused: it is\nsetuid
# cofferdam: "f" mode 0644 -> 0640
# cofferdam: "g" mode 0600 -> 0755
# cofferdam: "gone/" directory deleted
# cofferdam: "new\n/" directory added, mode 0755
# cofferdam: "new\n/sub/" directory added, mode 0755
# cofferdam: "pipe" is a fifo, which a patch cannot hold
# cofferdam: "private/" directory added, mode 0700
# cofferdam: "secret" collides with a hidden file of the workspace
# cofferdam: "secret" mode 0600
`
	var got strings.Builder
	for line := range strings.Lines(string(p.write(t, Options{}))) {
		if strings.HasPrefix(line, notePrefix) {
			got.WriteString(line)
		}
	}
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Errorf("comments: -want +got\n%s", diff)
	}
	if err := os.WriteFile(filepath.Join(p.dir, "patch"), p.write(t, Options{}), 0o600); err != nil {
		t.Fatal(err)
	}
	git(t, p.before, nil, "apply", "--binary", "--check", filepath.Join(p.dir, "patch"))
}

// What the user changed meanwhile is said, and the patch is against it.
func TestStaleWorkspace(t *testing.T) {
	old := tree{"edited": file("1\n2\n"), "deleted": file("1\n"), "linked": file("1\n"), "relinked": link("a"), "removed": file("1\n"), "fifo": file("1\n")}
	now := tree{"edited": file("1\n3\n"), "linked": file("2\n"), "relinked": link("c"), "removed": file("3\n"), "added": file("1\n"), "fifo": file("2\n")}
	p := newPair(t, old, now)
	for name, n := range (tree{
		"edited": file("1\n2\n4\n"), "deleted": file("5\n"), "linked": link("b"), "relinked": link("b"),
		"removed": nil, "added": file("private\n"), "fifo": {fifo: true},
	}) {
		path := filepath.Join(p.before, name)
		if err := os.Remove(path); err != nil && name != "added" {
			t.Fatal(err)
		}
		if n != nil {
			if err := n.make(path); err != nil {
				t.Fatal(err)
			}
		}
	}
	patch := string(p.write(t, Options{}))
	for _, want := range []string{
		"# cofferdam: \"edited\" changed in the workspace since the session was staged; its patch is against the current content\ndiff --git",
		"-2\n-4\n+3\n",
		"# cofferdam: \"deleted\" changed in the workspace",
		"deleted file mode 100644", "-5\n",
		"# cofferdam: \"linked\" changed in the workspace",
		"deleted file mode 120000",
		"-b\n\\ No newline at end of file\n+c\n",
		"# cofferdam: \"removed\" is gone from the workspace",
		"# cofferdam: \"fifo\" is gone from the workspace since the session was staged, or is no file there any more\n",
		"# cofferdam: \"added\" exists in the workspace by now, as a file; its patch adds it\n",
	} {
		if !strings.Contains(patch, want) {
			t.Errorf("patch lacks %q", want)
		}
	}
	if strings.Contains(patch, "private") {
		t.Error("patch shows a file that the changes know nothing of")
	}
	if t.Failed() {
		t.Log(patch)
	}
}
