package patch

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cofferdam/internal/need"
)

var functionName = regexp.MustCompile(`(?m)^(@@ -[0-9,]+ \+[0-9,]+ @@).*$`)

var edges = []struct {
	name          string
	before, after tree
}{
	{"mode only", tree{"x": file("1\n")}, tree{"x": executable("1\n")}},
	{"mode and content", tree{"x": file("1\n")}, tree{"x": executable("2\n")}},
	{"mode of an empty file", tree{"a b": file("")}, tree{"a b": executable("")}},
	{"add an empty file", nil, tree{"x b": file("")}},
	{"delete an empty file", tree{"x": file("")}, nil},
	{"fill an empty file", tree{"x": file("")}, tree{"x": file("1\n")}},
	{"empty a file", tree{"x": file("1\n")}, tree{"x": file("")}},
	{"add an executable", nil, tree{"x": executable("1\n")}},
	{"add without newline", nil, tree{"x": file("1")}},
	{"newline goes", tree{"x": file("1\n2\n")}, tree{"x": file("1\n2")}},
	{"newline comes", tree{"x": file("1\n2")}, tree{"x": file("1\n2\n")}},
	{"no newline in context", tree{"x": file("1\n2")}, tree{"x": file("0\n2")}},
	{"carriage returns", tree{"x": file("1\r\n2\r\n")}, tree{"x": file("1\n2\r\n")}},
	{"late NUL is text", tree{"x": file(strings.Repeat("1", 8000) + "\x00\n")}, tree{"x": file("1\n")}},
	{"file to symlink", tree{"x": file("1\n2\n")}, tree{"x": link("1")}},
	{"symlink to file", tree{"x": link("1")}, tree{"x": executable("1\n")}},
	{"symlink to symlink", tree{"x": link("1")}, tree{"x": link("2\n3")}},
	{"symlink to directory", tree{"x": link("1")}, tree{"x": dir(tree{"a": file("1\n"), "b": dir(tree{"c": link("d")})})}},
	{"directory to symlink", tree{"x": dir(tree{"a": file("1\n")})}, tree{"x": link("1")}},
	{"directory to file", tree{"x": dir(tree{"a": file("1\n"), "b": file("2\n")})}, tree{"x": file("3\n")}},
	{"file to directory", tree{"x": file("3\n")}, tree{"x": dir(tree{"a": file("1\n"), "b": dir(tree{"c": file("2\n")})})}},
	{"name order", tree{"a": dir(tree{"x": file("1\n")})}, tree{"a": dir(tree{"x": file("2\n")}), "a.b": file("1\n"), "a0": file("1\n")}},
	{"two hunks", tree{"x": file("1\n2\n3\n4\n5\n6\n7\n8\n9\n")}, tree{"x": file("0\n2\n3\n4\n5\n6\n7\n8\n0\n")}},
	{"one hunk", tree{"x": file("1\n2\n3\n4\n5\n6\n7\n8\n")}, tree{"x": file("0\n2\n3\n4\n5\n6\n7\n0\n")}},
	{"spaces and quotes", tree{"a b": file("1\n"), "q\"x y": file("1\n")}, tree{"a b": file("2\n"), "q\"x y": file("2\n")}},
	{"name with its own suffix", tree{"x b": dir(tree{"x": file("")})}, tree{"x b": dir(tree{"x": executable("")})}},
	{"unicode", tree{"\u00e4\u202e": file("1\n")}, tree{"\u00e4\u202e": file("\u202e\n"), "\xff": file("")}},
}

// Text patches are, byte for byte, those of git.
func TestPatchIsGits(t *testing.T) {
	need.Program(t, "git")
	for _, tt := range edges {
		t.Run(tt.name, func(t *testing.T) {
			p := newPair(t, tt.before, tt.after)
			checkApplies(t, p)
			checkParses(t, p)
			var lines []string
			for line := range strings.Lines(string(p.write(t, Options{}))) {
				if !strings.HasPrefix(line, notePrefix) {
					lines = append(lines, line)
				}
			}
			want := functionName.ReplaceAllString(p.gitDiff(t, "--binary", "--full-index"), "$1")
			if diff := cmp.Diff(want, strings.Join(lines, "")); diff != "" {
				t.Errorf("-git +got\n%s", diff)
			}
		})
	}
}

func TestBinaryPatch(t *testing.T) {
	random := make([]byte, 200000)
	r := rand.New(rand.NewPCG(1, 1))
	for i := range random {
		random[i] = byte(r.Uint32())
	}
	data := string(random)
	for _, tt := range []struct {
		name          string
		before, after tree
	}{
		{"add", nil, tree{"x": file("a\x00")}},
		{"delete", tree{"x": file("a\x00")}, nil},
		{"modify with mode", tree{"x": file(data)}, tree{"x": executable(data[:100000])}},
		{"to text", tree{"x": file("\x00")}, tree{"x": file("1\n")}},
		{"to symlink", tree{"x": file("\x00")}, tree{"x": link("y")}},
		{"mode", tree{"x": file("\x00")}, tree{"x": executable("\x00")}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newPair(t, tt.before, tt.after)
			checkApplies(t, p)
			checkParses(t, p)
		})
	}
}

// Contents above each bound: deferred, streamed, left out.
func TestLargeContents(t *testing.T) {
	text := strings.Repeat("0123456789\n", smallContent/10)
	p := newPair(t, tree{"a": file("1\n"), "text": file(text)}, tree{"a": file("2\n"), "text": file(text + "1\n"), "z": file("1\n")})
	for name, size := range map[string]int64{"streamed": textLimit + 3, "too large": patchLimit + 1} {
		path := filepath.Join(p.after, name)
		if err := os.WriteFile(path, []byte("x"), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(path, size); err != nil {
			t.Fatal(err)
		}
	}
	p.compare(t)
	patch := p.write(t, Options{})
	want := `# cofferdam: "too large" has 536870913 bytes, more than a patch can hold` + "\n"
	if !strings.Contains(string(patch), want) {
		t.Errorf("patch lacks %q", want)
	}
	if err := os.Remove(filepath.Join(p.after, "too large")); err != nil {
		t.Fatal(err)
	}
	p.compare(t)
	checkApplies(t, p)
}
